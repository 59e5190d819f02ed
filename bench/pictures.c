#include "bench/pictures.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/complain.h"
#include "bench/options.h"
#include "bench/results.h"
#include "bench/units.h"

#define PATH_BYTES 4096
#define TEXT_BYTES 4096
#define MAX_ARGS 48

/* Workers shown of one call at most: more can't be told apart. */
#define MAX_BARS 100u

#define US 1e3
#define KIB 1024.0
#define BYTE_SECONDS 1e9
#define KIB_MS (1024.0 * 1e6)

const struct qn_picture qn_pictures[] = {
    {"wasted", "wasted", "failed", true, US, "µs", "Wasted computation a failed call",
     "work done after the first failure; mean, 95 % interval over processes",
     "wasted work, µs (nominal)", "theory_wasted", true,
     "What runs to its end wastes the same whether the caller returns early or waits."},
    {"wasted-split", NULL, "failed", true, US, "µs", "Wasted computation, by when it began",
     "mean a failed call: by workers begun before the failure, and begun after it",
     "wasted work, µs (nominal)", NULL, false,
     "Work begun after the failure is what a dispatcher could have skipped; the rest only a poll can."},
    {"error-at", "error_at", "failed", true, US, "µs", "When the first worker fails",
     "time since the call began; mean, 95 % interval over processes", "error_at, µs",
     "theory_error_at", true,
     "The same calls fail in every strategy, so the lines should lie on each other; the closed form "
     "knows no dispatch, no wake-up and no other load."},
    {"error-seen", "error_seen", "failed", false, US, "µs", "When the caller holds an error",
     "time since the call began, what a user waits for; median, 95 % interval over processes",
     "error_seen, µs", NULL, true, "The time to the failure itself is most of it."},
    {"detection", "detection", "failed", false, US, "µs", "Detection: from the failure to the caller",
     "error_seen − error_at; median, 95 % interval over processes", "detection latency, µs", NULL,
     true, "The price of telling the caller: a send, and waking it."},
    {"return-latency", "return_latency", "failed", false, US, "µs",
     "Return: from the failure until the call returns",
     "return_at − error_at; median, 95 % interval over processes", "return latency, µs", NULL, true,
     "Who waits for all returns as late as the last worker stops."},
    {"stop-latency", "stop_latency", "failed", false, US, "µs",
     "Stop: from the failure until the last worker computes no more",
     "stop_at − error_at; median, 95 % interval over processes", "stop latency, µs", NULL, true,
     "Only a token that the work looks at brings this down."},
    {"settle-latency", "settle_latency", "failed", false, US, "µs",
     "Settle: from the failure until nothing is left of the call",
     "settle_at − error_at; median, 95 % interval; calls that leaked have none", "settle latency, µs",
     NULL, true, "An early return does not settle the call: what it started goes on behind it."},
    {"retained-at-return", "retained_at_return", "failed", true, KIB, "KiB",
     "Memory still held when a failed call returns",
     "usable bytes of messages, results, working sets, channel; mean, 95 % interval",
     "retained at return, KiB", NULL, false,
     "A worker frees its working set only once its report is delivered, so that even who waits for all "
     "can return a moment before the last one has."},
    {"retained-integral", "retained_integral", "failed", true, KIB_MS, "KiB·ms",
     "Memory held over time, from the failure until settled",
     "bytes × time; mean, 95 % interval; calls that leaked have none", "retained, KiB·ms", NULL, true,
     "How much memory, for how long, the failure keeps from others."},
    {"leaked-workers", "leaked_workers", "failed", true, 1, "workers", "Leaked workers a failed call",
     "blocked for ever, or never to begin; mean, 95 % interval", "leaked workers", NULL, false,
     "Each leaked worker that blocks takes a pool thread with it: the pool is dead."},
    {"leaked-bytes", "leaked", "failed", true, KIB, "KiB", "Leaked memory a failed call",
     "held by blocked workers, their results, channel and call; mean, 95 % interval", "leaked, KiB",
     NULL, false, "What can never be given back."},
    {"discarded", "discarded", "failed", true, US, "µs", "Finished work thrown away by an error",
     "work of workers that had succeeded before the failure; mean, 95 % interval",
     "discarded work, µs (nominal)", NULL, false,
     "The same for all that return nothing but the error."},
    {"occupied", "occupied", "failed", true, US, "µs", "Thread time taken after the failure",
     "wall time from the failure until workers give their threads up, summed; mean, 95 % interval",
     "occupied, µs", NULL, true, "Includes sends that block, which waste counts as nothing."},
    {"overhead", "overhead", "all", false, 0.01, "%", "Overhead of a strategy where nothing fails",
     "return_at beyond that of null in the same call; median, 95 % interval over processes",
     "overhead, % of null", NULL, false, "What the strategy costs every call that does not fail."},
    {"error-fidelity", "error_fidelity", "failed", true, 1, "share",
     "Is the returned error the first in time?",
     "share of failed calls whose first two errors can be told apart; mean, 95 % interval",
     "share of calls", NULL, false,
     "Below 1 the caller is told of another failure than the one that came first."},
    {"errors-lost", "errors_lost", "failed", true, 1, "errors", "Errors that nobody is told of",
     "of those that happened, also after the return; mean a failed call, 95 % interval",
     "errors lost", NULL, false, "One error is returned; whatever else failed is lost unless logged."},
};

