#include "bench/tune/objective.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/base/complain.h"
#include "bench/base/units.h"
#include "bench/stats/numbers.h"
#include "runtime/err.h"

#define WORD_BYTES 128

/* Values with units. */

static bool parse_percent(const char *text, double *out)
{
    char number[WORD_BYTES];
    size_t n = strlen(text);
    const char *ignored;
    bool is_percent = n > 1 && text[n - 1] == '%';

    if (n == 0 || n >= sizeof(number))
        return false;
    snprintf(number, sizeof(number), "%.*s", (int)(n - is_percent), text);
    if (qn_parse_number(number, out, &ignored) != QN_OK)
        return false;
    *out /= is_percent ? 100 : 1;
    return true;
}

/* Parses a size held for a time, such as 64KiB.ms. */
static bool parse_byte_time(const char *text, double *out)
{
    const char *dot = strrchr(text, '.'), *ignored;
    char size[WORD_BYTES], duration[WORD_BYTES];
    uint64_t bytes, ns;

    if (!dot || dot == text || (size_t)(dot - text) >= sizeof(size))
        return false;
    snprintf(size, sizeof(size), "%.*s", (int)(dot - text), text);
    snprintf(duration, sizeof(duration), "1%s", dot + 1);
    if (qn_parse_size(size, &bytes, &ignored) != QN_OK ||
        qn_parse_duration(duration, &ns, &ignored) != QN_OK)
        return false;
    *out = (double)bytes * (double)ns;
    return true;
}

static int parse_limit(const struct qn_tune_metric *m, const char *text, double *out,
                       const char **allowed)
{
    uint64_t whole;
    const char *ignored;

    if (strcmp(m->info->unit, "ns") == 0) {
        *allowed = "a duration with its unit such as 500ns, 20us or 3ms";
        if (qn_parse_duration(text, &whole, &ignored) != QN_OK)
            return QN_EINVAL;
        *out = (double)whole;
    } else if (strcmp(m->info->unit, "bytes") == 0) {
        *allowed = "a size with its unit such as 64KiB or 2MiB";
        if (qn_parse_size(text, &whole, &ignored) != QN_OK)
            return QN_EINVAL;
        *out = (double)whole;
    } else if (strcmp(m->info->unit, "byte_ns") == 0) {
        *allowed = "a size times a duration, such as 64KiB.ms or 2MiB.s";
        if (!parse_byte_time(text, out))
            return QN_EINVAL;
    } else if (strcmp(m->info->unit, "share") == 0 || strcmp(m->info->unit, "ratio") == 0) {
        *allowed = "a share such as 0.01 or 1%";
        if (!parse_percent(text, out))
            return QN_EINVAL;
    } else {
        *allowed = "a number";
        if (qn_parse_number(text, out, &ignored) != QN_OK)
            return QN_EINVAL;
    }
    return QN_OK;
}

/* Objectives. */

void qn_objective_default(struct qn_objective *out)
{
    const char *ignored;
    int rc = qn_tune_metric_parse("wasted_mean", strlen("wasted_mean"), &out->terms[0].metric, NULL,
                                  &ignored);

    if (rc == QN_OK)
        rc = qn_tune_metric_parse("polling_mean", strlen("polling_mean"), &out->terms[1].metric,
                                  NULL, &ignored);
    out->n_terms = rc == QN_OK ? 2 : 0;
    out->terms[0].weight = out->terms[1].weight = 1;
    out->unit = "ns";
    snprintf(out->text, sizeof(out->text), "work for nothing (waste and polls)");
}

static const char not_small[] =
    "a metric to minimise; for this one higher is better, so use a bound (--slo MEASURE>=BOUND)";

int qn_objective_parse(const char *option, const char *text, struct qn_objective *out)
{
    const char *allowed;

    memset(out, 0, sizeof(*out));
    if (strcmp(text, "work") == 0) {
        qn_objective_default(out);
        return QN_OK;
    }
    if (qn_tune_metric_parse(text, strlen(text), &out->metric, NULL, &allowed) != QN_OK)
        return qn_refuse(option, text, allowed);
    if (out->metric.info->is_higher_better)
        return qn_refuse(option, text, not_small);
    qn_tune_metric_format(&out->metric, out->text, sizeof(out->text));
    out->unit = out->metric.info->unit;
    return QN_OK;
}

