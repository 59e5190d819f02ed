/* An explanation as text. */
#include <cjson/cJSON.h>
#include <math.h>
#include <string.h>

#include "bench/explain/figures.h"
#include "bench/folder/manifest.h"
#include "bench/folder/own.h"
#include "bench/report/modes.h"
#include "bench/report/sentences.h"
#include "bench/workload/arrival.h"
#include "bench/workload/poll.h"

#define TEXT_BYTES 96

static const double unit_sizes[] = {
    [QN_EXPLAIN_US] = 1e3, [QN_EXPLAIN_KIB] = 1024, [QN_EXPLAIN_NUMBER] = 1};

/* A figure, or "-" if there is none. */
static const char *say(double value, double unit, char *out)
{
    if (isnan(value))
        return "-";
    qn_say_number(value / unit, out, TEXT_BYTES);
    return out;
}

static const char *say_interval(const struct qn_estimate *e, double unit, char *out)
{
    qn_say_interval(e, unit, out, TEXT_BYTES);
    if (!e->has_interval)
        strncat(out, " [none]", TEXT_BYTES - strlen(out) - 1);
    return out;
}

/* A mean as a percentage of a whole, rounded like the mean. */
static const char *say_share(const struct qn_estimate *e, double whole, char *out)
{
    qn_say_rounded(100 * e->value / whole, qn_say_decimals(e, whole / 100), out, TEXT_BYTES);
    return out;
}

static double cell_value(const struct qn_trial *t, int column)
{
    return t->v[column] == QN_NONE ? NAN : (double)t->v[column];
}

/* The cell. */

/* What work of one's own is. */
static void write_own(const struct qn_explanation *e, FILE *f)
{
    const struct qn_cell *cell = &e->tables->plan.cells[e->cell];
    struct qn_folder_own own;
    cJSON *manifest;

    if (cell->workload.kind != QN_KIND_OWN)
        return;
    manifest = qn_manifest_read(e->tables->dir);
    if (qn_folder_own_of(manifest, cell->workload.name, &own)) {
        fputs("Work of one's own: ", f);
        qn_folder_own_say(&own, f);
        if (cell->polls) {
            fputs("; poll ", f);
            qn_folder_own_say_poll(&own, qn_poll_ns(cell->workload.poll_quanta), f);
        }
        putc('\n', f);
    }
    cJSON_Delete(manifest);
}

static void write_head(const struct qn_explanation *e, FILE *f)
{
    const struct qn_cell *cell = &e->tables->plan.cells[e->cell];
    const struct qn_workload *w = &cell->workload;
    char text[TEXT_BYTES];

    fprintf(f, "%s: %s on %s (%s), %u %s%s", cell->id, cell->strategy, w->name,
            qn_kind_name(w->kind), w->workers, qn_plural(w->workers, "worker", "workers"),
            qn_on_threads(w, text));
    if (!isnan(w->failure_rate))
        fprintf(f, ", failure rate %g", w->failure_rate);
    if (cell->polls) {
        qn_poll_text(w->poll_quanta, text, sizeof(text));
        fprintf(f, ", poll %s", text);
    }
    qn_arrival_text(w, text, sizeof(text));
    fprintf(f, "%s%s%s%s\n", *text ? ", " : "", text, cell->policy[0] ? ", " : "", cell->policy);
    write_own(e, f);
    fprintf(f, "%zu %s in %zu %s, %zu of them failed\n", e->n_calls,
            qn_plural(e->n_calls, "call", "calls"), e->n_processes,
            qn_plural(e->n_processes, "process", "processes"), e->n_failed);
}

/* Averages. */

/* The figure of a section's first line, the whole for shares; 0: none. */
static double whole_of(const struct qn_explanation *e, enum qn_explain_section section)
{
    for (size_t i = 0; section == QN_EXPLAIN_WORK && i < qn_n_explain_figures; i++)
        if (qn_explain_figures[i].section == section)
            return e->figures[i].n_calls ? e->figures[i].mean.value : 0;
    return 0;
}

