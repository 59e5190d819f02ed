#include "bench/fanouts/durations.h"

#include "bench/base/cause.h"
#include "bench/base/csv.h"
#include "bench/base/replace.h"
#include "bench/folder/files.h"
#include "runtime/err.h"

static void write_worker(const struct qn_fanout *call, const struct qn_fanout_worker *w, FILE *file)
{
    if (w->outcome != QN_FANOUT_OK && w->outcome != QN_FANOUT_FAILED)
        return;
    qn_csv_put_text(file, call->strategy);
    putc(',', file);
    qn_csv_put_text(file, call->workload);
    fprintf(file, ",%llu,%d\n", (unsigned long long)(w->stop_ns - w->begin_ns),
            w->outcome == QN_FANOUT_FAILED);
}

int qn_durations_write(const char *dir, const struct qn_fanouts *list)
{
    static const char *const columns[] = {"strategy", "workload", "duration_ns", "failed"};
    struct qn_replace replace;

    if (qn_replace_begin(&replace, dir, QN_DURATIONS_NAME) != QN_OK)
        return qn_complain_of_file(dir, QN_DURATIONS_NAME);
    qn_csv_put_header(replace.file, columns, QN_ARRAY_LEN(columns));
    for (size_t i = 0; i < list->n; i++)
        for (uint32_t k = 0; k < list->calls[i].n_begun; k++)
            write_worker(&list->calls[i], &list->calls[i].workers[k], replace.file);
    return qn_replace_end(&replace, true) == QN_OK ? QN_OK
                                                   : qn_complain_of_file(dir, QN_DURATIONS_NAME);
}