const size_t qn_n_pictures = QN_ARRAY_LEN(qn_pictures);

size_t qn_picture_rate(const struct qn_scene *g)
{
    size_t first = 0;

    while (first + 1 < g->n_rates && g->rates[first] == 0)
        first++;
    return first + (g->n_rates - first) / 2 - ((g->n_rates - first) % 2 == 0 ? 1 : 0);
}

void qn_picture_path(const struct qn_scene *g, const char *name, char *out, size_t bytes)
{
    snprintf(out, bytes, "plots/%s-%s", g->slug, name);
}

/* gnuplot. */

struct command {
    char *args[MAX_ARGS];
    int n;
};

static void say(struct command *c, const char *format, ...)
{
    va_list ap;

    assert(c->n < MAX_ARGS - 2);
    va_start(ap, format);
    if (vasprintf(&c->args[c->n], format, ap) >= 0)
        c->n++;
    va_end(ap);
}

/* A string as gnuplot reads it in double quotes. */
static void say_text(struct command *c, const char *name, const char *text)
{
    char quoted[TEXT_BYTES];
    size_t n = 0;

    for (; *text && n + 3 < sizeof(quoted); text++) {
        if (*text == '"' || *text == '\\')
            quoted[n++] = '\\';
        quoted[n++] = *text;
    }
    quoted[n] = '\0';
    say(c, "-e");
    say(c, "%s = \"%s\"", name, quoted);
}

/* The same for a text that gnuplot sets with markup: an underscore is to stay one. */
static void say_marked_up(struct command *c, const char *name, const char *text)
{
    char escaped[TEXT_BYTES];
    size_t n = 0;

    for (; *text && n + 3 < sizeof(escaped); text++) {
        if (*text == '_')
            escaped[n++] = '\\';
        escaped[n++] = *text;
    }
    escaped[n] = '\0';
    say_text(c, name, escaped);
}

static void say_number(struct command *c, const char *name, double value)
{
    say(c, "-e");
    say(c, "%s = %.17g", name, value);
}

/* Runs gnuplot on a script of plots/, in the results folder; its stderr goes to plots/gnuplot.log. */
static int run_gnuplot(const char *dir, struct command *c, const char *script)
{
    char log[PATH_BYTES];
    posix_spawn_file_actions_t actions;
    extern char **environ;
    pid_t pid;
    int status, rc;

    say(c, "%s/plots/%s", qn_data_dir(), script);
    c->args[c->n] = NULL;
    snprintf(log, sizeof(log), "%s/plots/gnuplot.log", dir);
    if (posix_spawn_file_actions_init(&actions) != 0)
        return QN_ENOMEM;
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, log, O_WRONLY | O_CREAT | O_APPEND,
                                     0666);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addchdir_np(&actions, dir);
    rc = posix_spawnp(&pid, "gnuplot", &actions, NULL, c->args, environ);
    posix_spawn_file_actions_destroy(&actions);
    if (rc != 0) {
        qn_complain("gnuplot can't be started (%s); the tables are there, and `quench report` draws "
                    "when it is installed",
                    strerror(rc));
        return QN_ENOENT;
    }
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        continue;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return QN_OK;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 127) {
        qn_complain("gnuplot is not installed; `quench report` draws when it is");
        return QN_ENOENT;
    }
    qn_complain("gnuplot failed on plots/%s; its words are in %s", script, log);
    return QN_EIO;
}