static void write_section(const struct qn_explanation *e, enum qn_explain_section section,
                          const char *title, FILE *f)
{
    double whole = whole_of(e, section);

    fprintf(f, "\n%-38s %-26s %-26s %s%s\n", title, "mean [95 %]", "median [95 %]", "calls",
            whole > 0 ? "  of planned" : "");
    for (size_t i = 0; i < qn_n_explain_figures; i++) {
        const struct qn_explain_figure *figure = &qn_explain_figures[i];
        const struct qn_explained *x = &e->figures[i];
        char mean[TEXT_BYTES], median[TEXT_BYTES], share[TEXT_BYTES];
        double unit = unit_sizes[figure->unit];

        if (figure->section != section)
            continue;
        if (x->n_calls == 0) {
            fprintf(f, "  %-36s %-26s %-26s %5s\n", figure->name, "-", "-", "-");
            continue;
        }
        fprintf(f, "  %-36s %-26s %-26s %5zu", figure->name, say_interval(&x->mean, unit, mean),
                say_interval(&x->median, unit, median), x->n_calls);
        if (whole > 0 && figure->unit == QN_EXPLAIN_US)
            fprintf(f, "  %8s %%", say_share(&x->mean, whole, share));
        putc('\n', f);
    }
}

static void write_sums(const struct qn_explanation *e, FILE *f)
{
    if (e->tables->plan.cells[e->cell].workload.kind == QN_KIND_OWN)
        fputs("  The work is code of your own: wall time from begin to stop, other load included, "
              "with no plan in ns.\n",
              f);
    else if (e->unaccounted_ns == 0)
        fputs("  Work done before the error, wasted_inflight, wasted_started and work never done "
              "add up to the\n  planned work in every call.\n",
              f);
    else
        fprintf(f, "  The parts do not add up to the planned work: %lld ns are unaccounted for.\n",
                (long long)e->unaccounted_ns);
}

/* Why some failed calls see their error late and others don't. */
static void write_modes(const struct qn_explanation *e, FILE *f)
{
    struct qn_detection_modes modes;

    if (qn_detection_modes_of(e->tables, e->cell, &modes) != QN_OK || modes.n_calls == 0)
        return;
    fputs("  Detection has two modes: ", f);
    qn_detection_modes_say(&modes, f);
    fputs(".\n", f);
}

static void write_averages(const struct qn_explanation *e, FILE *f)
{
    bool has_failed = e->n_failed > 0;

    if (has_failed) {
        write_section(e, QN_EXPLAIN_TIME, "Time of failed calls, us", f);
        fputs("  The first three add up to return_at if a call has all three.\n", f);
        write_modes(e, f);
    }
    if (e->n_failed < e->n_calls)
        write_section(e, QN_EXPLAIN_SOUND, "Time of calls without failure, us", f);
    write_section(e, QN_EXPLAIN_WORK,
                  has_failed ? "Threads' work, failed calls, us" : "Threads' work, us", f);
    write_sums(e, f);
    write_section(e, QN_EXPLAIN_BYTES, has_failed ? "Memory of failed calls, KiB" : "Memory, KiB",
                  f);
    if (has_failed)
        write_section(e, QN_EXPLAIN_ERRORS, "Errors of failed calls, per call", f);
}

/* Theory. */

static bool write_theory_of(const struct qn_explanation *e, const char *metric, FILE *f)
{
    char name[TEXT_BYTES], measured[TEXT_BYTES], form[TEXT_BYTES];
    const struct qn_summary_row *theory, *deviation,
        *row = qn_tables_find(e->tables, e->cell, metric, "failed");

    snprintf(name, sizeof(name), "theory_%s", metric);
    theory = qn_tables_find(e->tables, e->cell, name, "failed");
    snprintf(name, sizeof(name), "deviation_%s", metric);
    deviation = qn_tables_find(e->tables, e->cell, name, "failed");
    if (!theory || !row)
        return false;
    fprintf(f, "  %s: %s us measured, %s us by theory", metric,
            say_interval(&row->mean, 1e3, measured), say(theory->mean.value, 1e3, form));
    if (deviation)
        fprintf(f, ": deviation %s %%", say_interval(&deviation->mean, 0.01, measured));
    putc('\n', f);
    return true;
}

