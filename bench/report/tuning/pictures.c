#include "bench/report/tuning/pictures.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/complain.h"
#include "bench/report/canvas.h"
#include "bench/stats/curves.h"

#define PATH_BYTES 4096
#define US 1e3
#define PERCENT 0.01

struct qn_estimate qn_tune_estimate_at(const struct qn_text_table *s, size_t row,
                                       const char *column, const char *stem)
{
    char name[64];
    struct qn_estimate e = {.value = qn_text_table_number(s, row, column)};

    snprintf(name, sizeof(name), "%s_lo", stem);
    e.lo = qn_text_table_number(s, row, name);
    snprintf(name, sizeof(name), "%s_hi", stem);
    e.hi = qn_text_table_number(s, row, name);
    e.has_interval = !isnan(e.lo) && !isnan(e.hi);
    return e;
}

static bool is_one(const struct qn_text_table *s, size_t row, const char *column)
{
    return strcmp(qn_text_table_text(s, row, column), "1") == 0;
}

/* The first row of a candidate, starting at `from`; n_rows: none. */
static size_t next_of(const struct qn_text_table *s, const char *candidate, size_t from)
{
    while (from < s->n_rows && strcmp(qn_text_table_text(s, from, "candidate"), candidate) != 0)
        from++;
    return from;
}

/* The candidate of a row, or NULL if an earlier row has it too. */
static const char *new_candidate(const struct qn_text_table *s, size_t row)
{
    const char *candidate = qn_text_table_text(s, row, "candidate");

    return next_of(s, candidate, 0) == row ? candidate : NULL;
}

/* Labels the cost axis. Returns the unit of its numbers. */
static double tell_cost(const struct qn_tune_tables *t, struct qn_canvas *c)
{
    bool is_known = t->candidates.n_rows > 0;
    const char *unit = is_known ? qn_text_table_text(&t->candidates, 0, "cost_unit") : "cost";
    bool is_time = strcmp(unit, "ns") == 0, is_bytes = strcmp(unit, "bytes") == 0;

    qn_gnuplot_text(&c->call, "ylabel", "%s",
                    is_time    ? "cost per call, µs"
                    : is_bytes ? "bytes, KiB"
                               : unit);
    return is_time ? US : is_bytes ? 1024 : 1;
}

static bool is_chosen(const char *outcome)
{
    return strcmp(outcome, "recommended") == 0 || strcmp(outcome, "provisional") == 0;
}

/* The search. */

/* The style of a candidate's line: dropped (0), left at the end (1), recommended (2). */
static int kind_of(const struct qn_tune_tables *t, const char *candidate)
{
    size_t row = next_of(&t->candidates, candidate, 0);
    const char *outcome =
        row < t->candidates.n_rows ? qn_text_table_text(&t->candidates, row, "outcome") : "";

    return is_chosen(outcome)                                                  ? 2
           : strcmp(outcome, "tied") == 0 || strcmp(outcome, "undecided") == 0 ? 1
                                                                               : 0;
}

static int fill_search(const struct qn_tune_tables *t, struct qn_canvas *c)
{
    const struct qn_text_table *s = &t->table;
    struct qn_extent y = {.lo = INFINITY};
    double unit = tell_cost(t, c), last = 0;
    size_t n = 0;

    for (size_t i = 0; i < s->n_rows; i++) {
        const char *candidate = new_candidate(s, i);

        if (!candidate)
            continue;
        n++;
        qn_gnuplot_add(&c->call, "kinds", " ", "%d", kind_of(t, candidate));
        for (size_t j = i; j < s->n_rows; j = next_of(s, candidate, j + 1)) {
            double cost = qn_text_table_number(s, j, "cost");

            qn_extent_add_value(&y, cost);
            last = fmax(last, qn_text_table_number(s, j, "round"));
            fprintf(c->data, "%s", qn_text_table_text(s, j, "round"));
            qn_axis_put(c->data, cost / unit);
            fprintf(c->data, " %d\n", strcmp(qn_text_table_text(s, j, "state"), "in") != 0);
        }
        fputs("\n\n", c->data);
    }
    qn_gnuplot_number(&c->call, "n", (double)n);
    qn_gnuplot_number(&c->call, "last", last);
    qn_axis_log(&c->call, "y", &y, unit);
    return QN_OK;
}

