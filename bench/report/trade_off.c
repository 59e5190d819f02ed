#include "bench/report/trade_off.h"

#include <stdlib.h>
#include <string.h>

#include "bench/report/focus.h"

static int make_room(struct qn_trade_off *f, size_t n)
{
    memset(f, 0, sizeof(*f));
    f->lines = calloc(n, sizeof(*f->lines));
    f->x = calloc(n, sizeof(*f->x));
    f->y = calloc(n, sizeof(*f->y));
    f->theory = calloc(n, sizeof(*f->theory));
    f->trades = calloc(n, sizeof(*f->trades));
    return f->lines && f->x && f->y && f->theory && f->trades ? QN_OK : QN_ENOMEM;
}

int qn_trade_off_of(const struct qn_tables *t, const struct qn_scene *g, const char *metric,
                    struct qn_trade_off *out)
{
    size_t rate = qn_picture_rate(g);
    int rc = make_room(out, g->n_lines);

    if (rc != QN_OK) {
        qn_trade_off_fini(out);
        return rc;
    }
    for (size_t i = 0; i < g->n_lines; i++) {
        size_t cell = qn_tables_cell(t, g, i, rate), n = out->n;
        const struct qn_summary_row *x, *y;

        if (cell == SIZE_MAX || !(x = qn_tables_find(t, cell, metric, "failed")) ||
            !(y = qn_tables_find(t, cell, "wasted", "failed")))
            continue;
        out->lines[n] = i;
        out->x[n] = &x->p50;
        out->y[n] = &y->mean;
        out->theory[n] = qn_tables_find(t, cell, "theory_wasted", "failed");
        out->trades[n] =
            (struct qn_trade){.x = x->p50.value,
                              .y = y->mean.value,
                              .is_eligible = qn_picture_is_candidate(&t->plan.cells[cell])};
        out->n++;
    }
    qn_curve_trade_off(out->trades, out->n);
    return QN_OK;
}

void qn_trade_off_fini(struct qn_trade_off *f)
{
    free(f->trades);
    free(f->theory);
    free(f->y);
    free(f->x);
    free(f->lines);
    memset(f, 0, sizeof(*f));
}
