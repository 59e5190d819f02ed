#include "bench/tune/answer/pictures.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "bench/base/complain.h"
#include "bench/base/text_table.h"
#include "bench/folder/writer.h"
#include "bench/report/gnuplot.h"
#include "bench/stats/curves.h"
#include "bench/tune/objective.h"

#define US 1e3

/* A picture being made. */
struct canvas {
    const char *dir;
    const struct qn_tune_picture *picture;
    char path[QN_PICTURE_PATH], data[QN_PICTURE_PATH + 8];
    FILE *file;
};

static int begin(struct canvas *c, const char *dir, const struct qn_tune_picture *picture)
{
    c->dir = dir;
    c->picture = picture;
    snprintf(c->path, sizeof(c->path), "plots/%s", picture->name);
    snprintf(c->data, sizeof(c->data), "%s.dat", c->path);
    c->file = qn_results_open(dir, c->data, "we");
    if (!c->file)
        qn_complain("%s/%s: %s", dir, c->data, strerror(errno));
    return c->file ? QN_OK : QN_EIO;
}

/* Ends the data and begins the call. */
static int ready(struct canvas *c, struct qn_gnuplot *call)
{
    if (fclose(c->file) != 0) {
        qn_complain("%s/%s: %s", c->dir, c->data, strerror(errno));
        return QN_EIO;
    }
    qn_gnuplot_begin(call, c->path, c->data);
    qn_gnuplot_titles(call, NULL, c->picture->title, c->picture->subtitle);
    return QN_OK;
}

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

/* The unit that costs are drawn in, by candidates.csv. */
static double unit_of_cost(const char *dir, char *name, size_t bytes)
{
    struct qn_text_table s;
    double unit = 1;

    snprintf(name, bytes, "cost");
    if (qn_text_table_read(dir, "candidates.csv", &s) != QN_OK)
        return unit;
    if (s.n_rows > 0) {
        const char *text = qn_text_table_text(&s, 0, "cost_unit");

        unit = strcmp(text, "ns") == 0 ? US : strcmp(text, "bytes") == 0 ? 1024 : 1;
        snprintf(name, bytes, "%s",
                 strcmp(text, "ns") == 0      ? "cost a call, µs"
                 : strcmp(text, "bytes") == 0 ? "bytes, KiB"
                                              : text);
    }
    qn_text_table_fini(&s);
    return unit;
}

/* How a candidate fared; "" if the table does not say. */
static void outcome_of(const char *dir, const char *candidate, char *out, size_t bytes)
{
    struct qn_text_table s;

    out[0] = '\0';
    if (qn_text_table_read(dir, "candidates.csv", &s) != QN_OK)
        return;
    for (size_t i = 0; i < s.n_rows; i++)
        if (strcmp(qn_text_table_text(&s, i, "candidate"), candidate) == 0)
            snprintf(out, bytes, "%s", qn_text_table_text(&s, i, "outcome"));
    qn_text_table_fini(&s);
}

/* The first row of the same candidate. */
static size_t first_of(const struct qn_text_table *s, size_t row)
{
    const char *name = qn_text_table_text(s, row, "candidate");
    size_t i = 0;

    while (strcmp(qn_text_table_text(s, i, "candidate"), name) != 0)
        i++;
    return i;
}

static bool is_chosen(const char *outcome)
{
    return strcmp(outcome, "recommended") == 0 || strcmp(outcome, "provisional") == 0;
}

/* The search. Lines are of three kinds: dropped (0), left at the end (1), recommended (2). */

static int kind_of(const char *dir, const char *candidate)
{
    char outcome[32];

    outcome_of(dir, candidate, outcome, sizeof(outcome));
    return is_chosen(outcome)                                                  ? 2
           : strcmp(outcome, "tied") == 0 || strcmp(outcome, "undecided") == 0 ? 1
                                                                               : 0;
}