static void command_free(struct command *c)
{
    for (int i = 0; i < c->n; i++)
        free(c->args[i]);
}

/* Colours, dashes and marks belong to strategies, so that they are the same everywhere; lines beyond
 * those of the list (other polls and policies) take what is left. */
static int style_of(const struct qn_tables *t, const struct qn_scene *g, size_t line)
{
    const char *name = t->plan.cells[g->lines[line]].strategy;
    unsigned before = 0;

    for (size_t i = 0; i < line; i++)
        before += strcmp(t->plan.cells[g->lines[i]].strategy, name) == 0;
    for (size_t i = 0; i < qn_n_strategies; i++)
        if (strcmp(qn_strategies[i]->name, name) == 0)
            return (int)((i + before * 5) % 12) + 1;
    return (int)(line % 12) + 1;
}

static void begin(struct command *c, const struct qn_scene *g, const char *name, const char *data)
{
    char path[PATH_BYTES], file[PATH_BYTES + 8], scripts[PATH_BYTES];

    qn_picture_path(g, name, path, sizeof(path));
    snprintf(scripts, sizeof(scripts), "%s/plots", qn_data_dir());
    c->n = 0;
    say(c, "gnuplot");
    say_text(c, "scripts", scripts);
    snprintf(file, sizeof(file), "%s.svg", path);
    say_text(c, "svg", file);
    snprintf(file, sizeof(file), "%s.png", path);
    say_text(c, "png", file);
    say_text(c, "data", data);
}

/* Names and styles of the lines that have data. */
static void say_lines(struct command *c, const struct qn_tables *t, const struct qn_scene *g,
                      const size_t *lines, size_t n)
{
    char names[TEXT_BYTES] = "", styles[TEXT_BYTES] = "";
    size_t at = 0, style_at = 0;

    for (size_t i = 0; i < n; i++) {
        char label[256];

        qn_tables_label(t, g, lines[i], label, sizeof(label));
        at += (size_t)snprintf(names + at, sizeof(names) - at, "%s%s", i ? "|" : "", label);
        style_at += (size_t)snprintf(styles + style_at, sizeof(styles) - style_at, "%d ",
                                     style_of(t, g, lines[i]));
        if (at >= sizeof(names) - sizeof(label))
            break;
    }
    say_text(c, "names", names);
    say_text(c, "styles", styles);
    say_number(c, "n", (double)n);
}

static FILE *open_data(const struct qn_tables *t, const struct qn_scene *g, const char *name,
                       char *path, size_t bytes)
{
    qn_picture_path(g, name, path, bytes - sizeof(".dat"));
    strcat(path, ".dat");
    return qn_results_open(t->dir, path, "we");
}

/* A number for gnuplot; missing ones are NaN. */
static void put_number(FILE *f, double value)
{
    if (isfinite(value))
        fprintf(f, " %.9g", value);
    else
        fputs(" NaN", f);
}

/* One picture against the failure rate. */

static double lowest_positive(const struct qn_scene *g)
{
    double lowest = g->rates[0];

    for (size_t i = 0; i < g->n_rates && lowest == 0; i++)
        lowest = g->rates[i];
    return lowest;
}

/* Where a rate stands on a logarithmic axis: 0 has a place of its own, left of the lowest. */
static double place_of(const struct qn_scene *g, double rate)
{
    return rate > 0 ? rate : lowest_positive(g) / 4;
}

struct extent {
    double lowest; /* of all values and interval ends */
    size_t n_points;
};

