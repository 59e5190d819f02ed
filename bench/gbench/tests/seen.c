#include "seen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void copy(char *to, const char *from)
{
    snprintf(to, SEEN_TEXT, "%s", from);
}

static int on_context(void *user, const gb_context *context, gb_output *output)
{
    (void)output;
    ((struct seen *)user)->n_contexts++;
    return context->num_cpus > 0;
}

static void on_config(void *user, double min_time_s, int has_explicit_iterations,
                      int64_t iterations)
{
    (void)min_time_s;
    (void)has_explicit_iterations;
    (void)iterations;
    ((struct seen *)user)->n_configs++;
}

static void keep(struct seen_run *to, const gb_run *run)
{
    to->run = *run;
    copy(to->name, run->name);
    copy(to->function_name, run->parts.function_name);
    copy(to->args, run->parts.args);
    copy(to->time_type, run->parts.time_type);
    copy(to->threads, run->parts.threads);
    copy(to->min_time, run->parts.min_time);
    copy(to->min_warmup_time, run->parts.min_warmup_time);
    copy(to->iterations, run->parts.iterations);
    copy(to->repetitions, run->parts.repetitions);
    copy(to->aggregate_name, run->aggregate_name);
    copy(to->label, run->label);
    copy(to->message, run->skip_message);
    for (size_t i = 0; i < run->n_counters && i < SEEN_ITEMS; i++) {
        copy(to->counters[i].name, run->counters[i].name);
        to->counters[i].value = run->counters[i].value;
        to->counters[i].flags = run->counters[i].flags;
        to->counters[i].one_k = run->counters[i].one_k;
    }
    for (size_t i = 0; i < run->n_statistics && i < SEEN_ITEMS; i++) {
        copy(to->statistics[i].name, run->statistics[i].name);
        to->statistics[i].unit = run->statistics[i].unit;
    }
}

static void on_runs(void *user, const gb_run *runs, size_t n, gb_output *output)
{
    struct seen *s = user;

    (void)output;
    for (size_t i = 0; i < n && s->n < SEEN_RUNS; i++)
        keep(&s->runs[s->n++], &runs[i]);
}

static void on_finalize(void *user, gb_output *output)
{
    (void)output;
    ((struct seen *)user)->n_finalized++;
}

void seen_init(struct seen *s)
{
    memset(s, 0, sizeof(*s));
    s->runs = calloc(SEEN_RUNS, sizeof(*s->runs));
    assert_non_null(s->runs);
}

void seen_free(struct seen *s)
{
    free(s->runs);
}

gb_reporter seen_reporter(struct seen *s)
{
    return (gb_reporter){on_context, on_config, on_runs, on_finalize, s};
}

size_t seen_run(struct seen *s, const char *filter)
{
    gb_reporter reporter = seen_reporter(s);
    size_t n = 9999;

    s->n = s->n_contexts = s->n_configs = s->n_finalized = 0;
    assert_int_equal(gb_run_benchmarks(filter, &reporter, NULL, &n), GB_OK);
    return n;
}

double seen_counter(const struct seen *s, size_t i, const char *name)
{
    for (size_t c = 0; c < s->runs[i].run.n_counters && c < SEEN_ITEMS; c++)
        if (strcmp(s->runs[i].counters[c].name, name) == 0)
            return s->runs[i].counters[c].value;
    fail_msg("run %s has no counter %s", s->runs[i].name, name);
    return 0;
}

void seen_nothing(gb_state *state, void *user)
{
    (void)user;
    GB_LOOP (state)
        GB_CLOBBER();
}