static size_t write_search(const struct qn_text_table *s, double unit, struct canvas *c,
                           char *kinds, size_t bytes, struct qn_extent *y, double *last)
{
    size_t n = 0, at = 0;

    for (size_t i = 0; i < s->n_rows; i++) {
        if (first_of(s, i) != i || at + 4 > bytes)
            continue;
        at += (size_t)snprintf(kinds + at, bytes - at, "%d ",
                               kind_of(c->dir, qn_text_table_text(s, i, "candidate")));
        n++;
        for (size_t j = i; j < s->n_rows; j++) {
            const struct qn_estimate cost = qn_tune_estimate_at(s, j, "cost", "cost");
            bool is_out = strcmp(qn_text_table_text(s, j, "state"), "in") != 0;

            if (first_of(s, j) != i)
                continue;
            qn_extent_add(y, &(struct qn_estimate){.value = cost.value});
            *last = fmax(*last, qn_text_table_number(s, j, "round"));
            fprintf(c->file, "%s", qn_text_table_text(s, j, "round"));
            qn_gnuplot_put(c->file, cost.value / unit);
            fprintf(c->file, " %d\n", is_out);
        }
        fputs("\n\n", c->file);
    }
    return n;
}

static int draw_search(const char *dir, const struct qn_tune_picture *picture)
{
    struct qn_extent y = {.lo = INFINITY};
    char name[64], kinds[QN_GNUPLOT_TEXT] = "";
    double unit = unit_of_cost(dir, name, sizeof(name)), last = 0;
    struct qn_gnuplot call;
    struct qn_text_table s;
    struct canvas c;
    size_t n = 0;
    int rc = qn_text_table_read(dir, "rounds.csv", &s);

    if (rc != QN_OK)
        return rc == QN_ENOENT ? QN_OK : rc;
    if (s.n_rows == 0)
        goto out;
    if ((rc = begin(&c, dir, picture)) != QN_OK)
        goto out;
    n = write_search(&s, unit, &c, kinds, sizeof(kinds), &y, &last);
    if ((rc = ready(&c, &call)) != QN_OK)
        goto out;
    qn_gnuplot_text(&call, "kinds", kinds);
    qn_gnuplot_number(&call, "n", (double)n);
    qn_gnuplot_number(&call, "last", last);
    qn_gnuplot_text(&call, "ylabel", name);
    qn_gnuplot_log_axis(&call, "y", &y, unit);
    rc = qn_gnuplot_run(&call, dir, "tune-search.gp");
out:
    qn_text_table_fini(&s);
    return rc;
}

/* The front. */

static void write_trades(const struct qn_text_table *s, struct canvas *c, struct qn_trade *trades,
                         struct qn_extent *x, struct qn_extent *y)
{
    for (size_t i = 0; i < s->n_rows; i++) {
        const struct qn_estimate latency =
            qn_tune_estimate_at(s, i, "return_latency_p50_ns", "return_latency_p50");
        const struct qn_estimate work =
            qn_tune_estimate_at(s, i, "work_for_nothing_ns", "work_for_nothing");
        bool is_choice = is_chosen(qn_text_table_text(s, i, "outcome"));

        qn_extent_add(x, &latency);
        qn_extent_add(y, &work);
        trades[i] = (struct qn_trade){latency.value, work.value, true, false};
        qn_gnuplot_put_estimate(c->file, &latency, US);
        qn_gnuplot_put_estimate(c->file, &work, US);
        fprintf(c->file, " %s %s %d \"%s\"\n", qn_text_table_text(s, i, "on_front"),
                qn_text_table_text(s, i, "unbeaten"), is_choice,
                qn_text_table_text(s, i, "candidate"));
    }
    fputs("\n\n", c->file);
}

