#include "bench/report/canvas.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/base/cause.h"
#include "bench/base/replace.h"
#include "bench/folder/writer.h"
#include "bench/report/picture/looks.h"

#define PATH_BYTES 4096

/* Files. */

static const char *data_ending(const struct qn_canvas *c)
{
    return c->marks ? "-bars.dat" : ".dat";
}

static FILE *open_file(struct qn_canvas *c, const char *ending)
{
    char name[PATH_BYTES];
    FILE *f;

    snprintf(name, sizeof(name), "%s%s", c->path, ending);
    f = qn_results_open(c->dir, name, "we");
    if (!f)
        c->error = errno;
    return f;
}

int qn_canvas_begin(struct qn_canvas *c, const char *dir, const char *path, bool has_marks)
{
    *c = (struct qn_canvas){.dir = dir, .path = path};
    c->marks = has_marks ? open_file(c, "-marks.dat") : NULL;
    if (has_marks && !c->marks)
        return QN_EIO;
    c->data = open_file(c, data_ending(c));
    if (!c->data && c->marks)
        fclose(c->marks);
    return c->data ? QN_OK : QN_EIO;
}

static void remove_file(const struct qn_canvas *c, const char *ending)
{
    char file[2 * PATH_BYTES];

    if (snprintf(file, sizeof(file), "%s/%s%s", c->dir, c->path, ending) < (int)sizeof(file))
        unlink(file);
}

static void close_file(struct qn_canvas *c, FILE *f)
{
    if (qn_close_whole(f) != QN_OK && !c->error)
        c->error = errno;
}

int qn_canvas_make_folder(const char *dir)
{
    char path[PATH_BYTES];

    snprintf(path, sizeof(path), "%s/plots", dir);
    if (mkdir(path, 0777) == 0 || errno == EEXIST)
        return QN_OK;
    return qn_complain_of_file(path, NULL);
}

/* Lines and panels. */

void qn_canvas_titles(struct qn_canvas *c, const char *about, const char *title,
                      const char *subtitle)
{
    qn_gnuplot_marked_up(&c->call, "title", "%s", title);
    qn_gnuplot_marked_up(&c->call, "subtitle", "%s%s%s", about ? about : "", about ? ": " : "",
                         subtitle);
}

void qn_canvas_line(struct qn_canvas *c, const char *strategy, const char *name)
{
    const char **grown = reallocarray(c->strategies, c->n_lines + 1, sizeof(*grown));

    if (!grown) {
        c->call.is_short = true;
        return;
    }
    c->strategies = grown;
    c->strategies[c->n_lines++] = strategy;
    c->label_chars = strlen(name) > c->label_chars ? strlen(name) : c->label_chars;
    qn_gnuplot_add(&c->call, "names", "|", "%s", name);
}

void qn_canvas_panel(struct qn_canvas *c, const char *format, ...)
{
    char text[256];
    va_list ap;

    va_start(ap, format);
    vsnprintf(text, sizeof(text), format, ap);
    va_end(ap);
    qn_gnuplot_add(&c->call, "panels", "|", "%s", text);
    c->n_panels++;
}

void qn_canvas_panel_axis(struct qn_canvas *c, double lo, double hi)
{
    double margin = qn_axis_margin(lo, hi);

    qn_axis_log_tics(&c->call, "tics", "|", lo / margin, hi * margin);
    qn_gnuplot_add(&c->call, "ends", " ", "%.9g %.9g", lo / margin, hi * margin);
}

static void give_looks(struct qn_canvas *c)
{
    struct qn_look *looks = calloc(c->n_lines, sizeof(*looks));

    if (!looks) {
        c->call.is_short = true;
        return;
    }
    qn_looks_of(c->strategies, c->n_lines, looks);
    for (size_t i = 0; i < c->n_lines; i++) {
        qn_gnuplot_add(&c->call, "line_colours", " ", "%s", looks[i].colour);
        qn_gnuplot_add(&c->call, "line_dashes", " ", "%d", looks[i].dash);
        qn_gnuplot_add(&c->call, "line_marks", " ", "%d", looks[i].mark);
    }
    free(looks);
}

/* The script's variables for files, lines and panels. */
static void complete(struct qn_canvas *c)
{
    char data[PATH_BYTES];

    snprintf(data, sizeof(data), "%s%s", c->path, data_ending(c));
    qn_gnuplot_files(&c->call, c->path, data);
    if (c->marks) {
        qn_gnuplot_text(&c->call, "bars", "%s", data);
        qn_gnuplot_text(&c->call, "marks", "%s-marks.dat", c->path);
    }
    if (c->n_panels > 0)
        qn_gnuplot_number(&c->call, "n_panels", (double)c->n_panels);
    if (c->label_chars > 0) /* of lines, or of rows */
        qn_gnuplot_number(&c->call, "label_chars", (double)c->label_chars);
    if (c->n_lines == 0)
        return;
    qn_gnuplot_number(&c->call, "n", (double)c->n_lines);
    if (c->strategies[0])
        give_looks(c);
}

int qn_canvas_end(struct qn_canvas *c, const char *script, int rc)
{
    static const char *const rendered[] = {".svg", ".png"}; /* earlier */
    char log[PATH_BYTES];

    close_file(c, c->data);
    if (c->marks)
        close_file(c, c->marks);
    if (!c->is_drawn) {
        remove_file(c, data_ending(c));
        if (c->marks)
            remove_file(c, "-marks.dat");
        for (size_t i = 0; i < QN_ARRAY_LEN(rendered); i++)
            remove_file(c, rendered[i]);
    }
    if (rc == QN_OK && c->error)
        rc = QN_EIO;
    snprintf(log, sizeof(log), "%s/plots/gnuplot.log", c->dir);
    if (rc == QN_OK && c->is_drawn) {
        complete(c);
        rc = qn_gnuplot_run(&c->call, c->dir, script, log, "quench report");
    }
    qn_gnuplot_fini(&c->call);
    free(c->strategies);
    return rc;
}
