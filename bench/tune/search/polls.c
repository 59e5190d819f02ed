#include "bench/tune/search/polls.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/theory/cell.h"
#include "bench/theory/models.h"
#include "bench/tune/search/floors.h"
#include "bench/tune/search/sweeps.h"
#include "bench/workload/poll.h"
#include "bench/workload/service.h"

/* The base of throughput: a candidate that does not cancel, else the floor. */
static const struct qn_candidate *find_base(const struct qn_tune *t, size_t polling)
{
    const struct qn_candidates *c = &t->candidates;
    size_t base = qn_tune_base(t, polling);

    return base != SIZE_MAX ? &c->list[base] : qn_floor_of(c, &c->list[polling]);
}

/* The pairs of overhead, with another base, give throughputs. */
static struct qn_estimate throughput_of(const struct qn_tune *t, const struct qn_candidate *x,
                                        const struct qn_candidate *base)
{
    const struct qn_candidates *c = &t->candidates;
    static const struct qn_tune_metric overhead = {.info = &qn_metrics[QN_METRIC_OVERHEAD],
                                                   .statistic = QN_STATISTIC_P50};
    size_t n_processes = qn_tune_data_next(&t->data, x->cells[c->without_failure]), n = 0;
    double *values = t->data.figures;
    struct qn_estimate e = {.value = NAN};

    for (size_t p = 0; base && p < n_processes; p++) {
        struct qn_process_calls calls = qn_tune_calls(&t->data, c, x, c->without_failure, p);
        struct qn_weighed pairs = t->data.scratch;

        calls.floor = qn_tune_calls(&t->data, c, base, c->without_failure, p).calls;
        if (qn_tune_metric_values(&overhead, &calls, &pairs) > 0)
            values[n++] = 1 / (1 + qn_tune_metric_take(&overhead, &pairs));
    }
    if (n > 0)
        e = qn_stat_within(qn_stat_mean_interval(values, n), qn_range_not_negative);
    return e;
}

/* Work between two polls. */
struct gap {
    double mean_ns,
        v2; /* v2: squared coefficient of variation of an item; 0 if polls are counted in time */
    double n_items;
};

static struct gap gap_of(const struct qn_cell *cell)
{
    const struct qn_workload *w = &cell->workload;
    struct gap gap = {.mean_ns = (double)qn_poll_ns(w->poll_quanta), .n_items = 1};
    double mean_ns;

    if (cell->policy_values.stride != QN_STRIDE_ITEMS)
        return gap;
    qn_service_moments(&w->item, &mean_ns, &gap.v2);
    gap.n_items = qn_workload_items_a_poll(w);
    gap.mean_ns = gap.n_items * mean_ns;
    return gap;
}

/* A failure is more likely to fall into a long gap. */
static bool is_short(const struct gap *gap, double x)
{
    return gap->mean_ns * (1 + gap->v2 / gap->n_items) <= x / 2;
}

void qn_polls_forms(const struct qn_cell *cell, struct qn_poll_row *row)
{
    const struct qn_workload *w = &cell->workload;
    const struct gap gap = gap_of(cell);
    double x, cv2, tau = gap.mean_ns, p = w->failure_rate, fails, delta = 0;
    bool raises = cell->policy_values.canceller == QN_CANCELLER_WORKER;

    row->form_throughput = row->form_stop = row->form_wasted = row->form_polling = NAN;
    if (w->kind != QN_KIND_CPU)
        return;
    row->form_throughput = 1 / (1 + (double)w->poll_cost_ns / tau);
    qn_service_moments(&w->service, &x, &cv2);
    if (!(p > 0 && p < 1) || w->failure_at != QN_FAIL_AT_END || !isfinite(x) ||
        !is_short(&gap, x) || w->tree_depth > 0)
        return;
    fails = qn_model_call_fails(w->workers, p);
    row->form_wasted =
        fails *
        (cell->policy_values.stride == QN_STRIDE_ITEMS
             ? qn_model_waste_stride_items(w->workers, w->threads, p, tau, gap.v2, gap.n_items, 0)
         : raises ? qn_model_waste_worker_raises(w->workers, w->threads, p, tau, delta)
                  : qn_model_waste_caller_raises(w->workers, w->threads, p, tau, delta));
    row->form_wasted /= w->service.scale;
    row->form_stop = qn_model_stop_latency(w->workers, w->threads, p, tau, delta);
    if (w->service.type == QN_SERVICE_EXP)
        row->form_polling =
            (double)w->poll_cost_ns / tau *
            (fails * w->threads * qn_model_error_at_exp(w->workers, w->threads, p, x) +
             (1 - fails) * w->workers * x) /
            w->service.scale;
}