static int draw_front(const char *dir, const struct qn_tune_picture *picture)
{
    struct qn_extent x = {.lo = INFINITY}, y = {.lo = INFINITY};
    struct qn_trade *trades = NULL;
    struct qn_point *steps = NULL;
    struct qn_gnuplot call;
    struct qn_text_table s;
    struct canvas c;
    size_t n;
    int rc = qn_text_table_read(dir, "front.csv", &s);

    if (rc != QN_OK)
        return rc == QN_ENOENT ? QN_OK : rc;
    trades = calloc(s.n_rows + 1, sizeof(*trades));
    steps = calloc(2 * s.n_rows + 2, sizeof(*steps));
    rc = trades && steps ? QN_OK : QN_ENOMEM;
    if (s.n_rows == 0 || rc != QN_OK || (rc = begin(&c, dir, picture)) != QN_OK)
        goto out;
    write_trades(&s, &c, trades, &x, &y);
    qn_curve_trade_off(trades, s.n_rows);
    n = qn_curve_steps(trades, s.n_rows, (x.hi + US) * 1e3, (y.hi + US) * 1e3, steps);
    for (size_t i = 0; i < n; i++)
        fprintf(c.file, "%.9g %.9g\n", steps[i].x / US, steps[i].y / US);
    if ((rc = ready(&c, &call)) != QN_OK)
        goto out;
    qn_gnuplot_log_axis(&call, "x", &x, US);
    qn_gnuplot_log_axis(&call, "y", &y, US);
    rc = qn_gnuplot_run(&call, dir, "tune-front.gp");
out:
    free(steps);
    free(trades);
    qn_text_table_fini(&s);
    return rc;
}

/* The poll interval. */

static double write_polls(const struct qn_text_table *s, struct canvas *c, struct qn_extent *share,
                          struct qn_extent *stop, struct qn_extent *work)
{
    double finest = NAN;

    for (size_t i = 0; i < s->n_rows; i++) {
        const struct qn_estimate throughput = qn_tune_estimate_at(s, i, "throughput", "throughput");
        const struct qn_estimate latency =
            qn_tune_estimate_at(s, i, "stop_latency_ns", "stop_latency");
        const struct qn_estimate wasted = qn_tune_estimate_at(s, i, "wasted_ns", "wasted");
        const struct qn_estimate polling = qn_tune_estimate_at(s, i, "polling_ns", "polling");
        double sum = wasted.value + polling.value;

        qn_extent_add(share, &(struct qn_estimate){.value = throughput.value});
        qn_extent_add(stop, &latency);
        qn_extent_add(work, &wasted);
        if (polling.value > 0)
            qn_extent_add(work, &polling);
        if (sum > 0)
            qn_extent_add(work, &(struct qn_estimate){.value = sum});
        fprintf(c->file, "%.9g", qn_text_table_number(s, i, "poll_ns") / US);
        qn_gnuplot_put_estimate(c->file, &throughput, 0.01);
        qn_gnuplot_put_estimate(c->file, &latency, US);
        qn_gnuplot_put_estimate(c->file, &wasted, US);
        qn_gnuplot_put_estimate(c->file, &polling, US);
        qn_gnuplot_put(c->file, sum / US);
        qn_gnuplot_put(c->file, qn_text_table_number(s, i, "form_throughput") / 0.01);
        qn_gnuplot_put(c->file, qn_text_table_number(s, i, "form_stop_latency_ns") / US);
        qn_gnuplot_put(c->file, qn_text_table_number(s, i, "form_wasted_ns") / US);
        qn_gnuplot_put(c->file, qn_text_table_number(s, i, "form_polling_ns") / US);
        putc('\n', c->file);
        if (strcmp(qn_text_table_text(s, i, "finest_effective"), "1") == 0)
            finest = qn_text_table_number(s, i, "poll_ns") / US;
    }
    return finest;
}