static size_t write_line(const struct qn_tables *t, const struct qn_scene *g, size_t line,
                         const struct qn_picture *p, FILE *f, struct extent *extent)
{
    size_t n = 0;

    for (size_t r = 0; r < g->n_rates; r++) {
        size_t cell = qn_tables_cell(t, g, line, r);
        const struct qn_summary_row *row =
            cell == SIZE_MAX ? NULL : qn_tables_find(t, cell, p->metric, p->condition);
        const struct qn_summary_row *theory =
            cell == SIZE_MAX || !p->theory ? NULL : qn_tables_find(t, cell, p->theory, "failed");
        const struct qn_estimate *e = row ? (p->is_mean ? &row->mean : &row->p50) : NULL;
        double lo = e && e->has_interval ? e->lo : e ? e->value : NAN;

        if (!e)
            continue;
        fprintf(f, "%.9g", place_of(g, g->rates[r]));
        put_number(f, e->value / p->unit);
        put_number(f, lo / p->unit);
        put_number(f, (e->has_interval ? e->hi : e->value) / p->unit);
        put_number(f, theory ? theory->mean.value / p->unit : NAN);
        putc('\n', f);
        extent->lowest = fmin(extent->lowest, lo / p->unit);
        extent->n_points++;
        n++;
    }
    return n;
}

static void say_rates(struct command *c, const struct qn_scene *g, const struct qn_picture *p)
{
    char tics[TEXT_BYTES] = "";
    bool from_zero = g->rates[0] == 0 && strcmp(p->condition, "all") == 0; /* no call fails there */
    double lowest = place_of(g, from_zero ? 0 : lowest_positive(g));
    double highest = place_of(g, g->rates[g->n_rates - 1]);
    bool is_log = highest / lowest > 5;
    double margin = is_log ? pow(highest / lowest, 0.06) : 0.06 * (highest - lowest) + 1e-9;
    size_t at = 0;

    for (size_t i = 0; i < g->n_rates; i++)
        if (g->rates[i] > 0 || from_zero)
            at += (size_t)snprintf(tics + at, sizeof(tics) - at, "%s'%g' %.9g", at ? ", " : "",
                                   g->rates[i], place_of(g, g->rates[i]));
    say_text(c, "tics", tics);
    say_number(c, "logx", is_log);
    say_number(c, "xlo", is_log ? lowest / margin : lowest - margin);
    say_number(c, "xhi", is_log ? highest * margin : highest + margin);
}

static void say_titles(struct command *c, const struct qn_scene *g, const char *title,
                       const char *subtitle)
{
    char text[TEXT_BYTES];

    say_marked_up(c, "title", title);
    snprintf(text, sizeof(text), "%s: %s", g->title, subtitle);
    say_marked_up(c, "subtitle", text);
}

static int draw_rates(const struct qn_tables *t, const struct qn_scene *g,
                      const struct qn_picture *p)
{
    struct command c;
    struct extent extent = {INFINITY, 0};
    size_t *lines = calloc(g->n_lines, sizeof(*lines)), n = 0;
    char data[PATH_BYTES];
    FILE *f = open_data(t, g, p->name, data, sizeof(data));
    int rc = QN_OK;

    if (!lines || !f) {
        free(lines);
        return lines ? QN_EIO : QN_ENOMEM;
    }
    for (size_t i = 0; i < g->n_lines; i++) {
        if (write_line(t, g, i, p, f, &extent) == 0)
            continue;
        fputs("\n\n", f);
        lines[n++] = i;
    }
    if (fclose(f) != 0)
        rc = QN_EIO;
    if (rc == QN_OK && n > 0) {
        begin(&c, g, p->name, data);
        say_lines(&c, t, g, lines, n);
        say_titles(&c, g, p->title, p->subtitle);
        say_marked_up(&c, "ylabel", p->ylabel);
        say_number(&c, "logy", p->is_log && extent.lowest > 0);
        say_number(&c, "theory", p->theory != NULL);
        say_rates(&c, g, p);
        rc = run_gnuplot(t->dir, &c, "rates.gp");
        command_free(&c);
    }
    free(lines);
    return rc;
}

/* The split of waste. */

static double mean_of(const struct qn_tables *t, size_t cell, const char *metric, double unit)
{
    const struct qn_summary_row *row =
        cell == SIZE_MAX ? NULL : qn_tables_find(t, cell, metric, "failed");

    return row ? row->mean.value / unit : NAN;
}

