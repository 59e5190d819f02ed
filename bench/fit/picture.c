#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bench/base/complain.h"
#include "bench/fit/parts.h"
#include "bench/report/axis.h"

/* More points per line would not be visible. */
#define DATA_POINTS 500
#define FIT_POINTS 400

/* The axis omits this share of the data at its low end, where a few tiny durations would compress
 * the rest. */
#define LOW_SHARE 1e-4

struct unit {
    const char *name;
    double ns;
};

static const struct unit *unit_of(double ns)
{
    static const struct unit units[] = {{"s", 1e9}, {"ms", 1e6}, {"us", 1e3}, {"ns", 1}};
    size_t i = 0;

    while (i + 1 < QN_ARRAY_LEN(units) && ns < units[i].ns)
        i++;
    return &units[i];
}

/* Adds a step wherever the share has grown visibly. */
static void write_data(const struct qn_sample *s, double lo_ns, double unit_ns, FILE *file)
{
    double below = s->zero_weight, written = 0;

    fprintf(file, "%.9g %.6g\n", lo_ns / unit_ns, below / s->weight);
    for (size_t i = 0; i < QN_SAMPLE_BINS; i++) {
        double middle = (qn_sample_bin_ns(i) + qn_sample_bin_ns(i + 1)) / 2;

        if (s->bins[i] == 0)
            continue;
        below += s->bins[i];
        if (below - written < s->weight / DATA_POINTS && below < s->weight)
            continue;
        written = below;
        if (middle >= lo_ns)
            fprintf(file, "%.9g %.6g\n", fmin(middle, s->longest_ns) / unit_ns, below / s->weight);
    }
    fputs("\n\n", file);
}

static void write_fit(const struct qn_fit *f, double lo_ns, double hi_ns, double unit_ns,
                      FILE *file)
{
    for (int i = 0; i <= FIT_POINTS; i++) {
        double ns = lo_ns * pow(hi_ns / lo_ns, (double)i / FIT_POINTS);

        fprintf(file, "%.9g %.6g\n", ns / unit_ns, qn_fit_below(f, ns));
    }
    fputs("\n\n", file);
}

/* Writes the data blocks, and passes their names, styles and widths. */
static int write_blocks(const struct qn_fit_result *result, double lo_ns, double hi_ns,
                        double unit_ns, FILE *file, struct qn_gnuplot *call)
{
    int n = 1;

    write_data(result->sample, lo_ns, unit_ns, file);
    qn_gnuplot_text(call, "names", "the data");
    qn_gnuplot_text(call, "styles", "1");
    qn_gnuplot_text(call, "widths", "2");
    for (size_t i = 0; i < QN_FITS; i++) {
        const struct qn_fit *f = &result->fits[i];

        if (f->impossible)
            continue;
        write_fit(f, lo_ns, hi_ns, unit_ns, file);
        qn_gnuplot_add(call, "names", "|", "%s (%.3f)", qn_service_name(f->type), f->distance);
        qn_gnuplot_add(call, "styles", " ", "%d", (int)f->type + 2);
        qn_gnuplot_add(call, "widths", " ", "%s", f == result->chosen ? "5" : "1.5");
        n++;
    }
    qn_gnuplot_number(call, "n", n);
    return fclose(file) == 0 ? QN_OK : QN_EIO;
}

static void say_titles(const struct qn_fit_result *result, const char *unit,
                       struct qn_gnuplot *call)
{
    const struct qn_fit *f = result->chosen;
    const char *trace = result->request->trace;
    char rows[QN_FIT_TEXT_BYTES];

    trace = strrchr(trace, '/') ? strrchr(trace, '/') + 1 : trace;
    qn_gnuplot_marked_up(call, "title", f ? "%s is drawn as %s" : "%s is replayed%s", trace,
                         f ? qn_service_name(f->type) : "");
    qn_fit_say_rows(result, rows);
    qn_gnuplot_marked_up(call, "subtitle",
                         "%s. In brackets: the largest vertical distance from the data", rows);
    qn_gnuplot_text(call, "xlabel", "duration, %s", unit);
}

/* gnuplot runs in the output folder and writes to a name without characters that it would
 * interpret; the pictures are renamed once complete. */
struct files {
    char name[64], data[80];
    char data_path[QN_PATH_BYTES + 96], log_path[2 * QN_PATH_BYTES + 32];
};

static void name_files(const struct qn_fit_request *r, struct files *f)
{
    snprintf(f->name, sizeof(f->name), ".quench-fit-%ld", (long)getpid());
    snprintf(f->data, sizeof(f->data), "%s.dat", f->name);
    snprintf(f->data_path, sizeof(f->data_path), "%s/%s", r->dir, f->data);
    snprintf(f->log_path, sizeof(f->log_path), "%s/%s-fit.log", r->dir, r->base);
}

/* Moves a picture into place, or removes it if drawing failed. */
static int place(const struct qn_fit_request *r, const struct files *f, const char *ending,
                 bool is_good)
{
    char from[QN_PATH_BYTES + 96], to[2 * QN_PATH_BYTES + 32];

    snprintf(from, sizeof(from), "%s/%s.%s", r->dir, f->name, ending);
    snprintf(to, sizeof(to), "%s/%s-fit.%s", r->dir, r->base, ending);
    if (!is_good) {
        unlink(from);
        return QN_OK;
    }
    if (rename(from, to) == 0)
        return QN_OK;
    qn_complain("%s: could not be written: %s", to, strerror(errno));
    return QN_EIO;
}

static int run(const struct qn_fit_request *r, const struct files *f, struct qn_gnuplot *call)
{
    static const char *const endings[] = {"svg", "png"};
    int rc = qn_gnuplot_run(call, r->dir, "fit.gp", f->log_path, "quench fit --force");

    for (size_t i = 0; i < QN_ARRAY_LEN(endings); i++) {
        int placed = place(r, f, endings[i], rc == QN_OK);

        rc = rc == QN_OK ? placed : rc;
    }
    if (rc == QN_OK || rc == QN_ENOENT)
        unlink(f->log_path);
    return rc;
}

int qn_fit_draw(const struct qn_fit_result *result)
{
    const struct qn_sample *s = result->sample;
    double lo_ns = fmax(s->shortest_ns, qn_sample_quantile(s, LOW_SHARE)), hi_ns = s->longest_ns;
    double margin = qn_axis_margin(lo_ns, hi_ns);
    const struct unit *unit = unit_of(qn_sample_quantile(s, 0.5));
    struct qn_extent extent = {.lo = lo_ns, .hi = hi_ns};
    struct qn_gnuplot call = {.n = 0};
    struct files f;
    FILE *file;
    int rc;

    name_files(result->request, &f);
    file = fopen(f.data_path, "we");
    if (!file) {
        qn_complain("%s: could not be written: %s", f.data_path, strerror(errno));
        return QN_EIO;
    }
    qn_gnuplot_files(&call, f.name, f.data);
    rc = write_blocks(result, lo_ns / margin, hi_ns * margin, unit->ns, file, &call);
    say_titles(result, unit->name, &call);
    qn_axis_log(&call, "x", &extent, unit->ns);
    if (rc == QN_OK)
        rc = run(result->request, &f, &call);
    qn_gnuplot_fini(&call);
    unlink(f.data_path);
    return rc;
}
