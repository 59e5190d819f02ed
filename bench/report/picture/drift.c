#include <math.h>
#include <stdlib.h>

#include "bench/report/drift.h"
#include "bench/report/picture/fill.h"
#include "bench/schema/marks.h"

/* What a panel's axis leaves out: one process that was held up would flatten all others. */
struct reach {
    double most_shown; /* INFINITY: everything */
    double most;
    size_t n_beyond;
};

static double value_of(const struct qn_drift_point *p, bool of_calls)
{
    return of_calls ? p->calls : p->quantum;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* The axis ends at twice what 90 of 100 stay below. */
static int find_reach(const struct qn_drift *d, bool of_calls, struct reach *out)
{
    double *values = calloc(d->n + 1, sizeof(*values));
    size_t n = 0;

    if (!values)
        return QN_ENOMEM;
    for (size_t i = 0; i < d->n; i++)
        if (isfinite(value_of(&d->points[i], of_calls)))
            values[n++] = value_of(&d->points[i], of_calls);
    qsort(values, n, sizeof(*values), by_value);
    *out = (struct reach){.most_shown = INFINITY, .most = n ? values[n - 1] : NAN};
    if (n > 0)
        out->most_shown = 2 * values[(n - 1) * 9 / 10];
    for (size_t i = 0; i < n; i++)
        out->n_beyond += values[i] > out->most_shown;
    free(values);
    return QN_OK;
}

/* A panel's variables; their names end in its number. */
static void tell_reach(struct qn_gnuplot *c, int panel, const struct reach *r)
{
    const struct {
        const char *name;
        double value;
    } variables[] = {{"reach", r->n_beyond ? r->most_shown : 0},
                     {"beyond", (double)r->n_beyond},
                     {"most", isfinite(r->most) ? r->most : 0}};
    char name[32];

    for (size_t i = 0; i < QN_ARRAY_LEN(variables); i++) {
        snprintf(name, sizeof(name), "%s%d", variables[i].name, panel);
        qn_gnuplot_number(c, name, variables[i].value);
    }
}

/* Blocks of the file: quantum, quantum of marked ones, calls, calls of marked ones; what is beyond
 * the axis is drawn at its end. */
static void write_points(FILE *f, const struct qn_drift *d, const struct reach reach[2],
                         size_t *n_calls)
{
    for (int kind = 0; kind < 4; kind++) {
        fputs("NaN NaN 0\n", f); /* gnuplot doesn't count an empty block */
        for (size_t i = 0; i < d->n; i++) {
            const struct qn_drift_point *p = &d->points[i];
            double value = value_of(p, kind >= 2);

            if (isnan(value) || (p->mark[0] != '\0') != (kind % 2))
                continue;
            fprintf(f, "%.9g %.6g %d\n", p->at, fmin(value, reach[kind / 2].most_shown),
                    value > reach[kind / 2].most_shown);
            *n_calls += kind >= 2;
        }
        fputs("\n\n", f);
    }
}

static void tell(struct qn_gnuplot *c, const struct qn_drift *d, const struct reach reach[2],
                 bool has_calls)
{
    qn_gnuplot_text(c, "xlabel",
                    d->is_timed ? "seconds since the run began" : "position in the run's order");
    qn_gnuplot_number(c, "xlo", d->points[0].at);
    qn_gnuplot_number(c, "xhi", d->points[d->n - 1].at);
    qn_gnuplot_number(c, "n_panels", has_calls ? 2 : 1);
    qn_gnuplot_number(c, "n_marked", (double)d->n_marked);
    tell_reach(c, 0, &reach[0]);
    tell_reach(c, 1, &reach[1]);
    qn_gnuplot_number(c, "limit", qn_block_limits.drift);
    qn_gnuplot_number(c, "calibrated", isnan(d->calibrated) ? 0 : d->calibrated);
}

int qn_fill_drift(const struct qn_tables *t, const struct qn_scene *g, const struct qn_picture *p,
                  struct qn_canvas *c)
{
    struct qn_drift d;
    struct reach reach[2];
    size_t n_calls = 0;
    int rc = qn_drift_of(t, &d);

    (void)g;
    (void)p;
    if (rc != QN_OK)
        return rc;
    for (int of_calls = 0; of_calls < 2 && rc == QN_OK; of_calls++)
        rc = find_reach(&d, of_calls, &reach[of_calls]);
    if (rc == QN_OK && d.n > 0) {
        write_points(c->data, &d, reach, &n_calls);
        tell(&c->call, &d, reach, n_calls > 0);
        c->is_drawn = true;
    }
    qn_drift_fini(&d);
    return rc;
}
