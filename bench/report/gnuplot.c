#include "bench/report/gnuplot.h"

#include <assert.h>
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

#include "bench/base/complain.h"
#include "bench/base/data_dir.h"
#include "bench/folder/writer.h"
#include "bench/report/picture/looks.h"

static void say(struct qn_gnuplot *c, const char *format, ...)
{
    va_list ap;

    assert(c->n < QN_GNUPLOT_ARGS - 2);
    va_start(ap, format);
    if (vasprintf(&c->args[c->n], format, ap) >= 0)
        c->n++;
    va_end(ap);
}

/* In double quotes. */
void qn_gnuplot_text(struct qn_gnuplot *c, const char *name, const char *text)
{
    char quoted[QN_GNUPLOT_TEXT];
    size_t n = 0;

    for (; *text && n + 3 < sizeof(quoted); text++) {
        if (*text == '"' || *text == '\\')
            quoted[n++] = '\\';
        quoted[n++] = *text == '`' ? '\'' : *text; /* it would run what stands between two */
    }
    quoted[n] = '\0';
    say(c, "-e");
    say(c, "%s = \"%s\"", name, quoted);
}

void qn_gnuplot_marked_up(struct qn_gnuplot *c, const char *name, const char *text)
{
    char escaped[QN_GNUPLOT_TEXT];
    size_t n = 0;

    for (; *text && n + 3 < sizeof(escaped); text++) {
        if (*text == '_')
            escaped[n++] = '\\';
        escaped[n++] = *text;
    }
    escaped[n] = '\0';
    qn_gnuplot_text(c, name, escaped);
}

void qn_gnuplot_number(struct qn_gnuplot *c, const char *name, double value)
{
    say(c, "-e");
    say(c, "%s = %.17g", name, value);
}

static int run(const struct qn_gnuplot *c, const char *dir, const char *script, const char *log,
               const char *again)
{
    posix_spawn_file_actions_t actions;
    extern char **environ;
    pid_t pid;
    int status, rc;

    if (posix_spawn_file_actions_init(&actions) != 0)
        return QN_ENOMEM;
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, log, O_WRONLY | O_CREAT | O_APPEND,
                                     0666);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addchdir_np(&actions, dir);
    rc = posix_spawnp(&pid, "gnuplot", &actions, NULL, c->args, environ);
    posix_spawn_file_actions_destroy(&actions);
    if (rc != 0) {
        qn_complain(
            "gnuplot can't be started (%s); all but plots is there, and `%s` draws when it is "
            "installed",
            strerror(rc), again);
        return QN_ENOENT;
    }
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        continue;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return QN_OK;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 127) {
        qn_complain("gnuplot is not installed; `%s` draws when it is", again);
        return QN_ENOENT;
    }
    qn_complain("gnuplot failed on plots/%s; its words are in %s", script, log);
    return QN_EIO;
}

int qn_gnuplot_run_with_log(struct qn_gnuplot *c, const char *dir, const char *script,
                            const char *log, const char *again)
{
    struct stat st;
    int rc;

    say(c, "%s/plots/%s", qn_data_dir(), script);
    c->args[c->n] = NULL;
    rc = run(c, dir, script, log, again);
    if (stat(log, &st) == 0 && st.st_size == 0)
        unlink(log); /* it had nothing to say */
    for (int i = 0; i < c->n; i++)
        free(c->args[i]);
    return rc;
}

int qn_gnuplot_run(struct qn_gnuplot *c, const char *dir, const char *script)
{
    char log[QN_PICTURE_PATH];

    snprintf(log, sizeof(log), "%s/plots/gnuplot.log", dir);
    return qn_gnuplot_run_with_log(c, dir, script, log, "quench report");
}

void qn_gnuplot_looks(struct qn_gnuplot *c, const char *const *strategies, size_t n)
{
    struct qn_look *looks = calloc(n + 1, sizeof(*looks));
    char colours[QN_GNUPLOT_TEXT] = "", dashes[QN_GNUPLOT_TEXT] = "", marks[QN_GNUPLOT_TEXT] = "";

    if (!looks)
        return; /* the script has plain ones */
    qn_looks_of(strategies, n, looks);
    for (size_t i = 0; i < n && strlen(colours) + 16 < sizeof(colours); i++) {
        size_t at = strlen(dashes), mark_at = strlen(marks);

        strcat(strcat(colours, looks[i].colour), " ");
        snprintf(dashes + at, sizeof(dashes) - at, "%d ", looks[i].dash);
        snprintf(marks + mark_at, sizeof(marks) - mark_at, "%d ", looks[i].mark);
    }
    qn_gnuplot_text(c, "line_colours", colours);
    qn_gnuplot_text(c, "line_dashes", dashes);
    qn_gnuplot_text(c, "line_marks", marks);
    free(looks);
}