/* Parses a weight: ns of cost per unit. */
static bool parse_weight(const struct qn_tune_metric *m, const char *text, double *out)
{
    const char *slash = strchr(text, '/'), *ignored;
    bool is_time = strcmp(m->info->unit, "ns") == 0,
         is_byte_time = strcmp(m->info->unit, "byte_ns") == 0;
    bool has_size = is_byte_time || strcmp(m->info->unit, "bytes") == 0;
    char duration[WORD_BYTES];
    uint64_t ns, bytes = 1;

    if (is_time)
        return qn_parse_number(text, out, &ignored) == QN_OK && *out >= 0;
    if (has_size != (slash != NULL) || (slash && (size_t)(slash - text) >= sizeof(duration)))
        return false;
    snprintf(duration, sizeof(duration), "%.*s", slash ? (int)(slash - text) : (int)strlen(text),
             text);
    if (slash && (qn_parse_size(slash + 1, &bytes, &ignored) != QN_OK || bytes == 0) &&
        strcmp(slash + 1, "KiB") != 0 && strcmp(slash + 1, "MiB") != 0)
        return false;
    if (slash && strcmp(slash + 1, "KiB") == 0)
        bytes = 1024;
    if (slash && strcmp(slash + 1, "MiB") == 0)
        bytes = 1048576;
    if (strlen(text) >= sizeof(duration) || qn_parse_duration(duration, &ns, &ignored) != QN_OK)
        return false;
    *out = (double)ns / (double)bytes / (is_byte_time ? (double)QN_NS_PER_S : 1);
    return true;
}

static int take_term(const char *option, const char *word, struct qn_objective *out)
{
    const char *equals = strchr(word, '='), *allowed;
    struct qn_tune_metric m;
    bool has_statistic;
    double weight;

    if (!equals)
        return qn_refuse(option, word, "MEASURE=WEIGHT");
    if (out->n_terms == QN_MAX_TERMS)
        return qn_refuse(option, word, "at most 8 terms");
    if (qn_tune_metric_parse(word, (size_t)(equals - word), &m, &has_statistic, &allowed) != QN_OK)
        return qn_refuse(option, word, allowed);
    if (m.info->is_higher_better)
        return qn_refuse(option, word, not_small);
    if (has_statistic && m.statistic != QN_STATISTIC_MEAN)
        return qn_refuse(option, word, "means; other statistics can't be summed over calls");
    if (!parse_weight(&m, equals + 1, &weight))
        return qn_refuse(
            option, word,
            "a weight: a number for times, a duration per size (1us/KiB) for bytes, a duration "
            "for anything else");
    for (size_t i = 0; i < out->n_terms; i++)
        if (strcmp(out->terms[i].metric.info->name, m.info->name) == 0)
            return qn_refuse(option, word, "each metric once");
    m.statistic = QN_STATISTIC_MEAN;
    out->terms[out->n_terms].metric = m;
    out->terms[out->n_terms++].weight = weight;
    return QN_OK;
}

int qn_objective_weigh(const char *option, const char *text, struct qn_objective *out)
{
    const char *allowed;
    char **words;
    size_t n;
    int rc = qn_list_split(text, ',', &words, &n, &allowed);

    memset(out, 0, sizeof(*out));
    if (rc != QN_OK)
        return rc == QN_EINVAL ? qn_refuse(option, text, allowed) : rc;
    for (size_t i = 0; i < n && rc == QN_OK; i++)
        rc = take_term(option, words[i], out);
    qn_list_free(words, n);
    out->unit = "ns";
    snprintf(out->text, sizeof(out->text), "cost (%.200s)", text);
    return rc;
}

/* Overhead is relative to each call's time, and goodput is one figure per process: these are
 * weighted as they are. */
static bool of_all_calls(const struct qn_tune_metric *m)
{
    return m->info->kind != QN_METRIC_OF_PAIR && m->info->kind != QN_METRIC_OF_PROCESS;
}

static double weight_of(const struct qn_calls_part *calls)
{
    double sum = 0;

    for (size_t i = 0; i < calls->n; i++)
        sum += qn_calls_weight(calls, i);
    return sum;
}

static double sum_of(const struct qn_objective *o, const struct qn_process_calls *c,
                     struct qn_weighed *scratch)
{
    double total = 0;

