#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "bench/base/complain.h"
#include "bench/base/quote.h"
#include "bench/base/replace.h"
#include "bench/base/text.h"
#include "bench/base/units.h"
#include "bench/fit/parts.h"
#include "runtime/kernel.h"
#include "strategies/task.h"

/* Width of a comment line. */
#define LINE_CHARS 100

/* The trace's path relative to the folder of the .ini. False: there is none, or no key can hold
 * it. */
static bool relative_path(const struct qn_fit_request *r, char *out, size_t bytes)
{
    char from[PATH_MAX], to[PATH_MAX];
    size_t common = 0, at = 0;

    if (!realpath(r->dir, from) || !realpath(r->trace, to))
        return false;
    if (strcmp(from, "/") == 0)
        from[0] = '\0';
    for (size_t i = 0; i == 0 || (from[i - 1] && from[i - 1] == to[i - 1]); i++)
        if ((from[i] == '\0' || from[i] == '/') && to[i] == '/')
            common = i;
    out[0] = '\0';
    for (const char *p = from + common; (p = strchr(p, '/')) != NULL && at + 4 < bytes; p++)
        at += (size_t)snprintf(out + at, bytes - at, "../");
    return (size_t)snprintf(out + at, bytes - at, "%s", to + common + 1) < bytes - at;
}

/* A key of an .ini can hold any character except those that end its line. */
static bool is_plain(const char *text)
{
    for (const char *c = text; *c; c++)
        if ((unsigned char)*c < ' ' || *c == 0x7f)
            return false;
    return text[0] != '\0';
}

/* The key's value after "trace:", quoted if necessary. False: too long, or out of memory. */
static bool set_reference(struct qn_fit_result *result, const char *path, const char *column,
                          const char *unit)
{
    char *file = qn_quote_item(path), *name = qn_quote_item(column);
    int n = INT_MAX;

    if (file && name)
        n = snprintf(result->reference, sizeof(result->reference), "%s:%s%s%s", file, name,
                     unit ? ":" : "", unit ? unit : "");
    free(name);
    free(file);
    return n < (int)sizeof(result->reference);
}

static bool refer(struct qn_fit_result *result)
{
    const struct qn_fit_source *source = result->source;
    const char *failed = source->has_failures ? source->failed_column : NULL;
    char path[QN_PATH_BYTES];

    return source->is_referable && relative_path(result->request, path, sizeof(path)) &&
           is_plain(path) && is_plain(source->column) && (!failed || is_plain(failed)) &&
           set_reference(result, path, source->column, source->unit);
}

/* The CSV must not overwrite the trace, nor (without --force) anything else. */
static int check_csv(const struct qn_fit_request *r)
{
    char path[2 * QN_PATH_BYTES + 8];
    struct stat mine, trace;

    snprintf(path, sizeof(path), "%s/%s.csv", r->dir, r->base);
    if (stat(path, &mine) != 0)
        return QN_OK;
    if (stat(r->trace, &trace) == 0 && trace.st_ino == mine.st_ino && trace.st_dev == mine.st_dev) {
        qn_complain(
            "--out: the CSV for replaying would be '%s', the trace itself; use another name", path);
        return QN_EINVAL;
    }
    if (r->is_forced && S_ISREG(mine.st_mode))
        return QN_OK;
    qn_complain(
        "--out: the CSV for replaying would be '%s', which exists; use another name, or --force",
        path);
    return QN_EINVAL;
}

static void write_rows(const struct qn_fit_result *result, FILE *file)
{
    const struct qn_sample *s = result->sample;
    bool has_failures = result->source->has_failures;

    fputs(has_failures ? "duration_ns,failed\n" : "duration_ns\n", file);
    for (size_t i = 0; i < s->n_kept; i++) {
        char number[32];

        qn_format_number(s->kept[i].ns, number, sizeof(number));
        fprintf(file, has_failures ? "%s,%d\n" : "%s\n", number, s->kept[i].failed);
    }
}