void qn_gnuplot_begin(struct qn_gnuplot *c, const char *path, const char *data)
{
    char file[QN_PICTURE_PATH + 8], scripts[QN_PICTURE_PATH];

    snprintf(scripts, sizeof(scripts), "%s/plots", qn_data_dir());
    c->n = 0;
    say(c, "gnuplot");
    qn_gnuplot_text(c, "scripts", scripts);
    snprintf(file, sizeof(file), "%s.svg", path);
    qn_gnuplot_text(c, "svg", file);
    snprintf(file, sizeof(file), "%s.png", path);
    qn_gnuplot_text(c, "png", file);
    qn_gnuplot_text(c, "data", data);
}

void qn_gnuplot_lines(struct qn_gnuplot *c, const struct qn_tables *t, const struct qn_scene *g,
                      const size_t *lines, size_t n)
{
    const char **strategies = calloc(n + 1, sizeof(*strategies));
    char names[QN_GNUPLOT_TEXT] = "";
    size_t at = 0, longest = 0;

    for (size_t i = 0; i < n; i++) {
        char label[256];

        if (strategies)
            strategies[i] = t->plan.cells[g->lines[lines[i]]].strategy;

        qn_tables_label(t, g, lines[i], label, sizeof(label));
        longest = strlen(label) > longest ? strlen(label) : longest;
        if (at < sizeof(names) - sizeof(label))
            at += (size_t)snprintf(names + at, sizeof(names) - at, "%s%s", i ? "|" : "", label);
    }
    qn_gnuplot_text(c, "names", names);
    if (strategies)
        qn_gnuplot_looks(c, strategies, n);
    free(strategies);
    qn_gnuplot_number(c, "n", (double)n);
    qn_gnuplot_number(c, "label_chars", (double)longest);
}

FILE *qn_gnuplot_data(const struct qn_tables *t, const struct qn_scene *g, const char *name,
                      char *path, size_t bytes)
{
    qn_picture_path(g, name, path, bytes - sizeof(".dat"));
    strcat(path, ".dat");
    return qn_results_open(t->dir, path, "we");
}

static void remove_file(const char *dir, const char *path, const char *ending)
{
    char file[2 * QN_PICTURE_PATH + 8];

    snprintf(file, sizeof(file), "%s/%s%s", dir, path, ending);
    unlink(file);
}

int qn_gnuplot_data_end(const struct qn_tables *t, FILE *f, const char *path, bool is_empty)
{
    char stem[QN_PICTURE_PATH];

    if (!f || fclose(f) != 0)
        return QN_EIO;
    if (!is_empty)
        return QN_OK;
    snprintf(stem, sizeof(stem), "%.*s", (int)(strlen(path) - strlen(".dat")), path);
    remove_file(t->dir, path, "");
    remove_file(t->dir, stem, ".svg"); /* of an earlier rendering */
    remove_file(t->dir, stem, ".png");
    return QN_OK;
}

void qn_gnuplot_put(FILE *f, double value)
{
    if (isfinite(value))
        fprintf(f, " %.9g", value);
    else
        fputs(" NaN", f);
}

void qn_gnuplot_titles(struct qn_gnuplot *c, const struct qn_scene *g, const char *title,
                       const char *subtitle)
{
    char text[2 * QN_GNUPLOT_TEXT];

    qn_gnuplot_marked_up(c, "title", title);
    snprintf(text, sizeof(text), "%s%s%s", g ? g->title : "", g ? ": " : "", subtitle);
    qn_gnuplot_marked_up(c, "subtitle", text);
}

