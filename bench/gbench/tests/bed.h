/* Benchmarks registered and run for tests, and the fixtures of their groups. */
#ifndef GBENCH_TESTS_BED_H
#define GBENCH_TESTS_BED_H

#include "seen.h"

/* What was seen of the last run. */
extern struct seen seen;

/* A group's fixtures: make and free what is seen. */
int begin_seen(void **unused);
int end_seen(void **unused);

/* A test's fixture: forgets what is registered. */
int clear_registered(void **unused);

/* A benchmark that loops and does nothing. */
gb_benchmark *add_named(const char *name);

/* The same with one iteration a run: quick, whatever is done with it. */
gb_benchmark *add_quick(const char *name);

/* A benchmark, "b", of this body. */
gb_benchmark *add_body(gb_fn *fn, void *user, int64_t iterations);

/* Runs what is registered, and asserts that it is one run. */
const gb_run *run_one(void);

/* Runs it, and asserts that it fails with this message. */
void expect_failure(const char *message);

#endif