static int not_written(const struct qn_fit_request *r, const char *name)
{
    qn_complain("%s/%s: could not be written: %s", r->dir, name, strerror(errno));
    return QN_EIO;
}

static int write_csv(struct qn_fit_result *result)
{
    const struct qn_fit_request *r = result->request;
    char name[QN_PATH_BYTES + 4];
    struct qn_replace file;
    int rc = check_csv(r);

    if (rc != QN_OK)
        return rc;
    result->has_csv = true;
    snprintf(name, sizeof(name), "%s.csv", r->base);
    if (!is_plain(name) || !set_reference(result, name, "duration_ns", "ns")) {
        qn_complain(
            "--out: '%s' is not allowed: a name without control characters, at most %d bytes "
            "long including the column",
            r->base, (int)sizeof(result->reference) - 1);
        return QN_EINVAL;
    }
    if (qn_replace_begin(&file, r->dir, name) != QN_OK)
        return not_written(r, name);
    write_rows(result, file.file);
    return qn_replace_end(&file, true) == QN_OK ? QN_OK : not_written(r, name);
}

/* Writes a comment, wrapped at spaces if possible. */
static void comment(FILE *file, const char *text)
{
    while (*text) {
        size_t n = strlen(text), cut = n;

        if (n > LINE_CHARS) {
            for (cut = LINE_CHARS; cut > 0 && text[cut] != ' '; cut--)
                continue;
            cut = cut ? cut : LINE_CHARS;
        }
        fputs("; ", file);
        for (size_t i = 0; i < cut; i++)
            putc((unsigned char)text[i] < ' ' ? '?' : text[i], file);
        putc('\n', file);
        text += cut + (text[cut] == ' ');
    }
}

static void comment_fit(const struct qn_fit_result *result, FILE *file)
{
    const struct qn_fit *f = result->chosen;
    char text[5 * QN_FIT_TEXT_BYTES], one[QN_FIT_TEXT_BYTES];

    snprintf(text, sizeof(text), "Chosen: %s (%s).",
             f ? qn_service_name(f->type) : "the trace itself", result->why);
    comment(file, text);
    if (!f)
        return;
    snprintf(text, sizeof(text), "Fitted, with 95 %% intervals: ");
    for (unsigned i = 0; i < f->n_parameters; i++) {
        qn_fit_say_parameter(&f->parameters[i], one);
        qn_text_add(text, sizeof(text), "%s%s", i ? "; " : "", one);
    }
    qn_text_add(text, sizeof(text), "%s.",
                f->type == QN_SERVICE_LOGNORMAL ? ", of ln(duration / 1us)" : "");
    comment(file, text);
}

static void comment_failures(const struct qn_fit_result *result, FILE *file)
{
    char text[3 * QN_FIT_TEXT_BYTES], one[QN_FIT_TEXT_BYTES];

    qn_fit_say_failures(result, one);
    snprintf(text, sizeof(text), "Failures: %s%s.", one,
             result->source->has_failures ? "" : "; failure-rates has its default");
    comment(file, text);
    qn_fit_say_medians(result, one);
    if (one[0]) {
        snprintf(text, sizeof(text), "Lengths: %s.", one);
        comment(file, text);
    }
}

static void write_comments(const struct qn_fit_result *result, FILE *file)
{
    const struct qn_fit_request *r = result->request;
    const char *name = strrchr(r->trace, '/') ? strrchr(r->trace, '/') + 1 : r->trace;
    char *text, rows[QN_FIT_TEXT_BYTES];

    fprintf(file, "; durations %s ", result->chosen ? "like those of" : "from");
    for (size_t i = 0; name[i] && i < LINE_CHARS; i++)
        putc((unsigned char)name[i] < ' ' ? '?' : name[i], file);
    putc('\n', file);
    qn_fit_say_rows(result, rows);
    if (asprintf(&text, "Made from %s (%s) by: %s", r->trace, rows, r->command) >= 0) {
        comment(file, text);
        free(text);
    }
    qn_fit_say_left_out(result, rows);
    comment(file, rows);
    comment_fit(result, file);
    comment_failures(result, file);
    qn_fit_say_csv(result, rows);
    comment(file, rows);
    if (result->scale.scale != 1) {
        snprintf(rows, sizeof(rows),
                 "Every service time is multiplied by scale, %g; poll and poll-cost apply to the "
                 "scaled work.",
                 result->scale.scale);
        comment(file, rows);
    }
}

