#include "bench/peer/inspect.h"

#include <stdio.h>
#include <string.h>

#include "bench/base/apart.h"
#include "bench/base/grace.h"
#include "bench/base/text.h"
#include "bench/peer/own.h"
#include "runtime/err.h"

#define COPY(to, from) qn_text_copy(to, sizeof(to), from)

static int take(const struct quench_peer *p, struct qn_peer_facts *out, char *why)
{
    COPY(out->name, p->name);
    COPY(out->summary, p->summary);
    COPY(out->library, p->library);
    COPY(out->licence, p->licence);
    COPY(out->reach, p->reach);
    COPY(out->version, p->version ? p->version() : NULL);
    out->version[strcspn(out->version, "\r\n")] = '\0';
    if (!qn_module_is_line(out->version)) {
        snprintf(why, QN_MODULE_WHY_BYTES, "peer %s: its version must be a line of UTF-8", p->name);
        return QN_EINVAL;
    }
    out->flags = p->flags;
    for (const char *const *e = p->env; e && *e; e++) {
        if (strlen(out->env) + strlen(*e) + 2 > sizeof(out->env)) {
            snprintf(why, QN_MODULE_WHY_BYTES, "peer %s: its environment has more than %zu bytes",
                     p->name, sizeof(out->env));
            return QN_EINVAL;
        }
        qn_text_add(out->env, sizeof(out->env), "%s%s", *out->env ? " " : "", *e);
    }
    return QN_OK;
}

static void take_own(const struct qn_strategy *s, struct qn_peer_facts *out)
{
    COPY(out->name, s->name);
    COPY(out->summary, s->summary);
    COPY(out->library, s->source);
    COPY(out->kinds_reason, s->kinds_reason);
    out->is_strategy = true;
    out->flags = s->flags;
    out->canceller = s->canceller;
    out->kinds = s->kinds;
}

/* Takes the i-th of either kind. QN_ENOENT: there are no more. */
static int take_next(const struct qn_module *module, uint32_t i, struct qn_peer_facts *out,
                     char *why)
{
    const struct qn_strategy *own;
    struct quench_peer peer;
    int rc = module->peers ? qn_module_peer(module->peers, i, &peer, why)
                           : qn_own_strategy(module->strategies, i, &own, why);

    if (rc == QN_OK && module->peers)
        return take(&peer, out, why);
    if (rc == QN_OK)
        take_own(own, out);
    return rc;
}

/* In the child. */
static void inspect(const void *path, void *found)
{
    struct qn_module_facts *out = found;
    struct qn_module module;
    int rc = qn_module_load(path, &module, out->why);
    const char *what = module.peers ? "peers" : "strategies";

    while (rc == QN_OK) {
        struct qn_peer_facts *facts = &out->peers[out->n];

        rc = take_next(&module, out->n, facts, out->why);
        for (uint32_t i = 0; i < out->n && rc == QN_OK; i++)
            if (strcmp(out->peers[i].name, facts->name) == 0) {
                snprintf(out->why, sizeof(out->why), "has two %s named '%s'", what, facts->name);
                rc = QN_EINVAL;
            }
        out->n += rc == QN_OK;
    }
    if (rc == QN_ENOENT && out->n == 0)
        snprintf(out->why, sizeof(out->why), "has no %s", what);
}

int qn_module_inspect(const char *path, struct qn_module_facts *out)
{
    char end[QN_APART_WHY_BYTES];
    int rc = qn_apart_run(inspect, path, out, sizeof(*out), qn_grace_ns(), end);

    if (rc == QN_EINVAL)
        snprintf(out->why, sizeof(out->why), "%s while it was inspected", end);
    else if (rc == QN_OK && out->why[0])
        rc = QN_EINVAL;
    return rc;
}