static int draw_polls(const char *dir, const struct qn_tune_picture *picture)
{
    struct qn_extent x = {.lo = INFINITY}, share = {.lo = INFINITY}, stop = {.lo = INFINITY},
                     work = {.lo = INFINITY};
    struct qn_gnuplot call;
    struct qn_text_table s;
    struct canvas c;
    double finest;
    int rc = qn_text_table_read(dir, "polls.csv", &s);

    if (rc != QN_OK)
        return rc == QN_ENOENT ? QN_OK : rc;
    if (s.n_rows < 2 || (rc = begin(&c, dir, picture)) != QN_OK)
        goto out;
    for (size_t i = 0; i < s.n_rows; i++)
        qn_extent_add(&x, &(struct qn_estimate){.value = qn_text_table_number(&s, i, "poll_ns")});
    finest = write_polls(&s, &c, &share, &stop, &work);
    if ((rc = ready(&c, &call)) != QN_OK)
        goto out;
    qn_gnuplot_log_axis(&call, "x", &x, US);
    qn_gnuplot_number(&call, "tlo", fmin(isfinite(share.lo) ? share.lo / 0.01 - 8 : 0, 80));
    qn_gnuplot_number(&call, "thi", fmax(share.hi / 0.01 + 8, 120));
    qn_gnuplot_log_axis(&call, "s", &stop, US);
    qn_gnuplot_log_axis(&call, "w", &work, US);
    qn_gnuplot_number(&call, "finest", isnan(finest) ? 0 : finest);
    finest = qn_text_table_number(&s, 0, "best_poll_ns") / US;
    qn_gnuplot_number(&call, "best", isnan(finest) ? 0 : finest);
    rc = qn_gnuplot_run(&call, dir, "tune-polls.gp");
out:
    qn_text_table_fini(&s);
    return rc;
}

/* The failure rate. */

static size_t write_rates(const struct qn_text_table *s, double unit, double lowest,
                          struct canvas *c, char *names, size_t bytes, struct qn_extent *y)
{
    size_t n = 0, at = 0;

    for (size_t i = 0; i < s->n_rows; i++) {
        const char *name = qn_text_table_text(s, i, "candidate");

        if (first_of(s, i) != i || at + strlen(name) + 2 > bytes)
            continue;
        at += (size_t)snprintf(names + at, bytes - at, "%s%s", at ? "|" : "", name);
        n++;
        for (size_t j = i; j < s->n_rows; j++) {
            const struct qn_estimate cost = qn_tune_estimate_at(s, j, "cost", "cost");
            double rate = qn_text_table_number(s, j, "failure_rate");

            if (first_of(s, j) != i)
                continue;
            qn_extent_add(y, &cost);
            fprintf(c->file, "%.9g", rate > 0 ? rate : lowest);
            qn_gnuplot_put_estimate(c->file, &cost, unit);
            fprintf(c->file, " %s\n", qn_text_table_text(s, j, "wins"));
        }
        fputs("\n\n", c->file);
    }
    return n;
}

/* A list of tics of the rates, 0 at a place of its own; the lowest place. */
static double tics_of(const struct qn_text_table *s, char *tics, size_t bytes, double *highest)
{
    double least = INFINITY, place;
    size_t at = 0;

    *highest = 0;
    for (size_t i = 0; i < s->n_rows; i++) {
        double rate = qn_text_table_number(s, i, "failure_rate");

        if (rate > 0)
            least = fmin(least, rate);
        *highest = fmax(*highest, rate);
    }
    place = isfinite(least) ? least / 4 : 1;
    for (size_t i = 0; i < s->n_rows && first_of(s, i) == 0 && at + 64 < bytes; i++) {
        double rate = qn_text_table_number(s, i, "failure_rate");

        at += (size_t)snprintf(tics + at, bytes - at, "%s'%.3g' %.9g", at ? ", " : "", rate,
                               rate > 0 ? rate : place);
    }
    return place;
}

static void say_crossings(const char *dir, double lowest, struct qn_gnuplot *call)
{
    char list[QN_GNUPLOT_TEXT] = "";
    struct qn_text_table s;
    size_t at = 0, n = 0;

    if (qn_text_table_read(dir, "crossings.csv", &s) == QN_OK) {
        for (size_t i = 0; i < s.n_rows && at + 100 < sizeof(list); i++) {
            double rate = qn_text_table_number(&s, i, "failure_rate");

            if (!(rate > 0))
                continue;
            at += (size_t)snprintf(list + at, sizeof(list) - at, "%.6g %.6g %.6g ",
                                   fmax(rate, lowest),
                                   fmax(qn_text_table_number(&s, i, "failure_rate_lo"), lowest),
                                   fmax(qn_text_table_number(&s, i, "failure_rate_hi"), lowest));
            n++;
        }
        qn_text_table_fini(&s);
    }
    qn_gnuplot_text(call, "crossings", list);
    qn_gnuplot_number(call, "n_crossings", (double)n);
}