static void write_service(const struct qn_fit_result *result, FILE *file)
{
    const struct qn_fit *f = result->chosen;
    char a[32], b[32];

    if (!f) {
        fprintf(file, "service = trace:%s\n", result->reference);
        return;
    }
    qn_format_duration((uint64_t)llround(f->type == QN_SERVICE_LOGNORMAL ? f->c : f->a), a,
                       sizeof(a));
    fprintf(file, "service = %s:", qn_service_name(f->type));
    if (f->type == QN_SERVICE_LOGNORMAL) {
        fprintf(file, "%.6g:%.6g:%s\n", f->a, f->b, a);
    } else if (f->type == QN_SERVICE_PARETO) {
        fprintf(file, "%s:%.6g\n", a, f->b);
    } else if (f->type == QN_SERVICE_UNIFORM || f->type == QN_SERVICE_BIMODAL) {
        qn_format_duration((uint64_t)llround(f->b), b, sizeof(b));
        fprintf(file, "%s:%s", a, b);
        fprintf(file, f->type == QN_SERVICE_BIMODAL ? ":%.6g\n" : "\n", f->c);
    } else {
        fprintf(file, "%s\n", a);
    }
}

/* No draw is longer than the longest observed duration: a heavy tail would be unbounded. */
static void write_cap(const struct qn_fit_result *result, FILE *file)
{
    double ns = result->sample->longest_ns * result->scale.scale;
    char text[32];

    if (!result->chosen)
        return;
    ns = fmin((double)QN_MAX_WORK_NS, fmax(QN_QUANTUM_NS, ceil(ns)));
    qn_format_duration((uint64_t)ns, text, sizeof(text));
    fprintf(file, "draw-cap = %s\n", text);
}

/* False: no memory. */
static bool write_failed_column(const char *name, FILE *file)
{
    char *quoted = qn_quote_item(name);

    if (quoted)
        fprintf(file, "failed-column = %s\n", quoted);
    free(quoted);
    return quoted != NULL;
}

/* False: no memory. */
static bool write_keys(const struct qn_fit_result *result, FILE *file)
{
    const struct qn_fit_request *r = result->request;
    bool is_written = true;

    fprintf(file, "[workload]\nworkers = %u\nthreads = %u\n", r->workers, r->threads);
    write_service(result, file);
    if (result->scale.scale != 1)
        fprintf(file, "scale = %.6g\n", result->scale.scale);
    write_cap(result, file);
    if (result->source->has_failures && result->chosen)
        fprintf(file, "failure-rates = %.6g\n", result->failure_rate);
    else if (result->source->has_failures)
        is_written =
            write_failed_column(result->has_csv ? "failed" : result->source->failed_column, file);
    if (r->bytes_column)
        fprintf(file, "memory = %.0fB\n", result->source->bytes_mean);
    return is_written;
}

int qn_fit_write(struct qn_fit_result *result)
{
    const struct qn_fit_request *r = result->request;
    char name[QN_PATH_BYTES + 4];
    struct qn_replace file;
    bool is_written;
    int rc;

    if (!result->chosen && !refer(result) && (rc = write_csv(result)) != QN_OK)
        return rc;
    snprintf(name, sizeof(name), "%s.ini", r->base);
    if (qn_replace_begin(&file, r->dir, name) != QN_OK)
        return not_written(r, name);
    write_comments(result, file.file);
    is_written = write_keys(result, file.file);
    return qn_replace_end(&file, is_written) == QN_OK ? QN_OK : not_written(r, name);
}