static int draw_split(const struct qn_tables *t, const struct qn_scene *g,
                      const struct qn_picture *p)
{
    struct command c;
    size_t *lines = calloc(g->n_lines, sizeof(*lines));
    char data[PATH_BYTES], groups[TEXT_BYTES] = "";
    FILE *f = open_data(t, g, p->name, data, sizeof(data));
    size_t at = 0, n_groups = 0;
    int rc = QN_OK;

    if (!lines || !f) {
        free(lines);
        return lines ? QN_EIO : QN_ENOMEM;
    }
    for (size_t i = 0; i < g->n_lines; i++) {
        size_t place = 0;

        lines[i] = i;
        for (size_t r = 0; r < g->n_rates; r++) {
            size_t cell = qn_tables_cell(t, g, i, r);

            if (g->rates[r] == 0)
                continue;
            fprintf(f, "%zu", place++);
            put_number(f, mean_of(t, cell, "wasted_inflight", p->unit));
            put_number(f, mean_of(t, cell, "wasted", p->unit));
            putc('\n', f);
        }
        fputs("\n\n", f);
    }
    if (fclose(f) != 0)
        rc = QN_EIO;
    for (size_t r = 0; r < g->n_rates; r++) {
        char rate[32];

        if (g->rates[r] == 0)
            continue;
        snprintf(rate, sizeof(rate), "%g", g->rates[r]);
        at += (size_t)snprintf(groups + at, sizeof(groups) - at, "%s%s", n_groups ? "|" : "",
                               isnan(g->rates[r]) ? "as the workload says" : rate);
        n_groups++;
    }
    if (rc == QN_OK && n_groups > 0) {
        begin(&c, g, p->name, data);
        say_lines(&c, t, g, lines, g->n_lines);
        say_titles(&c, g, p->title, p->subtitle);
        say_marked_up(&c, "ylabel", p->ylabel);
        say_text(&c, "lower", "begun before");
        say_text(&c, "upper", "begun after");
        say_text(&c, "groups", groups);
        say_number(&c, "n_groups", (double)n_groups);
        rc = run_gnuplot(t->dir, &c, "split.gp");
        command_free(&c);
    }
    free(lines);
    return rc;
}

/* The picture of one call. */

enum bar { BAR_WAITING, BAR_WORKING, BAR_FAILED, BAR_CUT, BAR_BLOCKED };

static void put_bar(FILE *f, uint32_t worker, double from_ns, double to_ns, enum bar what)
{
    if (to_ns > from_ns)
        fprintf(f, "%u %.6f %.6f %d\n", worker, from_ns / US, to_ns / US, what);
}

static void put_worker(FILE *f, const struct qn_timeline_row *w, double end_ns)
{
    double begin = w->begin_ns == QN_NONE ? end_ns : (double)w->begin_ns;
    double stop = w->stop_ns == QN_NONE ? end_ns : (double)w->stop_ns;
    double end = w->end_ns == QN_NONE ? end_ns : (double)w->end_ns;

    if (w->outcome == QN_OUTCOME_SKIPPED)
        begin = end; /* it waited until it was skipped */
    put_bar(f, w->worker, 0, begin, BAR_WAITING);
    if (w->outcome == QN_OUTCOME_SKIPPED || w->outcome == QN_OUTCOME_NEVER)
        return;
    put_bar(f, w->worker, begin, stop,
            w->outcome == QN_OUTCOME_FAILED      ? BAR_FAILED
            : w->outcome == QN_OUTCOME_CANCELLED ? BAR_CUT
                                                 : BAR_WORKING);
    put_bar(f, w->worker, stop, end, BAR_BLOCKED);
}

static const struct qn_trial *find_trial(const struct qn_tables *t, size_t cell, uint32_t process,
                                         uint32_t trial)
{
    for (size_t i = 0; i < t->n_trials[cell]; i++)
        if (t->trials[cell][i].v[QN_COL_PROCESS] == process &&
            t->trials[cell][i].v[QN_COL_TRIAL] == trial)
            return &t->trials[cell][i];
    return NULL;
}

static const int stamps[] = {QN_COL_ERROR_AT, QN_COL_ERROR_SEEN, QN_COL_CANCEL_AT,
                             QN_COL_RETURN_AT, QN_COL_STOP_AT, QN_COL_SETTLE_AT};

/* The cell's pictured call: its trial, or NULL. */
static const struct qn_trial *pictured(const struct qn_tables *t, size_t cell)
{
    for (size_t i = 0; cell != SIZE_MAX && i < t->n_timeline; i++)
        if (t->timeline[i].cell == cell)
            return find_trial(t, cell, t->timeline[i].process, t->timeline[i].row.trial);
    return NULL;
}