/* The trade-off. */

static void write_trades(const struct qn_text_table *s, FILE *f, struct qn_trade *trades,
                         struct qn_extent *x, struct qn_extent *y)
{
    for (size_t i = 0; i < s->n_rows; i++) {
        const struct qn_estimate latency =
            qn_tune_estimate_at(s, i, "return_latency_p50_ns", "return_latency_p50");
        const struct qn_estimate work =
            qn_tune_estimate_at(s, i, "work_for_nothing_ns", "work_for_nothing");

        qn_extent_add(x, &latency);
        qn_extent_add(y, &work);
        trades[i] = (struct qn_trade){latency.value, work.value, true, false};
        qn_axis_put_estimate(f, &latency, US);
        qn_axis_put_estimate(f, &work, US);
        fprintf(f, " %s %s %d \"%s\"\n", qn_text_table_text(s, i, "on_front"),
                qn_text_table_text(s, i, "unbeaten"),
                is_chosen(qn_text_table_text(s, i, "outcome")),
                qn_text_table_text(s, i, "candidate"));
    }
    fputs("\n\n", f);
}

static int fill_trade_off(const struct qn_tune_tables *t, struct qn_canvas *c)
{
    size_t n_rows = t->table.n_rows, n;
    struct qn_extent x = {.lo = INFINITY}, y = {.lo = INFINITY};
    struct qn_trade *trades = calloc(n_rows, sizeof(*trades));
    struct qn_point *steps = calloc(2 * n_rows + 2, sizeof(*steps));
    int rc = trades && steps ? QN_OK : QN_ENOMEM;

    if (rc == QN_OK) {
        write_trades(&t->table, c->data, trades, &x, &y);
        qn_curve_trade_off(trades, n_rows);
        /* far enough for the frontier to leave the picture */
        n = qn_curve_steps(trades, n_rows, (x.hi + US) * 1e3, (y.hi + US) * 1e3, steps);
        for (size_t i = 0; i < n; i++)
            fprintf(c->data, "%.9g %.9g\n", steps[i].x / US, steps[i].y / US);
        qn_axis_log(&c->call, "x", &x, US);
        qn_axis_log(&c->call, "y", &y, US);
    }
    free(steps);
    free(trades);
    return rc;
}

/* The poll interval. */

/* The axes of the three panels. */
struct polls {
    struct qn_extent share, stop, work;
};

static void write_poll(const struct qn_text_table *s, size_t i, FILE *f, struct polls *p)
{
    const struct qn_estimate throughput = qn_tune_estimate_at(s, i, "throughput", "throughput");
    const struct qn_estimate latency = qn_tune_estimate_at(s, i, "stop_latency_ns", "stop_latency");
    const struct qn_estimate wasted = qn_tune_estimate_at(s, i, "wasted_ns", "wasted");
    const struct qn_estimate polling = qn_tune_estimate_at(s, i, "polling_ns", "polling");
    double sum = wasted.value + polling.value;

    qn_extent_add_value(&p->share, throughput.value);
    qn_extent_add(&p->stop, &latency);
    qn_extent_add(&p->work, &wasted);
    if (polling.value > 0)
        qn_extent_add(&p->work, &polling);
    if (sum > 0)
        qn_extent_add_value(&p->work, sum);
    fprintf(f, "%.9g", qn_text_table_number(s, i, "poll_ns") / US);
    qn_axis_put_estimate(f, &throughput, PERCENT);
    qn_axis_put_estimate(f, &latency, US);
    qn_axis_put_estimate(f, &wasted, US);
    qn_axis_put_estimate(f, &polling, US);
    qn_axis_put(f, sum / US);
    qn_axis_put(f, qn_text_table_number(s, i, "form_throughput") / PERCENT);
    qn_axis_put(f, qn_text_table_number(s, i, "form_stop_latency_ns") / US);
    qn_axis_put(f, qn_text_table_number(s, i, "form_wasted_ns") / US);
    qn_axis_put(f, qn_text_table_number(s, i, "form_polling_ns") / US);
    putc('\n', f);
}

