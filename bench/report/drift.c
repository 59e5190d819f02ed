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

/* The calibrated length of a quantum, from the manifest; nominal if that doesn't say. */
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

/* The index of a process among those of the values, which are sorted; n_processes: not there. */
static size_t place_of(const struct qn_values *v, int64_t process)
{
    size_t from = 0, to = v->n_processes;

    while (from < to) {
        size_t middle = from + (to - from) / 2;

        if (v->process[middle] < process)
            from = middle + 1;
        else
            to = middle;
    }
    return from < v->n_processes && v->process[from] == process ? from : v->n_processes;
}

static double median_of(const struct qn_values *v, size_t process)
{
    size_t from = process == 0 ? 0 : v->ends[process - 1];

    return qn_stat_median(v->v + from, v->ends[process] - from);
}

/* Gives the points of a base cell's blocks their medians divided by the mean of those. Points are
 * in the order of the blocks. */
static int add_calls(const struct qn_tables *t, size_t cell, struct qn_drift *d)
{
    static const struct qn_metric_of_calls return_at = {&qn_metrics[QN_METRIC_RETURN_AT], false};
    struct qn_values all;
    double sum = 0;
    int rc = qn_values_of(t, cell, &return_at, &all);

    if (rc != QN_OK)
        return rc;
    for (size_t p = 0; p < all.n_processes; p++)
        sum += median_of(&all, p);
    for (size_t i = 0; i < d->n && sum > 0; i++) {
        size_t p =
            t->blocks[i].cell == cell ? place_of(&all, t->blocks[i].process) : all.n_processes;

        if (p < all.n_processes)
            d->points[i].calls = median_of(&all, p) / (sum / (double)all.n_processes);
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
