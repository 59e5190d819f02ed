#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "bench/base/text.h"
#include "bench/fit/parts.h"

/* With fewer rows, even the correct distribution may be further away than QN_FIT_FAR. */
#define FEW_ROWS 300

void qn_fit_say_duration(double ns, char *out)
{
    static const struct {
        const char *name;
        double ns;
    } units[] = {{"s", 1e9}, {"ms", 1e6}, {"us", 1e3}, {"ns", 1}};
    size_t i = 0;

    if (!isfinite(ns)) {
        snprintf(out, QN_FIT_TEXT_BYTES, "unbounded");
        return;
    }
    while (i + 1 < QN_ARRAY_LEN(units) && ns < units[i].ns)
        i++;
    snprintf(out, QN_FIT_TEXT_BYTES, "%.4g%s", ns / units[i].ns, units[i].name);
}

void qn_fit_say_parameter(const struct qn_fit_parameter *p, char *out)
{
    char value[QN_FIT_TEXT_BYTES], lo[QN_FIT_TEXT_BYTES], hi[QN_FIT_TEXT_BYTES];

    if (p->unit == QN_FIT_NUMBER) {
        snprintf(out, QN_FIT_TEXT_BYTES, "%s %.4g (%.4g to %.4g)", p->name, p->value, p->lo, p->hi);
        return;
    }
    qn_fit_say_duration(p->value, value);
    qn_fit_say_duration(p->lo, lo);
    qn_fit_say_duration(p->hi, hi);
    if (p->lo == p->hi)
        snprintf(out, QN_FIT_TEXT_BYTES, "%s %.60s", p->name, value);
    else
        snprintf(out, QN_FIT_TEXT_BYTES, "%s %.60s (%.60s to %.60s)", p->name, value, lo, hi);
}

void qn_fit_say_rows(const struct qn_fit_result *result, char *out)
{
    const struct qn_sample *s = result->sample;

    snprintf(out, QN_FIT_TEXT_BYTES, "%" PRIu64 " rows, %.60s%s%s", s->n_rows,
             result->source->column, result->source->unit ? " in " : "",
             result->source->unit ? result->source->unit : "");
    if (result->request->weight_column)
        qn_text_add(out, QN_FIT_TEXT_BYTES, ", which represent %.0f and count as %.0f (Kish)",
                    s->weight, qn_sample_size(s));
    if (result->source->n_steps_again > 0)
        qn_text_add(out, QN_FIT_TEXT_BYTES, ", %zu further lines of the same outputs or steps",
                    result->source->n_steps_again);
    if (s->n_zero_rows > 0)
        qn_text_add(out, QN_FIT_TEXT_BYTES, "; %" PRIu64 " are 0 and left out of the fits",
                    s->n_zero_rows);
}

void qn_fit_say_left_out(const struct qn_fit_result *result, char *out)
{
    const struct qn_fit_source *source = result->source;

    out[0] = '\0';
    if (source->notes[0])
        qn_text_add(out, QN_FIT_TEXT_BYTES, "%.160s", source->notes);
    if (source->n_elsewhere > 0)
        qn_text_add(out, QN_FIT_TEXT_BYTES, "%s%" PRIu64 " left out by --where", *out ? "; " : "",
                    source->n_elsewhere);
    if (source->n_bad > 0 && strlen(out) + 80 < QN_FIT_TEXT_BYTES)
        qn_text_add(out, QN_FIT_TEXT_BYTES,
                    "%s%" PRIu64 " left out by --skip-bad, the first %.120s", *out ? "; " : "",
                    source->n_bad, source->first_bad);
}

void qn_fit_say_failures(const struct qn_fit_result *result, char *out)
{
    const struct qn_sample *s = result->sample;

    if (!result->source->has_failures)
        snprintf(out, QN_FIT_TEXT_BYTES, "not in the trace");
    else if (s->n_failed_rows == 0)
        snprintf(out, QN_FIT_TEXT_BYTES, "no row failed; rate 0, 95 %% interval up to %.4g",
                 result->failure_hi);
    else
        snprintf(out, QN_FIT_TEXT_BYTES, "%" PRIu64 " rows failed; rate %.4g (%.4g to %.4g)%s",
                 s->n_failed_rows, result->failure_rate, result->failure_lo, result->failure_hi,
                 result->request->failed_column ? "" : ", from the column 'failed'");
}

void qn_fit_say_medians(const struct qn_fit_result *result, char *out)
{
    char failed[QN_FIT_TEXT_BYTES], other[QN_FIT_TEXT_BYTES];
    double failed_ns, other_ns;

    out[0] = '\0';
    if (!result->source->has_failures || !qn_sample_medians(result->sample, &failed_ns, &other_ns))
        return;
    qn_fit_say_duration(failed_ns, failed);
    qn_fit_say_duration(other_ns, other);
    snprintf(out, QN_FIT_TEXT_BYTES,
             "median of failing rows %.40s, of others %.40s: ratio %.3g; %s", failed, other,
             other_ns > 0 ? failed_ns / other_ns : INFINITY,
             result->chosen ? "in the workload each worker fails at random, whatever its length"
                            : "replayed rows preserve this");
}