static int fill_polls(const struct qn_tune_tables *t, struct qn_canvas *c)
{
    const struct qn_text_table *s = &t->table;
    struct qn_extent x = {.lo = INFINITY};
    struct polls p = {{.lo = INFINITY}, {.lo = INFINITY}, {.lo = INFINITY}};
    double finest = NAN, best = qn_text_table_number(s, 0, "best_poll_ns") / US;

    for (size_t i = 0; i < s->n_rows; i++) {
        double poll = qn_text_table_number(s, i, "poll_ns");

        write_poll(s, i, c->data, &p);
        qn_extent_add_value(&x, poll);
        if (is_one(s, i, "finest_effective"))
            finest = poll / US;
    }
    qn_axis_log(&c->call, "x", &x, US);
    qn_gnuplot_number(&c->call, "tlo",
                      fmin(isfinite(p.share.lo) ? p.share.lo / PERCENT - 8 : 0, 80));
    qn_gnuplot_number(&c->call, "thi", fmax(p.share.hi / PERCENT + 8, 120));
    qn_axis_log(&c->call, "s", &p.stop, US);
    qn_axis_log(&c->call, "w", &p.work, US);
    qn_gnuplot_number(&c->call, "finest", isnan(finest) ? 0 : finest);
    qn_gnuplot_number(&c->call, "best", isnan(best) ? 0 : best);
    return QN_OK;
}

/* The failure rate. */

/* Writes the tics of the rates; 0 has a separate place. Returns the lowest place. */
static double tell_rates(const struct qn_text_table *s, struct qn_gnuplot *call)
{
    const char *candidate = qn_text_table_text(s, 0, "candidate");
    double least = INFINITY, highest = 0, place;

    for (size_t i = 0; i < s->n_rows; i++) {
        double rate = qn_text_table_number(s, i, "failure_rate");

        if (rate > 0)
            least = fmin(least, rate);
        highest = fmax(highest, rate);
    }
    place = isfinite(least) ? least / 4 : 1;
    for (size_t i = 0; i < s->n_rows; i = next_of(s, candidate, i + 1)) {
        double rate = qn_text_table_number(s, i, "failure_rate");

        qn_gnuplot_add(call, "tics", ", ", "'%.3g' %.9g", rate, rate > 0 ? rate : place);
    }
    qn_gnuplot_number(call, "xlo", place / 1.2);
    qn_gnuplot_number(call, "xhi", highest > 0 ? highest * 1.2 : 2);
    return place;
}

static int tell_crossings(const char *dir, double lowest, struct qn_gnuplot *call)
{
    struct qn_text_table s;
    size_t n = 0;
    int rc = qn_text_table_read(dir, "crossings.csv", &s);

    qn_gnuplot_text(call, "crossings", "%s", "");
    for (size_t i = 0; rc == QN_OK && i < s.n_rows; i++) {
        double rate = qn_text_table_number(&s, i, "failure_rate");

        if (!(rate > 0))
            continue;
        qn_gnuplot_add(call, "crossings", " ", "%.6g %.6g %.6g", fmax(rate, lowest),
                       fmax(qn_text_table_number(&s, i, "failure_rate_lo"), lowest),
                       fmax(qn_text_table_number(&s, i, "failure_rate_hi"), lowest));
        n++;
    }
    qn_gnuplot_number(call, "n_crossings", (double)n);
    if (rc == QN_OK)
        qn_text_table_fini(&s);
    return rc == QN_ENOMEM ? rc : QN_OK;
}

/* A candidate's strategy, from candidates.csv: it determines the look of its line. */
static const char *strategy_of(const struct qn_tune_tables *t, const char *candidate)
{
    size_t row = next_of(&t->candidates, candidate, 0);

    return row < t->candidates.n_rows ? qn_text_table_text(&t->candidates, row, "strategy")
                                      : candidate;
}