void qn_gnuplot_view(struct qn_gnuplot *c, const struct qn_scene *g, const struct qn_view *view)
{
    double rate = g->rates[qn_picture_rate(g)];
    char text[QN_GNUPLOT_TEXT];

    if (isnan(rate))
        snprintf(text, sizeof(text), "%s", view->subtitle);
    else
        snprintf(text, sizeof(text), "%s; failure rate %g", view->subtitle, rate);
    qn_gnuplot_titles(c, g, view->title, text);
    qn_gnuplot_marked_up(c, "xlabel", view->xlabel);
}

void qn_gnuplot_put_estimate(FILE *f, const struct qn_estimate *e, double unit)
{
    qn_gnuplot_put(f, e->value / unit);
    qn_gnuplot_put(f, (e->has_interval ? e->lo : e->value) / unit);
    qn_gnuplot_put(f, (e->has_interval ? e->hi : e->value) / unit);
}

/* Axes. */

#define ROOM 20.0

void qn_extent_add(struct qn_extent *x, const struct qn_estimate *e)
{
    if (!isfinite(e->value))
        return;
    if (!(e->value > 0)) {
        x->has_zero = true;
        return;
    }
    x->lo = fmin(x->lo, e->value);
    x->hi = fmax(x->hi, e->value);
    if (!e->has_interval)
        return;
    x->lo = fmin(x->lo, fmax(e->lo, e->value / ROOM));
    x->hi = fmax(x->hi, fmin(e->hi, e->value * ROOM));
}

double qn_gnuplot_margin(double lo, double hi)
{
    return fmax(pow(hi / lo, 0.05), 1.05);
}

static size_t add_tic(double value, char *out, size_t bytes, size_t at)
{
    if (at + 80 >= bytes)
        return at;
    return at +
           (size_t)snprintf(out + at, bytes - at, "%s'%.6g' %.9g", at ? ", " : "", value, value);
}

/* A step of 1, 2 or 5 times a power of ten of which some five fit between. */
static double even_step(double span)
{
    double decade = pow(10, floor(log10(span / 5))), in = span / 5 / decade;

    return decade * (in < 1.5 ? 1 : in < 3.5 ? 2 : in < 7.5 ? 5 : 10);
}

/* Where the axis is shorter than two octaves even steps; up to two decades 1, 2 and 5; beyond,
 * every decade, every other one, and so on. */
void qn_gnuplot_log_tics(double lo, double hi, char *out, size_t bytes)
{
    static const double steps[] = {1, 2, 5};
    int first = (int)floor(log10(lo)), last = (int)ceil(log10(hi));
    size_t n_steps = hi / lo <= 100 ? 3 : 1, at = 0;
    int every = 1 + (last - first) / 8;

    out[0] = '\0';
    if (hi / lo < 4) {
        double step = even_step(hi - lo);

        for (double i = ceil(lo / step); i * step <= hi; i++)
            at = add_tic(i * step, out, bytes, at);
        return;
    }
    for (int decade = first; decade <= last; decade += every)
        for (size_t i = 0; i < n_steps; i++) {
            double value = steps[i] * pow(10, decade);

            if (value >= lo * 0.999 && value <= hi * 1.001)
                at = add_tic(value, out, bytes, at);
        }
}

static void say_axis(struct qn_gnuplot *c, const char *axis, const char *what, double value)
{
    char name[16];

    snprintf(name, sizeof(name), "%s%s", axis, what);
    qn_gnuplot_number(c, name, value);
}

void qn_gnuplot_log_axis(struct qn_gnuplot *c, const char *axis, const struct qn_extent *extent,
                         double unit)
{
    double lo = isfinite(extent->lo) ? extent->lo / unit : 1;
    double hi = isfinite(extent->lo) ? extent->hi / unit : 1;
    double margin = qn_gnuplot_margin(lo, hi), low = lo / margin;
    double zero = extent->has_zero ? low / fmax(margin, 1.3) : low;
    char name[16], tics[QN_GNUPLOT_TEXT];
    size_t at;

    qn_gnuplot_log_tics(low, hi * margin, tics, sizeof(tics));
    at = strlen(tics);
    if (extent->has_zero)
        snprintf(tics + at, sizeof(tics) - at, "%s'≤ 0' %.9g", at ? ", " : "", zero);
    say_axis(c, axis, "lo", extent->has_zero ? zero / margin : low);
    say_axis(c, axis, "hi", hi * margin);
    say_axis(c, axis, "zero", zero);
    snprintf(name, sizeof(name), "%stics", axis);
    qn_gnuplot_text(c, name, tics);
}
