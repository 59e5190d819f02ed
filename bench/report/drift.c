#include "bench/report/drift.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/folder/manifest.h"
#include "bench/folder/writer.h"
#include "bench/report/focus.h"
#include "bench/report/values.h"
#include "runtime/kernel.h"

/* What a quantum took when it was calibrated, from the manifest; nominal where that says nothing.
 */
static double calibrated_ns(const char *dir)
{
    cJSON *root = qn_manifest_read(dir);
    double ns = qn_manifest_number(root, QN_MANIFEST_MEASURED_NS);

    cJSON_Delete(root);
    return ns > 0 ? ns : NAN;
}

static int by_time(const void *a, const void *b)
{
    const struct qn_drift_point *x = a, *y = b;

    return (x->at > y->at) - (x->at < y->at);
}

static size_t block_of(const struct qn_tables *t, size_t cell, int64_t process)
{
    size_t i = 0;

    while (i < t->n_blocks && (t->blocks[i].cell != cell || t->blocks[i].process != process))
        i++;
    return i;
}

/* Gives the points of a base cell's blocks their medians over the mean of them. Points stand in the
 * order of the blocks. */
static int add_calls(const struct qn_tables *t, size_t cell, struct qn_drift *d)
{
    static const struct qn_metric_of_calls return_at = {&qn_metrics[QN_METRIC_RETURN_AT], false};
    struct qn_values all;
    double sum = 0;
    size_t n = 0;
    int rc = qn_values_of(t, cell, &return_at, &all);

    if (rc != QN_OK)
        return rc;
    for (size_t p = 0, from = 0; p < all.n_processes; from = all.ends[p], p++, n++)
        sum += qn_stat_median(all.v + from, all.ends[p] - from);
    for (size_t p = 0, from = 0; p < all.n_processes; from = all.ends[p], p++) {
        size_t block = block_of(t, cell, all.process[p]);

        if (block < d->n && sum > 0)
            d->points[block].calls =
                qn_stat_median(all.v + from, all.ends[p] - from) / (sum / (double)n);
    }
    qn_values_fini(&all);
    return QN_OK;
}

static int add_all_calls(const struct qn_tables *t, struct qn_drift *d)
{
    int rc = QN_OK;

    for (size_t g = 0; g < t->n_scenes; g++) {
        const struct qn_scene *scene = &t->scenes[g];
        size_t base = qn_picture_base(t, scene);

        for (size_t r = 0; base < scene->n_lines && r < scene->n_rates && rc == QN_OK; r++)
            rc = add_calls(t, qn_tables_cell(t, scene, base, r), d);
    }
    return rc;
}

int qn_drift_of(const struct qn_tables *t, struct qn_drift *out)
{
    int rc;

    memset(out, 0, sizeof(*out));
    out->points = calloc(t->n_blocks + 1, sizeof(*out->points));
    if (!out->points)
        return QN_ENOMEM;
    out->calibrated = calibrated_ns(t->dir) / QN_QUANTUM_NS;
    out->is_timed = t->n_blocks > 0;
    for (size_t i = 0; i < t->n_blocks; i++)
        out->is_timed = out->is_timed && !isnan(t->blocks[i].began_s);
    for (size_t i = 0; i < t->n_blocks; i++) {
        const struct qn_block_row *b = &t->blocks[i];

        out->points[i] = (struct qn_drift_point){.at = out->is_timed ? b->began_s : b->order,
                                                 .quantum = b->quantum_ns / QN_QUANTUM_NS,
                                                 .calls = NAN,
                                                 .mark = b->mark};
        out->n_marked += b->mark[0] != '\0';
    }
    out->n = t->n_blocks;
    rc = add_all_calls(t, out);
    if (rc != QN_OK) {
        qn_drift_fini(out);
        return rc;
    }
    qsort(out->points, out->n, sizeof(*out->points), by_time);
    return QN_OK;
}

void qn_drift_fini(struct qn_drift *d)
{
    free(d->points);
    memset(d, 0, sizeof(*d));
}

int qn_drift_third(const struct qn_drift *d, bool of_calls, bool last, struct qn_estimate *out)
{
    double *values = calloc(d->n + 1, sizeof(*values));
    size_t n = 0, third;

    *out = (struct qn_estimate){.value = NAN};
    if (!values)
        return QN_ENOMEM;
    for (size_t i = 0; i < d->n; i++) {
        double value = of_calls ? d->points[i].calls : d->points[i].quantum;

        if (!isnan(value))
            values[n++] = value;
    }
    third = n / 3;
    if (third > 0)
        *out = qn_stat_within(qn_stat_mean_interval(last ? values + n - third : values, third),
                              qn_range_not_negative);
    free(values);
    return QN_OK;
}