static void write_theory(const struct qn_explanation *e, FILE *f)
{
    bool any;

    fputs("\nTheory for the failed calls\n", f);
    any = write_theory_of(e, "error_at", f);
    any = write_theory_of(e, "wasted", f) || any;
    if (!any)
        fputs("  no closed form applies\n", f);
}

/* Single calls. */

static const enum qn_exemplar shown[] = {QN_EXEMPLAR_MEDIAN, QN_EXEMPLAR_WORST,
                                         QN_EXEMPLAR_TYPICAL};
static const char *const shown_names[] = {"median", "worst", "typical failed"};

/* A figure of a shown call; NAN if it has none, or is about a failure that did not happen. */
static double shown_value(const struct qn_trial *t, int column)
{
    bool is_of_failure = column == QN_COL_WASTED || column == QN_COL_DISCARDED;

    return !t || (is_of_failure && t->v[QN_COL_FAILED] != 1) ? NAN : cell_value(t, column);
}

static void write_row(const struct qn_explanation *e, int column, const char *name, double unit,
                      FILE *f)
{
    char text[TEXT_BYTES];

    fprintf(f, "  %-30s", name);
    for (size_t i = 0; i < QN_ARRAY_LEN(shown); i++) {
        double figure = shown_value(e->calls[shown[i]].trial, column);

        if (unit == 1 && !isnan(figure))
            fprintf(f, " %18.0f", figure);
        else
            fprintf(f, " %18s", say(figure, unit, text));
    }
    putc('\n', f);
}

static void write_table(const struct qn_explanation *e, FILE *f)
{
    static const struct {
        int column;
        const char *name;
        enum qn_explain_unit unit;
    } rows[] = {
        {QN_COL_PROCESS, "process", QN_EXPLAIN_NUMBER},
        {QN_COL_TRIAL, "trial", QN_EXPLAIN_NUMBER},
        {QN_COL_ERROR_AT, "error_at, us", QN_EXPLAIN_US},
        {QN_COL_ERROR_SEEN, "error_seen, us", QN_EXPLAIN_US},
        {QN_COL_CANCEL_AT, "cancel_at, us", QN_EXPLAIN_US},
        {QN_COL_RETURN_AT, "return_at, us", QN_EXPLAIN_US},
        {QN_COL_CALLER_RUN_DELAY, "caller without a core, us", QN_EXPLAIN_US},
        {QN_COL_CALLER_PREEMPTIONS, "caller preempted, times", QN_EXPLAIN_NUMBER},
        {QN_COL_STOP_AT, "stop_at, us", QN_EXPLAIN_US},
        {QN_COL_SETTLE_AT, "settle_at, us", QN_EXPLAIN_US},
        {QN_COL_PLANNED_WORK, "planned work, us", QN_EXPLAIN_US},
        {QN_COL_WORK, "work done, us", QN_EXPLAIN_US},
        {QN_COL_WASTED, "wasted, us", QN_EXPLAIN_US},
        {QN_COL_DISCARDED, "discarded, us", QN_EXPLAIN_US},
        {QN_COL_OCCUPIED, "occupied, us", QN_EXPLAIN_US},
        {QN_COL_PEAK, "peak, KiB", QN_EXPLAIN_KIB},
        {QN_COL_RETAINED_AT_RETURN, "retained at the return, KiB", QN_EXPLAIN_KIB},
        {QN_COL_LEAKED_BYTES, "leaked, KiB", QN_EXPLAIN_KIB},
        {QN_COL_LEAKED_WORKERS, "leaked workers", QN_EXPLAIN_NUMBER},
        {QN_COL_FAILING_WORKERS, "failing workers", QN_EXPLAIN_NUMBER},
    };

    fprintf(f, "\n%-32s", "Three calls");
    for (size_t i = 0; i < QN_ARRAY_LEN(shown); i++)
        fprintf(f, " %18s", shown_names[i]);
    putc('\n', f);
    for (size_t i = 0; i < QN_ARRAY_LEN(rows); i++)
        write_row(e, rows[i].column, rows[i].name, unit_sizes[rows[i].unit], f);
}

