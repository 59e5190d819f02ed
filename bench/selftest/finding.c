#include "bench/selftest/finding.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static struct qn_finding *add(struct qn_finding *out, size_t *n, char label, const char *by)
{
    struct qn_finding *a = &out[(*n)++];

    *a = (struct qn_finding){.label = label, .by = by};
    return a;
}

struct qn_effect qn_finding_effect(const struct qn_observation *reference,
                                   const struct qn_observation *cell,
                                   enum qn_observation_metric metric)
{
    double a[QN_OBSERVATION_PROCESSES], b[QN_OBSERVATION_PROCESSES];
    size_t n = 0;

    for (uint32_t i = 0; i < reference->n_processes && i < cell->n_processes; i++) {
        a[n] = reference->figures[metric][i];
        b[n] = cell->figures[metric][i];
        n += !isnan(a[n]) && !isnan(b[n]);
    }
    return qn_effect_paired(a, b, n, 0);
}

static void find_plain(const struct qn_observation *cell, struct qn_finding *out, size_t *n_out)
{
    if (cell->status == QN_STATUS_FAILED)
        snprintf(add(out, n_out, cell->label, "status")->text, QN_FINDING_TEXT_BYTES, "failed: %s",
                 cell->reason);
    if (cell->n_without_error > 0)
        snprintf(add(out, n_out, cell->label, "error_returned")->text, QN_FINDING_TEXT_BYTES,
                 "%" PRIu64 " of %" PRIu64 " failed calls returned no error", cell->n_without_error,
                 cell->n_failed_calls);
}

static void take_effect(const struct qn_observation *cell, int metric, const struct qn_effect *e,
                        double p, double level, struct qn_finding *out, size_t *n_out)
{
    struct qn_finding *a;

    if (isnan(p) || qn_effect_judge(e, p, level, false) == QN_EFFECT_NONE)
        return;
    a = add(out, n_out, cell->label, qn_observation_metrics[metric].info->name);
    a->effect = *e;
    a->p = p;
    snprintf(a->text, sizeof(a->text), "ratio %.3f [%.3f, %.3f]", e->ratio, e->lo, e->hi);
}

int qn_finding_all(const struct qn_observation *reference, const struct qn_observation *cells,
                   size_t n, double level, struct qn_finding *out, size_t *n_out)
{
    size_t n_effects = n * QN_OBSERVATION_COUNT;
    struct qn_effect *effects = calloc(n_effects + 1, sizeof(*effects));
    double *p = calloc(n_effects + 1, sizeof(*p));
    int rc = effects && p ? QN_OK : QN_ENOMEM;

    *n_out = 0;
    for (size_t i = 0; rc == QN_OK && i < n_effects; i++) {
        const struct qn_observation *cell = &cells[i / QN_OBSERVATION_COUNT];

        effects[i] = qn_finding_effect(reference, cell,
                                       (enum qn_observation_metric)(i % QN_OBSERVATION_COUNT));
        p[i] = cell->status == QN_STATUS_FAILED || !effects[i].has_interval ? NAN : effects[i].p;
    }
    if (rc == QN_OK)
        rc = qn_effect_holm(p, n_effects, p);
    for (size_t i = 0; rc == QN_OK && i < n_effects; i++) {
        const struct qn_observation *cell = &cells[i / QN_OBSERVATION_COUNT];
        int metric = (int)(i % QN_OBSERVATION_COUNT);

        if (metric == 0)
            find_plain(cell, out, n_out);
        take_effect(cell, metric, &effects[i], p[i], level, out, n_out);
    }
    free(p);
    free(effects);
    return rc;
}
