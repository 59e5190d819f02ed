/* A reporter that keeps copies of what it was given, for tests. */
#ifndef GBENCH_TESTS_SEEN_H
#define GBENCH_TESTS_SEEN_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "gbench.h"

#define SEEN_RUNS 700
#define SEEN_TEXT 96
#define SEEN_ITEMS 16

struct seen_run {
    gb_run run; /* its pointers are stale: use what follows */
    char name[SEEN_TEXT], function_name[SEEN_TEXT], args[SEEN_TEXT], time_type[SEEN_TEXT],
        threads[SEEN_TEXT], min_time[SEEN_TEXT], min_warmup_time[SEEN_TEXT], iterations[SEEN_TEXT],
        repetitions[SEEN_TEXT], aggregate_name[SEEN_TEXT], label[SEEN_TEXT], message[SEEN_TEXT];
    struct {
        char name[SEEN_TEXT];
        double value;
        int flags;
        gb_one_k one_k;
    } counters[SEEN_ITEMS];
    struct {
        char name[SEEN_TEXT];
        gb_statistic_unit unit;
    } statistics[SEEN_ITEMS];
};

struct seen {
    struct seen_run *runs; /* SEEN_RUNS of them */
    size_t n, n_contexts, n_configs, n_finalized;
};

void seen_init(struct seen *s);
void seen_free(struct seen *s);
gb_reporter seen_reporter(struct seen *s);

/* Runs what matches filter ("": all) into s, emptied before; the number that matched. */
size_t seen_run(struct seen *s, const char *filter);

/* The value of a counter of run i; fails the test if there is none. */
double seen_counter(const struct seen *s, size_t i, const char *name);

/* A benchmark that loops and does nothing. */
void seen_nothing(gb_state *state, void *user);

#endif