/* A candidate's name begins with its strategy's. */
static void say_looks(struct qn_gnuplot *call, const char *names, size_t n)
{
    const char **strategies = calloc(n + 1, sizeof(*strategies));
    char *copy = strdup(names), *at = copy;

    for (size_t i = 0; strategies && at && i < n; i++) {
        char *name = strsep(&at, "|");

        name[strcspn(name, " ")] = '\0';
        strategies[i] = name;
    }
    if (strategies && copy)
        qn_gnuplot_looks(call, strategies, n);
    free(copy);
    free(strategies);
}

static int draw_rates(const char *dir, const struct qn_tune_picture *picture)
{
    struct qn_extent y = {.lo = INFINITY};
    char name[64], names[QN_GNUPLOT_TEXT] = "", tics[QN_GNUPLOT_TEXT] = "";
    double unit = unit_of_cost(dir, name, sizeof(name)), lowest, highest;
    struct qn_gnuplot call;
    struct qn_text_table s;
    struct canvas c;
    size_t n;
    int rc = qn_text_table_read(dir, "rates.csv", &s);

    if (rc != QN_OK)
        return rc == QN_ENOENT ? QN_OK : rc;
    if (s.n_rows == 0 || (rc = begin(&c, dir, picture)) != QN_OK)
        goto out;
    lowest = tics_of(&s, tics, sizeof(tics), &highest);
    n = write_rates(&s, unit, lowest, &c, names, sizeof(names), &y);
    if ((rc = ready(&c, &call)) != QN_OK)
        goto out;
    qn_gnuplot_text(&call, "names", names);
    say_looks(&call, names, n);
    qn_gnuplot_number(&call, "n", (double)n);
    qn_gnuplot_text(&call, "tics", tics);
    qn_gnuplot_number(&call, "xlo", lowest / 1.2);
    qn_gnuplot_number(&call, "xhi", highest > 0 ? highest * 1.2 : 2);
    qn_gnuplot_text(&call, "ylabel", name);
    qn_gnuplot_log_axis(&call, "y", &y, unit);
    say_crossings(dir, lowest, &call);
    rc = qn_gnuplot_run(&call, dir, "tune-rates.gp");
out:
    qn_text_table_fini(&s);
    return rc;
}

const struct qn_tune_picture qn_tune_pictures[] = {
    {"tune-search", "The search",
     "each candidate's mean cost a call, judged after so many processes",
     "A line ends where its candidate was dropped: its interval says that it costs more than the "
     "leader, "
     "or that it breaks a bound.",
     draw_search},
    {"tune-front", "What a quick return costs",
     "a candidate a mark, with 95 % intervals; grey steps: nothing is better both ways",
     "Only marks on the steps are worth a choice between time and work; everything right of and "
     "above "
     "them is beaten in both.",
     draw_front},
    {"tune-polls", "The poll interval",
     "measured, with 95 % intervals, and by the closed forms (dashed)",
     "Waste and polls pull against one another: their sum has a flat bottom at tau*. Below the "
     "finest "
     "effective interval looking costs more than 5 % of the throughput.",
     draw_polls},
    {"tune-rates", "How the choice turns round with the failure rate",
     "the best of each kind; vertical bands: where one overtakes another",
     "Where two lines cross, the better choice changes; the band is the 95 % interval of that "
     "rate.",
     draw_rates},
};
const size_t qn_n_tune_pictures = QN_ARRAY_LEN(qn_tune_pictures);

int qn_tune_pictures_draw(const char *dir)
{
    char path[QN_PICTURE_PATH];
    int rc = QN_OK;

    snprintf(path, sizeof(path), "%s/plots", dir);
    if (mkdir(path, 0777) != 0 && errno != EEXIST) {
        qn_complain("%s: %s", path, strerror(errno));
        return QN_EIO;
    }
    for (size_t i = 0; i < qn_n_tune_pictures && rc == QN_OK; i++)
        rc = qn_tune_pictures[i].draw(dir, &qn_tune_pictures[i]);
    return rc;
}
