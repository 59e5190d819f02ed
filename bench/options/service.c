#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/complain.h"
#include "bench/base/nearest.h"
#include "bench/base/quote.h"
#include "bench/base/units.h"
#include "bench/options/key_takes.h"
#include "bench/workload/trace.h"
#include "runtime/kernel.h"

/* The longest draw without a draw-cap, in units of the distribution's own scale. */
#define DEFAULT_CAP_FACTOR 1000.0

enum parameter { PARAM_DURATION, PARAM_POSITIVE, PARAM_NUMBER, PARAM_SHARE, PARAM_NOT_NEGATIVE };

struct distribution {
    const char *name;
    enum qn_service_type type;
    unsigned n;
    enum parameter parameters[3];
    const char *example; /* of what follows the name */
    const char *allowed;
};

#define A_DURATION "a duration with its unit such as 100us, above 0 and at most 24h"

/* clang-format off */
static const struct distribution distributions[] = {
    {"const", QN_SERVICE_CONST, 1, {PARAM_DURATION}, ":100us", "const:DURATION, " A_DURATION},
    {"uniform", QN_SERVICE_UNIFORM, 2, {PARAM_DURATION, PARAM_DURATION}, ":50us:150us",
     "uniform:A:B, two durations with their units such as 100us, 0 < A <= B, at most 24h"},
    {"exp", QN_SERVICE_EXP, 1, {PARAM_DURATION}, ":100us", "exp:MEAN, " A_DURATION},
    {"lognormal", QN_SERVICE_LOGNORMAL, 3, {PARAM_NUMBER, PARAM_NOT_NEGATIVE, PARAM_DURATION}, ":0:1:100us",
     "lognormal:MU:SIGMA:SCALE, a number, a number >= 0 and " A_DURATION},
    {"pareto", QN_SERVICE_PARETO, 2, {PARAM_DURATION, PARAM_POSITIVE}, ":50us:2",
     "pareto:MIN:ALPHA, " A_DURATION ", and a number above 0"},
    {"bimodal", QN_SERVICE_BIMODAL, 3, {PARAM_DURATION, PARAM_DURATION, PARAM_SHARE}, ":50us:1ms:0.05",
     "bimodal:A:B:SHARE, two durations with their units such as 100us, above 0 and at most 24h, and the "
     "share of B from 0 to 1"},
};
/* clang-format on */

static const char service_allowed[] =
    "const:100us, uniform:A:B, exp:MEAN, lognormal:MU:SIGMA:SCALE, pareto:MIN:ALPHA, "
    "bimodal:A:B:SHARE or trace:FILE.csv:COLUMN[:UNIT]";
static const char item_allowed[] = "const:1us, uniform:A:B, exp:MEAN, lognormal:MU:SIGMA:SCALE, "
                                   "pareto:MIN:ALPHA or bimodal:A:B:SHARE";

static bool parse_parameter(const char *text, enum parameter what, double *out)
{
    const char *ignored;
    uint64_t ns;

    switch (what) {
    case PARAM_DURATION:
        if (qn_parse_duration(text, &ns, &ignored) != QN_OK || ns == 0)
            return false;
        *out = (double)ns;
        return true;
    case PARAM_SHARE:
        return qn_parse_share(text, out, &ignored) == QN_OK;
    case PARAM_NUMBER:
        return qn_parse_number(text, out, &ignored) == QN_OK;
    case PARAM_NOT_NEGATIVE:
        return qn_parse_number(text, out, &ignored) == QN_OK && *out >= 0;
    case PARAM_POSITIVE:
        return qn_parse_number(text, out, &ignored) == QN_OK && *out > 0;
    }
    return false;
}

static int set_distribution(struct qn_service *s, const struct qn_key_value *v,
                            const struct distribution *d, char **parts, size_t n_parts)
{
    double values[3] = {0};

    if (n_parts != d->n + 1)
        return qn_key_refuse(v, d->allowed);
    for (unsigned i = 0; i < d->n; i++)
        if (!parse_parameter(parts[i + 1], d->parameters[i], &values[i]))
            return qn_key_refuse(v, d->allowed);
    if (d->type == QN_SERVICE_UNIFORM && values[0] > values[1])
        return qn_key_refuse(v, d->allowed);
    s->type = d->type;
    s->a = values[0];
    s->b = values[1];
    s->c = values[2];
    return QN_OK;
}