static int fill_rates(const struct qn_tune_tables *t, struct qn_canvas *c)
{
    const struct qn_text_table *s = &t->table;
    struct qn_extent y = {.lo = INFINITY};
    double unit = tell_cost(t, c), lowest = tell_rates(s, &c->call);

    for (size_t i = 0; i < s->n_rows; i++) {
        const char *candidate = new_candidate(s, i);

        if (!candidate)
            continue;
        qn_canvas_line(c, strategy_of(t, candidate), candidate);
        for (size_t j = i; j < s->n_rows; j = next_of(s, candidate, j + 1)) {
            const struct qn_estimate cost = qn_tune_estimate_at(s, j, "cost", "cost");
            double rate = qn_text_table_number(s, j, "failure_rate");

            qn_extent_add(&y, &cost);
            fprintf(c->data, "%.9g", rate > 0 ? rate : lowest);
            qn_axis_put_estimate(c->data, &cost, unit);
            fprintf(c->data, " %s\n", qn_text_table_text(s, j, "wins"));
        }
        fputs("\n\n", c->data);
    }
    qn_axis_log(&c->call, "y", &y, unit);
    return tell_crossings(c->dir, lowest, &c->call);
}

const struct qn_tune_picture qn_tune_pictures[] = {
    {"tune-search", "tune-search.gp", "rounds.csv", 1, fill_search, "The search",
     "each candidate's mean cost per call, against the number of processes",
     "A line ends where its candidate was dropped: its interval shows that it costs more than "
     "the leader, or that it breaks a bound."},
    {"tune-front", "tune-front.gp", "front.csv", 1, fill_trade_off, "What a quick return costs",
     "one mark per candidate, with 95 % intervals; grey steps: the Pareto front",
     "Only marks on the steps are a trade-off between time and work; anything to the right of "
     "and above them is worse in both."},
    {"tune-polls", "tune-polls.gp", "polls.csv", 2, fill_polls, "The poll interval",
     "measured, with 95 % intervals, and closed forms (dashed)",
     "As the interval grows, waste grows and polls cost less: their sum has a flat minimum at "
     "tau*. Below the finest effective interval, polling costs more than 5 % of the throughput."},
    {"tune-rates", "tune-rates.gp", "rates.csv", 1, fill_rates,
     "How the choice depends on the failure rate",
     "the best of each kind; vertical bands: where the cheapest changes",
     "Where two lines cross, the better choice changes; the band is the 95 % interval of that "
     "rate."},
};
const size_t qn_n_tune_pictures = QN_ARRAY_LEN(qn_tune_pictures);

/* Draws one picture, if its table exists. */
static int draw(const struct qn_tune_picture *p, struct qn_tune_tables *t, const char *dir)
{
    char path[PATH_BYTES];
    struct qn_canvas c;
    int rc;

    if (t->table.n_rows < p->least_rows)
        return QN_OK;
    snprintf(path, sizeof(path), "plots/%s", p->name);
    rc = qn_canvas_begin(&c, dir, path, false);
    if (rc == QN_OK) {
        qn_canvas_titles(&c, NULL, p->title, p->subtitle);
        c.is_drawn = true;
        rc = qn_canvas_end(&c, p->script, p->fill(t, &c));
    }
    if (c.error)
        qn_complain("%s/%s.dat: %s", dir, path, strerror(c.error));
    return rc;
}

/* Reads a table of the folder; without rows if it doesn't exist. */
static int read_table(const char *dir, const char *name, struct qn_text_table *out)
{
    int rc = qn_text_table_read(dir, name, out);

    if (rc == QN_OK)
        return QN_OK;
    *out = (struct qn_text_table){.n_rows = 0};
    return rc == QN_ENOENT ? QN_OK : rc;
}

int qn_tune_pictures_draw(const char *dir)
{
    struct qn_tune_tables t;
    int rc = qn_canvas_make_folder(dir);

    if (rc == QN_OK)
        rc = read_table(dir, "candidates.csv", &t.candidates);
    if (rc != QN_OK)
        return rc;
    for (size_t i = 0; i < qn_n_tune_pictures && rc == QN_OK; i++) {
        rc = read_table(dir, qn_tune_pictures[i].table, &t.table);
        if (rc == QN_OK)
            rc = draw(&qn_tune_pictures[i], &t, dir);
        qn_text_table_fini(&t.table);
    }
    qn_text_table_fini(&t.candidates);
    return rc;
}