    for (size_t i = 0; i < o->n_terms; i++) {
        const struct qn_tune_metric *m = &o->terms[i].metric;
        size_t n = qn_tune_metric_values(m, c, scratch);
        double calls = of_all_calls(m) ? weight_of(&c->calls) : (double)n, sum = 0;

        for (size_t j = 0; j < n; j++)
            sum += scratch->weights[j] * scratch->values[j];
        if (calls == 0)
            return NAN;
        total += o->terms[i].weight * sum / calls;
    }
    return total;
}

double qn_objective_of(const struct qn_objective *o, const struct qn_process_calls *c,
                       struct qn_weighed *scratch)
{
    if (o->n_terms > 0)
        return sum_of(o, c, scratch);
    return qn_tune_metric_values(&o->metric, c, scratch) > 0
               ? qn_tune_metric_take(&o->metric, scratch)
               : NAN;
}

struct qn_range qn_objective_range(const struct qn_objective *o)
{
    struct qn_range sum = {0, 0};

    for (size_t i = 0; i < o->n_terms; i++)
        if (o->terms[i].weight > 0) {
            sum.lo += o->terms[i].weight * o->terms[i].metric.info->range.lo;
            sum.hi += o->terms[i].weight * o->terms[i].metric.info->range.hi;
        }
    return o->n_terms > 0 ? sum : o->metric.info->range;
}

bool qn_objective_needs_floor(const struct qn_objective *o)
{
    bool needs = o->n_terms == 0 && o->metric.info->kind == QN_METRIC_OF_PAIR;

    for (size_t i = 0; i < o->n_terms; i++)
        needs |= o->terms[i].metric.info->kind == QN_METRIC_OF_PAIR;
    return needs;
}

/* Bounds. */

/* Writes into out why a bound is pointless, being always or never kept; false: it isn't. */
static bool says_nothing(const struct qn_bound *b, char *out, size_t bytes)
{
    const struct qn_range *range = &b->metric.info->range;

    if (b->is_floor && b->limit > range->hi)
        snprintf(out, bytes, "at most %g, since nothing is above it", range->hi);
    else if (b->is_floor && b->limit <= range->lo)
        snprintf(out, bytes, "above %g, since nothing is below it", range->lo);
    else if (!b->is_floor && b->limit < range->lo)
        snprintf(out, bytes, "at least %g, since nothing is below it", range->lo);
    else if (!b->is_floor && b->limit >= range->hi)
        snprintf(out, bytes, "below %g, since nothing is above it", range->hi);
    else if (!b->is_floor && b->limit == 0 && b->metric.info->is_stamp)
        snprintf(out, bytes, "above 0, since every call takes time");
    else
        return false;
    return true;
}

int qn_bound_parse(const char *option, const char *text, struct qn_bound *out)
{
    static const char form[] = "MEASURE<=BOUND or MEASURE>=BOUND, such as return_at_p99<=2ms";
    const char *sign = strpbrk(text, "<>"), *allowed;
    bool has_statistic;
    char why[WORD_BYTES];
    int rc;

    if (!sign || sign[1] != '=' || strlen(text) >= QN_BOUND_TEXT)
        return qn_refuse(option, text, form);
    memset(out, 0, sizeof(*out));
    if (qn_tune_metric_parse(text, (size_t)(sign - text), &out->metric, &has_statistic, &allowed) !=
        QN_OK)
        return qn_refuse(option, text, allowed);
    out->is_floor = *sign == '>';
    rc = parse_limit(&out->metric, sign + 2, &out->limit, &allowed);
    if (rc != QN_OK)
        return qn_refuse(option, text, allowed);
    if (says_nothing(out, why, sizeof(why)))
        return qn_refuse(option, text, why);
    snprintf(out->text, sizeof(out->text), "%s", text);
    return QN_OK;
}

int qn_bound_at_most(const char *option, const char *metric, const char *value,
                     struct qn_bound *out)
{
    const char *allowed = "fewer digits";
    int rc, n;

    memset(out, 0, sizeof(*out));
    rc = qn_tune_metric_parse(metric, strlen(metric), &out->metric, NULL, &allowed);
    if (rc == QN_OK)
        rc = parse_limit(&out->metric, value, &out->limit, &allowed);
    if (rc != QN_OK)
        return qn_refuse(option, value, allowed);
    if (out->limit < 0)
        return qn_refuse(option, value, "not negative");
    n = snprintf(out->text, sizeof(out->text), "%s<=%s", metric, value);
    return n < (int)sizeof(out->text) ? QN_OK : qn_refuse(option, value, allowed);
}