/* Says which calls are shown if they are not the wanted ones. */
static void write_stand_ins(const struct qn_explanation *e, FILE *f)
{
    for (size_t i = 0; i < QN_ARRAY_LEN(shown); i++) {
        const struct qn_explained_call *c = &e->calls[shown[i]];
        char text[TEXT_BYTES];

        if (!c->trial) {
            fprintf(f, "  There is no %s call.\n", shown_names[i]);
            continue;
        }
        if (c->nearest != c->trial)
            fprintf(f,
                    "  The cell's %s call is trial %lld of process %lld (return_at %s us); the "
                    "nearest one whose workers were kept is shown.\n",
                    shown_names[i], (long long)c->nearest->v[QN_COL_TRIAL],
                    (long long)c->nearest->v[QN_COL_PROCESS],
                    say(cell_value(c->nearest, QN_COL_RETURN_AT), 1e3, text));
        if (!c->has_workers)
            fprintf(f, "  The workers of the %s call were not kept.\n", shown_names[i]);
    }
}

static void write_mark(const struct qn_explanation *e, const struct qn_trial *t, FILE *f)
{
    for (size_t i = 0; i < e->tables->n_blocks; i++) {
        const struct qn_block_row *b = &e->tables->blocks[i];

        if (b->cell == e->cell && b->process == t->v[QN_COL_PROCESS] && b->mark[0])
            fprintf(f, "  The process of the worst call is marked: %s.\n", b->mark);
    }
}

/* Why the worst call took longer than the median one. */
static void write_difference(const struct qn_explanation *e, FILE *f)
{
    const struct qn_trial *m = e->calls[QN_EXEMPLAR_MEDIAN].trial;
    const struct qn_trial *w = e->calls[QN_EXEMPLAR_WORST].trial;
    struct qn_explain_step steps[3];
    char a[TEXT_BYTES], b[TEXT_BYTES], d[TEXT_BYTES];
    size_t longest, n;

    if (!m || !w)
        return;
    if (m == w) {
        fputs("  The worst call is the median one.\n", f);
        return;
    }
    n = qn_explain_steps(m, w, steps, &longest);
    fprintf(f, "  The worst call took %s us longer than the median one.",
            say(cell_value(w, QN_COL_RETURN_AT) - cell_value(m, QN_COL_RETURN_AT), 1e3, d));
    if (n > 1)
        fprintf(f, " Most of it %s: %s us against %s us,\n  %s us more.", steps[longest].name,
                say(steps[longest].worst_ns, 1e3, a), say(steps[longest].median_ns, 1e3, b),
                say(steps[longest].worst_ns - steps[longest].median_ns, 1e3, d));
    else if (m->v[QN_COL_FAILED] != w->v[QN_COL_FAILED])
        fprintf(f, " Only the %s one failed.", m->v[QN_COL_FAILED] == 1 ? "median" : "worst");
    fputs("\n  Its workers ", f);
    if (w->v[QN_COL_PLANNED_WORK] != QN_NONE)
        fprintf(f, "had %s us of work planned against %s us, and ",
                say(cell_value(w, QN_COL_PLANNED_WORK), 1e3, a),
                say(cell_value(m, QN_COL_PLANNED_WORK), 1e3, b));
    fprintf(f, "did %s us against %s us.\n", say(cell_value(w, QN_COL_WORK), 1e3, a),
            say(cell_value(m, QN_COL_WORK), 1e3, b));
    if (w->v[QN_COL_CALLER_RUN_DELAY] != QN_NONE && m->v[QN_COL_CALLER_RUN_DELAY] != QN_NONE)
        fprintf(f, "  Its caller was ready to run and had no core for %s us against %s us.\n",
                say(cell_value(w, QN_COL_CALLER_RUN_DELAY), 1e3, a),
                say(cell_value(m, QN_COL_CALLER_RUN_DELAY), 1e3, b));
    write_mark(e, w, f);
}

void qn_explanation_write(const struct qn_explanation *e, FILE *f)
{
    write_head(e, f);
    write_averages(e, f);
    write_theory(e, f);
    write_table(e, f);
    write_stand_ins(e, f);
    write_difference(e, f);
}