static void fill(const struct qn_tune *t, const struct qn_candidate *base, struct qn_poll_row *row)
{
    const struct qn_candidates *c = &t->candidates;
    const struct qn_candidate *x = &c->list[row->candidate];

    row->n_processes = qn_tune_data_next(&t->data, x->cells[c->rate]);
    row->throughput = throughput_of(t, x, base);
    row->overhead = qn_tune_estimate_named(&t->data, c, x, c->rate, "overhead_p50");
    row->stop = qn_tune_estimate_named(&t->data, c, x, c->rate, "stop_latency_p50");
    row->wasted = qn_tune_estimate_named(&t->data, c, x, c->rate, "wasted_mean");
    row->polling = qn_tune_estimate_named(&t->data, c, x, c->rate, "polling_mean");
    row->cost = qn_tune_cost(&t->data, c, x, c->rate, &t->request.objective);
    qn_polls_forms(x->cell, row);
}

/* Polling less often can't cost more, so violations are due to noise and are levelled: isotonic
 * regression by pool adjacent violators (Ayer et al., Ann. Math. Statist. 26, 1955). n values, in
 * place; sizes: room for n. */
static void level(double *values, size_t *sizes, size_t n)
{
    size_t n_blocks = 0;

    for (size_t i = 0; i < n; i++) {
        values[n_blocks] = values[i];
        sizes[n_blocks++] = 1;
        while (n_blocks > 1 && values[n_blocks - 2] > values[n_blocks - 1]) {
            size_t a = sizes[n_blocks - 2], b = sizes[n_blocks - 1];

            values[n_blocks - 2] =
                (values[n_blocks - 2] * (double)a + values[n_blocks - 1] * (double)b) /
                (double)(a + b);
            sizes[n_blocks - 2] = a + b;
            n_blocks--;
        }
    }
    for (size_t i = n; n_blocks > 0;
         n_blocks--) /* from the end, so that blocks don't overwrite values still needed */
        for (size_t k = sizes[n_blocks - 1]; k > 0; k--)
            values[--i] = values[n_blocks - 1];
}

size_t qn_polls_finest(const double *throughputs, size_t n)
{
    double values[QN_MAX_POLL_ROWS];
    size_t sizes[QN_MAX_POLL_ROWS], at[QN_MAX_POLL_ROWS], n_values = 0;

    for (size_t i = 0; i < n && n_values < QN_MAX_POLL_ROWS; i++)
        if (!isnan(throughputs[i])) {
            at[n_values] = i;
            values[n_values++] = throughputs[i];
        }
    level(values, sizes, n_values);
    for (size_t i = 0; i < n_values; i++)
        if (values[i] >= QN_EFFECTIVE_SHARE)
            return at[i];
    return n;
}

static size_t find_finest(const struct qn_polls *p)
{
    double throughputs[QN_MAX_POLL_ROWS];
    size_t n = p->n < QN_MAX_POLL_ROWS ? p->n : QN_MAX_POLL_ROWS, found;

    for (size_t i = 0; i < n; i++)
        throughputs[i] = p->rows[i].throughput.value;
    found = qn_polls_finest(throughputs, n);
    return found < n ? found : p->n;
}

int qn_polls_make(const struct qn_tune *t, struct qn_polls *out)
{
    const struct qn_candidates *c = &t->candidates;
    const struct qn_candidate *base;

    memset(out, 0, sizeof(*out));
    out->family = qn_tune_polling(t);
    out->best_ns = NAN;
    base = out->family != SIZE_MAX ? find_base(t, out->family) : NULL;
    out->base = base ? base->cell->strategy : NULL;
    if (out->family == SIZE_MAX || c->n_polls < 2 || t->request.is_race_only)
        return QN_OK;
    out->rows = calloc(c->n_polls, sizeof(*out->rows));
    if (!out->rows)
        return QN_ENOMEM;
    for (size_t poll = 0; poll < c->n_polls; poll++) {
        size_t family = qn_tune_sibling_at(t, out->family, poll);

        if (family == SIZE_MAX || qn_tune_data_next(&t->data, c->list[family].cells[c->rate]) == 0)
            continue;
        out->rows[out->n] =
            (struct qn_poll_row){.poll_quanta = c->polls_quanta[poll], .candidate = family};
        fill(t, base, &out->rows[out->n++]);
    }
    out->best_ns = qn_theory_best_poll(c->list[out->family].cell, c->rates[c->rate]);
    out->finest = find_finest(out);
    return QN_OK;
}

void qn_polls_fini(struct qn_polls *p)
{
    free(p->rows);
    memset(p, 0, sizeof(*p));
}
