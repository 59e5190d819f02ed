/* quench fit: from durations to a workload file; docs/add-a-workload.md says how to use it. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench/base/commands.h"
#include "bench/base/complain.h"
#include "bench/base/exit.h"
#include "bench/base/quote.h"
#include "bench/fit/parts.h"
#include "bench/machine/memory.h"
#include "bench/stats/binomial.h"
#include "runtime/kernel.h"

/* With weights, the rate is that of the rows represented, its interval that of the effective number
 * of rows. */
static void rate_failures(struct qn_fit_result *result)
{
    const struct qn_sample *s = result->sample;
    double n = rint(qn_sample_size(s)), k;

    if (!result->source->has_failures)
        return;
    result->failure_rate = s->failed_weight / s->weight;
    k = rint(result->failure_rate * n);
    qn_binomial_interval((size_t)k, (size_t)n, 0.95, &result->failure_lo, &result->failure_hi);
}

/* Prints the command that measures the workload, quoted as a list item and for the shell. */
static void print_command(const struct qn_fit_request *r)
{
    char *path, *item, *word;

    if (asprintf(&path, "%s/%s.ini", r->dir, r->base) < 0)
        path = NULL;
    item = path ? qn_quote_item(path) : NULL;
    word = item ? qn_quote_for_shell(item) : NULL;
    if (word)
        printf("\n  measure it with: quench run --workload %s\n", word);
    free(word);
    free(item);
    free(path);
}

static void say_written(const struct qn_fit_result *result, bool has_picture)
{
    const struct qn_fit_request *r = result->request;
    char rows[QN_FIT_TEXT_BYTES];

    printf("written: %s/%s.ini", r->dir, r->base);
    if (result->has_csv)
        printf(", %s.csv", r->base);
    if (has_picture)
        printf(", %s-fit.svg, %s-fit.png", r->base, r->base);
    qn_fit_say_csv(result, rows);
    if (rows[0])
        printf("\n  %s", rows);
    print_command(r);
}

/* Warns of what is probably a mistake, or can't be measured on this machine. */
static void warn(const struct qn_fit_result *result)
{
    const struct qn_fit_request *r = result->request;
    double median_ns = qn_sample_quantile(result->sample, 0.5) * result->scale.scale;
    char text[QN_FIT_TEXT_BYTES];

    qn_fit_say_duration(median_ns, text);
    if (median_ns > 0 && median_ns < QN_QUANTUM_NS)
        qn_complain(
            "warning: half of the durations are at most %.40s%s, shorter than a quantum of work "
            "(%uns), and are rounded to whole quanta: is --unit right?",
            text, result->scale.scale != 1 ? " as scaled" : "", QN_QUANTUM_NS);
    if (median_ns > (double)QN_MAX_WORK_NS)
        qn_complain("warning: half of the durations are at least %.40s%s, longer than work may be "
                    "(1073s); use a smaller --scale",
                    text, result->scale.scale != 1 ? " as scaled" : "");
    if (r->bytes_column)
        qn_memory_warn(r->threads, (uint64_t)result->source->bytes_mean, r->workers);
}

static int fit(const struct qn_fit_request *r, struct qn_sample *sample)
{
    struct qn_fit_source source;
    struct qn_fit_result result = {.request = r, .source = &source, .sample = sample};
    int rc = qn_fit_read(r, &source, sample), picture = QN_ENOENT;

    if (rc != QN_OK)
        return rc;
    result.has_fits = sample->n_rows - sample->n_zero_rows >= QN_FIT_MIN_ROWS;
    if (result.has_fits)
        qn_fit_all(sample, result.fits);
    rate_failures(&result);
    if ((rc = qn_fit_choose(&result)) != QN_OK || (rc = qn_fit_write(&result)) != QN_OK)
        return rc;
    if (!r->has_no_plots && result.has_fits)
        picture = qn_fit_draw(&result);
    qn_fit_print(&result, stdout);
    say_written(&result, picture == QN_OK);
    warn(&result);
    return picture == QN_ENOENT ? QN_OK : picture;
}

int qn_fit_command(int argc, char **argv)
{
    struct qn_fit_request request;
    struct qn_sample *sample = NULL;
    int rc = qn_fit_request_parse(argc, argv, &request);

    if (rc == QN_OK)
        rc = qn_sample_create(&sample);
    if (rc == QN_OK)
        rc = fit(&request, sample);
    if (rc == QN_ENOMEM)
        qn_complain("out of memory");
    qn_sample_destroy(sample);
    qn_fit_request_fini(&request);
    return rc == QN_OK ? QN_EXIT_DONE : rc == QN_EIO ? QN_EXIT_NOT_WHOLE : QN_EXIT_BAD_INPUT;
}