static int find_distribution(struct qn_service *s, const struct qn_key_value *v, char **parts,
                             size_t n_parts, const char *allowed)
{
    const char *argument = strchr(v->text, ':');
    struct qn_nearest nearest;

    qn_nearest_begin(&nearest, parts[0]);
    for (size_t i = 0; i < QN_ARRAY_LEN(distributions); i++) {
        if (strcmp(parts[0], distributions[i].name) == 0)
            return set_distribution(s, v, &distributions[i], parts, n_parts);
        qn_nearest_offer_with(&nearest, distributions[i].name,
                              argument ? argument : distributions[i].example);
    }
    if (allowed == service_allowed)
        qn_nearest_offer_with(&nearest, "trace", argument ? argument : "");
    return qn_nearest_refuse(&nearest, v->origin, v->text, allowed);
}

/* A path relative to a folder (NULL: the working folder), to be freed; NULL: out of memory. */
static char *path_in(const char *dir, const char *path)
{
    bool is_whole = path[0] == '/' || !dir;
    char *joined;

    return asprintf(&joined, "%s%s%s", is_whole ? "" : dir, is_whole ? "" : "/", path) < 0 ? NULL
                                                                                           : joined;
}

/* Warns of very short durations: most likely a mistake in the unit. */
static void warn_of_short_rows(const struct qn_service *s, const struct qn_key_value *v)
{
    size_t n_short = 0;

    for (size_t i = 0; i < s->n_rows; i++)
        n_short += s->rows[i] > 0 && s->rows[i] * s->scale < QN_QUANTUM_NS;
    if (n_short * 2 > s->n_rows)
        qn_complain(
            "warning: %s: '%s': %zu of %zu durations%s are shorter than a quantum of work (%uns) "
            "and are rounded to whole quanta: is the unit right?",
            v->origin, v->text, n_short, s->n_rows, s->scale != 1 ? ", scaled," : "",
            QN_QUANTUM_NS);
}

static int load_trace(const struct qn_key_making *m, char **parts, size_t n_parts)
{
    const struct qn_key_value *v = &m->of[QN_KEY_SERVICE];
    const struct qn_key_value *failed_column = &m->of[QN_KEY_FAILED_COLUMN];
    const struct qn_cell_unit *unit = n_parts == 4 ? qn_cell_time_unit(parts[3]) : NULL;
    char why[QN_TRACE_WHY_BYTES];
    char *path, *failed = NULL;
    int rc;

    if (n_parts < 3 || n_parts > 4 || (n_parts == 4 && qn_duration_unit(parts[3]) == 0))
        return qn_key_refuse(v, "trace:FILE.csv:COLUMN[:UNIT], UNIT one of ns, us, ms, s, m, h");
    rc = failed_column->text ? qn_unquote(failed_column->text, &failed) : QN_OK;
    if (rc != QN_OK)
        return rc == QN_EINVAL
                   ? qn_key_refuse(
                         failed_column,
                         "a column's name; if quoted, with nothing after the closing quote")
                   : rc;
    path = path_in(m->dir, parts[1]);
    rc = path ? qn_trace_load(path, parts[2], unit, failed, &m->set->trace, why) : QN_ENOMEM;
    free(path);
    free(failed);
    if (rc != QN_OK && rc != QN_ENOMEM)
        qn_complain("%s: %s", v->origin, why);
    return rc;
}

int qn_key_take_service(const struct qn_key_value *v, void *set)
{
    struct qn_service *service = &((struct qn_workload_set *)set)->base.service;
    const char *ignored;
    char **parts;
    size_t n_parts;
    int rc = qn_list_split(v->text, ':', &parts, &n_parts, &ignored);

    if (rc != QN_OK)
        return rc == QN_EINVAL ? qn_key_refuse(v, service_allowed) : rc;
    if (strcmp(parts[0], "trace") == 0)
        service->type = QN_SERVICE_TRACE;
    else
        rc = find_distribution(service, v, parts, n_parts, service_allowed);
    qn_list_free(parts, n_parts);
    return rc;
}

int qn_key_settle_service(const struct qn_key_making *m)
{
    const struct qn_key_value *v = &m->of[QN_KEY_SERVICE];
    struct qn_workload *w = &m->set->base;
    const char *ignored;
    char **parts;
    size_t n_parts;
    int rc;

    if (w->service.type != QN_SERVICE_TRACE)
        return QN_OK;
    if (qn_list_split(v->text, ':', &parts, &n_parts, &ignored) != QN_OK)
        return QN_ENOMEM; /* it was split before, so it can be */
    rc = load_trace(m, parts, n_parts);
    qn_list_free(parts, n_parts);
    if (rc != QN_OK)
        return rc;
    w->service.rows = m->set->trace->rows_ns;
    w->service.n_rows = m->set->trace->n_rows;
    w->trace_failed = m->set->trace->failed;
    warn_of_short_rows(&w->service, v);
    return QN_OK;
}