static double last_stamp(const struct qn_trial *trial)
{
    double last = 0;

    for (size_t i = 0; i < QN_ARRAY_LEN(stamps); i++)
        if (trial->v[stamps[i]] != QN_NONE)
            last = fmax(last, (double)trial->v[stamps[i]]);
    return last;
}

static void write_panel(const struct qn_tables *t, size_t cell, const struct qn_trial *trial,
                        double end_ns, FILE *bars, FILE *marks)
{
    for (size_t i = 0; i < t->n_timeline; i++)
        if (t->timeline[i].cell == cell && t->timeline[i].row.worker < MAX_BARS)
            put_worker(bars, &t->timeline[i].row, end_ns);
    fputs("\n\n", bars);
    for (size_t i = 0; i < QN_ARRAY_LEN(stamps); i++)
        if (trial->v[stamps[i]] != QN_NONE)
            fprintf(marks, "%zu %.6f\n", i + 1, (double)trial->v[stamps[i]] / US);
    fputs("\n\n", marks);
}

static int draw_timeline(const struct qn_tables *t, const struct qn_scene *g)
{
    struct command c;
    size_t rate = qn_picture_rate(g), n = 0;
    size_t *lines = calloc(g->n_lines, sizeof(*lines));
    unsigned workers = t->plan.cells[g->lines[0]].workload.workers;
    char bars_path[PATH_BYTES], marks_path[PATH_BYTES], title[TEXT_BYTES];
    FILE *bars = open_data(t, g, "timeline-bars", bars_path, sizeof(bars_path));
    FILE *marks = open_data(t, g, "timeline-marks", marks_path, sizeof(marks_path));
    double end_ns = 0;
    int rc = lines ? QN_OK : QN_ENOMEM;

    for (size_t i = 0; rc == QN_OK && i < g->n_lines; i++) {
        const struct qn_trial *trial = pictured(t, qn_tables_cell(t, g, i, rate));

        if (trial)
            end_ns = fmax(end_ns, last_stamp(trial) * 1.03);
    }
    for (size_t i = 0; rc == QN_OK && bars && marks && i < g->n_lines; i++) {
        size_t cell = qn_tables_cell(t, g, i, rate);
        const struct qn_trial *trial = pictured(t, cell);

        if (!trial)
            continue;
        write_panel(t, cell, trial, end_ns, bars, marks);
        lines[n++] = i;
    }
    if (!bars || fclose(bars) != 0 || !marks || fclose(marks) != 0)
        rc = QN_EIO;
    if (rc == QN_OK && n > 0) {
        begin(&c, g, "timeline", bars_path);
        say_lines(&c, t, g, lines, n);
        snprintf(title, sizeof(title), "The same failed call under each strategy%s",
                 workers > MAX_BARS ? " (its first 100 workers)" : "");
        say_titles(&c, g, title, "A bar a worker; vertical lines are the stamps of the call");
        say_text(&c, "bars", bars_path);
        say_text(&c, "marks", marks_path);
        say_number(&c, "n_workers", workers < MAX_BARS ? workers : MAX_BARS);
        say_number(&c, "xhi", end_ns / US);
        rc = run_gnuplot(t->dir, &c, "timeline.gp");
        command_free(&c);
    }
    free(lines);
    return rc;
}

static int draw_group(const struct qn_tables *t, const struct qn_scene *g)
{
    int rc = QN_OK;

    for (size_t i = 0; i < qn_n_pictures && rc == QN_OK; i++) {
        if (!qn_pictures[i].metric)
            rc = draw_split(t, g, &qn_pictures[i]);
        else if (g->n_rates > 1)
            rc = draw_rates(t, g, &qn_pictures[i]);
    }
    return rc == QN_OK ? draw_timeline(t, g) : rc;
}

int qn_pictures_draw(const struct qn_tables *t)
{
    char path[PATH_BYTES];
    int rc = QN_OK;

    snprintf(path, sizeof(path), "%s/plots", t->dir);
    if (mkdir(path, 0777) != 0 && errno != EEXIST) {
        qn_complain("%s: %s", path, strerror(errno));
        return QN_EIO;
    }
    for (size_t i = 0; i < t->n_groups && rc == QN_OK; i++)
        rc = draw_group(t, &t->groups[i]);
    if (rc == QN_EIO)
        qn_complain("%s: not every picture could be drawn", path);
    return rc;
}