void qn_fit_say_csv(const struct qn_fit_result *result, char *out)
{
    const struct qn_sample *s = result->sample;

    out[0] = '\0';
    if (result->has_csv && result->request->weight_column && s->kept_every > 1)
        snprintf(out, QN_FIT_TEXT_BYTES,
                 "The CSV is drawn by weight: one of every %.0f represented rows, %zu rows.",
                 s->kept_every, s->n_kept);
    else if (result->has_csv && result->request->weight_column)
        snprintf(out, QN_FIT_TEXT_BYTES,
                 "The CSV is drawn by weight: each row repeated by its weight, %zu rows.",
                 s->n_kept);
    else if (result->has_csv && s->kept_every > 1)
        snprintf(out, QN_FIT_TEXT_BYTES, "The CSV has one of every %.0f, %zu rows.", s->kept_every,
                 s->n_kept);
}

static void print_data(const struct qn_fit_result *result, FILE *file)
{
    static const double quantiles[] = {0.5, 0.9, 0.99, 0.999};
    const struct qn_sample *s = result->sample;
    char text[QN_FIT_TEXT_BYTES];

    qn_fit_say_rows(result, text);
    fprintf(file, "%s: %s\n", result->request->trace, text);
    qn_fit_say_left_out(result, text);
    if (text[0])
        fprintf(file, "  %s\n", text);
    qn_fit_say_duration(s->mean_ns, text);
    fprintf(file, "durations: mean %s", text);
    for (size_t i = 0; i < QN_ARRAY_LEN(quantiles); i++) {
        qn_fit_say_duration(qn_sample_quantile(s, quantiles[i]), text);
        fprintf(file, ", p%g %s", quantiles[i] * 100, text);
    }
    qn_fit_say_duration(s->longest_ns, text);
    fprintf(file, ", longest %s\n", text);
    if (result->request->bytes_column)
        fprintf(file, "memory: mean %.0f B\n", result->source->bytes_mean);
    qn_fit_say_failures(result, text);
    fprintf(file, "failures: %s\n", text);
    qn_fit_say_medians(result, text);
    if (text[0])
        fprintf(file, "  %s\n", text);
}

static void print_fit(const struct qn_fit_result *result, const struct qn_fit *f, FILE *file)
{
    char all[4 * QN_FIT_TEXT_BYTES] = "", one[QN_FIT_TEXT_BYTES];

    if (f->impossible) {
        fprintf(file, "  %-10s %-66s likelihood 0\n", qn_service_name(f->type), f->impossible);
        return;
    }
    for (unsigned i = 0; i < f->n_parameters; i++) {
        qn_fit_say_parameter(&f->parameters[i], one);
        qn_text_add(all, sizeof(all), "%s%s", i ? "; " : "", one);
    }
    fprintf(file, "%c %-10s %-66s %14.1f %13.1f %9.4f\n", f == result->chosen ? '*' : ' ',
            qn_service_name(f->type), all, f->log_likelihood, f->aic, f->distance);
}

static void print_scale(const struct qn_fit_result *result, FILE *file)
{
    double median_ns = qn_sample_quantile(result->sample, 0.5) * result->scale.scale;
    char text[QN_FIT_TEXT_BYTES];

    if (result->scale.scale == 1)
        return;
    qn_fit_say_duration(median_ns, text);
    fprintf(file, "scale: every duration times %g; half of them are then longer than %s\n",
            result->scale.scale, text);
    if (result->scale.is_short)
        fputs("  This machine's latencies, tens of us, are not scaled and not small compared with "
              "that: clock times of such calls\n"
              "  can't be scaled back, and may favour another strategy than the unscaled work. "
              "--scale 1 measures that.\n",
              file);
}

static void print_fits(const struct qn_fit_result *result, FILE *file)
{
    if (!result->has_fits) {
        fprintf(file, "\nfits: none, of fewer than %u rows above 0\n\n", QN_FIT_MIN_ROWS);
        return;
    }
    fprintf(file, "\n  %-10s %-66s %14s %13s %9s\n", "fit", "parameters, with 95 % intervals",
            "log-likelihood", "AIC", "distance");
    for (size_t i = 0; i < QN_FITS; i++)
        print_fit(result, &result->fits[i], file);
    fputs("\nLikelihood: maximum, from densities per ns (const and bimodal: probabilities). AIC: "
          "twice the number of\n"
          "parameters minus twice the log-likelihood; lowest is best. "
          "Distance: Kolmogorov-Smirnov, the largest\n"
          "difference between data and fit in the share of durations below any length.\n"
          "mu and sigma are of ln(duration / 1us).\n\n",
          file);
}

void qn_fit_print(const struct qn_fit_result *result, FILE *file)
{
    const struct qn_fit *chosen = result->chosen;

    print_data(result, file);
    print_fits(result, file);
    fprintf(file, "chosen: %s (%s)\n", chosen ? qn_service_name(chosen->type) : "trace",
            result->why);
    if (!chosen && result->request->is_auto && qn_sample_size_above(result->sample) < FEW_ROWS)
        fprintf(file,
                "  with so few rows even the correct distribution may be further away than %g; "
                "--as NAME selects one anyway\n",
                QN_FIT_FAR);
    print_scale(result, file);
}