int qn_key_settle_failed_column(const struct qn_key_making *m)
{
    const struct qn_key_value *v = &m->of[QN_KEY_FAILED_COLUMN];

    return v->text && m->set->base.service.type != QN_SERVICE_TRACE
               ? qn_key_refuse(v, "only with a service time from a trace")
               : QN_OK;
}

/* "trace:FILE:COLUMN[:UNIT]", to be freed; NULL: out of memory. */
static char *join_trace(const char *path, const char *column, const char *unit)
{
    char *file = qn_quote_item(path), *name = qn_quote_item(column), *text;

    if (!file || !name ||
        asprintf(&text, "trace:%s:%s%s%s", file, name, unit ? ":" : "", unit ? unit : "") < 0)
        text = NULL;
    free(name);
    free(file);
    return text;
}

int qn_key_absolute_trace(const char *dir, char **text)
{
    const char *ignored;
    char **parts, *joined, *path, *made;
    size_t n;
    int rc = qn_list_split(*text, ':', &parts, &n, &ignored);

    if (rc != QN_OK)
        return QN_ENOMEM; /* it was split before, so it can be */
    joined = path_in(dir, parts[1]);
    path = joined ? realpath(joined, NULL) : NULL;
    made = path ? join_trace(path, parts[2], n > 3 ? parts[3] : NULL) : NULL;
    if (made) {
        free(*text);
        *text = made;
    }
    free(path);
    free(joined);
    qn_list_free(parts, n);
    return made ? QN_OK : QN_ENOMEM;
}

/* The scale of a distribution, or a trace's longest row, ns: a length that draws are sure to come
 * close to. */
static double scale_of(const struct qn_service *s)
{
    double longest = s->a;

    switch (s->type) {
    case QN_SERVICE_LOGNORMAL:
        return s->c;
    case QN_SERVICE_UNIFORM:
    case QN_SERVICE_BIMODAL:
        return fmax(s->a, s->b);
    case QN_SERVICE_TRACE:
        for (size_t i = 0; i < s->n_rows; i++)
            longest = fmax(longest, s->rows[i]);
        return longest;
    default:
        return s->a;
    }
}

int qn_key_take_scale(const struct qn_key_value *v, void *set)
{
    double *scale = &((struct qn_workload_set *)set)->base.service.scale;
    const char *ignored;

    if (qn_parse_number(v->text, scale, &ignored) != QN_OK || !(*scale > 0))
        return qn_key_refuse(v, "a finite number above 0");
    return QN_OK;
}

int qn_key_take_cap(const struct qn_key_value *v, void *set)
{
    const char *ignored;
    uint64_t cap_ns;

    if (qn_parse_duration(v->text, &cap_ns, &ignored) != QN_OK || cap_ns < QN_QUANTUM_NS ||
        cap_ns > QN_MAX_WORK_NS)
        return qn_key_refuse(v,
                             "a duration with its unit, from 250ns (one quantum of work) to 1073s");
    ((struct qn_workload_set *)set)->base.service.cap_ns = (double)cap_ns;
    return QN_OK;
}

/* Without a cap: 1000 times the distribution's own scale, at most QN_MAX_WORK_NS. A service time
 * that exceeds this itself is refused rather than silently cut. */
int qn_key_settle_cap(const struct qn_key_making *m)
{
    struct qn_service *s = &m->set->base.service;
    double scale_ns = s->scale * scale_of(s);

    if (m->of[QN_KEY_DRAW_CAP].text)
        return QN_OK;
    if (scale_ns > (double)QN_MAX_WORK_NS)
        return qn_key_refuse(&m->of[QN_KEY_SERVICE],
                             "service times of at most 1073s after scaling, or longer ones with "
                             "a --draw-cap");
    s->cap_ns = s->type == QN_SERVICE_TRACE
                    ? (double)QN_MAX_WORK_NS
                    : fmin((double)QN_MAX_WORK_NS, DEFAULT_CAP_FACTOR * scale_ns);
    return QN_OK;
}

int qn_key_take_item(const struct qn_key_value *v, void *set)
{
    struct qn_workload *w = &((struct qn_workload_set *)set)->base;
    const char *ignored;
    char **parts;
    size_t n_parts;
    int rc = qn_list_split(v->text, ':', &parts, &n_parts, &ignored);

    if (rc != QN_OK)
        return rc == QN_EINVAL ? qn_key_refuse(v, item_allowed) : rc;
    rc = find_distribution(&w->item, v, parts, n_parts, item_allowed);
    w->item.scale = 1;
    w->item.cap_ns = (double)QN_MAX_DURATION_NS;
    w->has_item = rc == QN_OK;
    qn_list_free(parts, n_parts);
    return rc;
}
