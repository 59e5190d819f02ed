#include "bench/cell/own.h"

#include <stdio.h>
#include <string.h>

#include "bench/own/module.h"

static bool is_own(const struct qn_shared *s)
{
    return s->order.workload.kind == QN_KIND_OWN;
}

static int refuse(struct qn_shared *s, const char *why)
{
    snprintf(s->reason, sizeof(s->reason), "work %.32s: %.100s", s->order.workload.own.name, why);
    return QN_EWORK;
}

int qn_cell_own_open(struct qn_shared *s, struct qn_own *own)
{
    struct qn_work_module module;
    char why[QN_MODULE_WHY_BYTES];
    int error;

    if (!is_own(s))
        return QN_OK;
    if (qn_work_load(s->order.work_file, &module, why) != QN_OK ||
        qn_work_find(&module, s->order.workload.own.name, &own->kind, why) != QN_OK)
        return refuse(s, why);
    error = own->kind.open(&own->work);
    if (error == 0)
        return QN_OK;
    snprintf(why, sizeof(why), "open() failed: %s", strerror(error));
    return refuse(s, why);
}

struct qn_own *qn_cell_own(const struct qn_shared *s, struct qn_own *own)
{
    return is_own(s) ? own : NULL;
}

void qn_cell_own_say_failed(struct qn_shared *s, const struct qn_own *own)
{
    char why[QN_MODULE_WHY_BYTES];

    snprintf(why, sizeof(why), "start() failed, which makes the call void: %s",
             strerror(atomic_load(&own->start_error)));
    (void)refuse(s, why);
}

void qn_cell_own_close(const struct qn_shared *s, struct qn_own *own)
{
    if (is_own(s) && own->kind.close)
        own->kind.close(own->work);
}
