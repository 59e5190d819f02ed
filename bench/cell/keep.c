#include "bench/cell/keep.h"

#include <stdlib.h>
#include <string.h>

int qn_kept_init(struct qn_kept *k, const struct qn_order *o, uint32_t pictured)
{
    uint32_t workers = o->workload.workers;
    size_t bytes;

    *k = (struct qn_kept){
        .n_workers = workers < QN_TIMELINE_ROWS ? workers : QN_TIMELINE_ROWS,
        .pictured = pictured,
        .has_all = (uint64_t)o->n_trials * workers <= QN_KEPT_ROWS,
    };
    if (o->workload.arrival != QN_ARRIVAL_ISOLATED)
        return QN_OK; /* a stream still has its calls at the end */
    bytes = sizeof(*k->rows) * (k->has_all ? o->n_trials : 1) * k->n_workers;
    k->rows = malloc(bytes);
    if (!k->rows)
        return QN_ENOMEM;
    memset(k->rows, 0xff, bytes); /* calloc's pages would be faulted in while calls are measured */
    return QN_OK;
}

void qn_kept_fini(struct qn_kept *k)
{
    free(k->rows);
    k->rows = NULL;
}

void qn_kept_note(struct qn_kept *k, const struct qn_call *call, const struct qn_observed *observed,
                  uint32_t trial)
{
    struct qn_timeline_row *rows = k->rows;

    if (!k->has_all && trial != k->pictured)
        return;
    if (k->has_all)
        rows += (size_t)trial * k->n_workers;
    for (uint32_t i = 0; i < k->n_workers; i++)
        qn_figures_timeline(call, observed, trial, i, &rows[i]);
}

/* The trial of each exemplar; n_rows: none. */
static int choose(const struct qn_kept *k, struct qn_shared *s, bool has_all,
                  size_t chosen[QN_EXEMPLAR_COUNT])
{
    const struct qn_trial *rows = qn_shared_rows(s);
    double *distances = malloc((s->n_rows ? s->n_rows : 1) * sizeof(*distances));
    int rc = distances ? QN_OK : QN_ENOMEM;

    for (int i = 0; i < QN_EXEMPLAR_COUNT; i++)
        chosen[i] = SIZE_MAX;
    chosen[QN_EXEMPLAR_PICTURED] = k->pictured;
    if (has_all) {
        chosen[QN_EXEMPLAR_WORST] = qn_exemplar_worst(rows, s->n_rows);
        for (int i = QN_EXEMPLAR_TYPICAL; rc == QN_OK && i < QN_EXEMPLAR_COUNT; i++) {
            rc = qn_exemplar_distances(rows, s->n_rows, (enum qn_exemplar)i, distances);
            if (rc == QN_OK)
                chosen[i] = qn_exemplar_nearest(distances, s->n_rows);
        }
    }
    free(distances);
    return rc;
}

/* Appends one call's workers to those in shared. */
static void put(const struct qn_kept *k, const struct qn_stream *stream, size_t trial,
                enum qn_exemplar which, struct qn_shared *s)
{
    struct qn_timeline_row *to = qn_shared_timeline(s) + s->n_timeline;
    const struct qn_observed *observed = NULL;
    const struct qn_call *call = stream ? qn_stream_call(stream, (uint32_t)trial, &observed) : NULL;

    if (!call)
        memcpy(to, k->rows + (k->has_all ? trial * k->n_workers : 0), k->n_workers * sizeof(*to));
    for (uint32_t i = 0; i < k->n_workers; i++) {
        if (call)
            qn_figures_timeline(call, observed, (uint32_t)trial, i, &to[i]);
        to[i].kept_as = which;
    }
    s->n_timeline += k->n_workers;
}

int qn_kept_hand_over(const struct qn_kept *k, const struct qn_stream *stream, struct qn_shared *s)
{
    size_t chosen[QN_EXEMPLAR_COUNT];
    int rc = choose(k, s, stream || k->has_all, chosen);

    s->n_timeline = 0;
    for (int i = 0; rc == QN_OK && i < QN_EXEMPLAR_COUNT; i++) {
        bool is_there = chosen[i] < s->n_rows && s->n_timeline + k->n_workers <= QN_TIMELINE_ROWS;

        for (int j = 0; j < i; j++)
            is_there = is_there && chosen[j] != chosen[i];
        if (is_there)
            put(k, stream, chosen[i], (enum qn_exemplar)i, s);
    }
    return rc;
}
