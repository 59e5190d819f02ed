/*
 * A tuning of a made-up machine: the trials of its cells are computed, so that the right answer is
 * known exactly and nothing is timed.
 */
#ifndef QN_BENCH_TUNE_TUNE_BED_H
#define QN_BENCH_TUNE_TUNE_BED_H

#include <stddef.h>
#include <stdint.h>

#include "bench/schema/plan.h"
#include "bench/tune/command.h"
#include "bench/tune/search/stages.h"

/* A tuning with its plan. */
struct tune_bed {
    struct qn_tuning_request request;
    struct qn_run_options options;
    struct qn_plan plan;
    struct qn_tune tune;
    struct qn_controller controller;
    size_t n_measured;
};

/* What a failed call of the cell wastes on average, and what its polls cost a call. */
struct made_machine {
    double (*waste)(const struct qn_cell *cell);
    double (*polling)(const struct qn_cell *cell);
    double (*retained)(const struct qn_cell *cell);
    double (*returns)(const struct qn_cell *cell); /* NULL: after 0.8 ms, all of them */
    double (*detects)(const struct qn_cell *cell); /* NULL: the first error within 2 us */
};

/* A machine by the closed forms: 20 us is the best interval, 10 and 40 us cost a quarter more. */
extern const struct made_machine polling_machine;

/* Building blocks of machines: waste as above, and a cost of 0. */
double waste_by_poll(const struct qn_cell *cell);
double costs_nothing(const struct qn_cell *cell);

/* Parses the options, makes the plan and begins the tuning. Ended by tune_end. */
void tune_begin(struct tune_bed *b, int argc, char **argv);
void tune_end(struct tune_bed *b);

/* Hands over the next process of a cell. tune_try_give returns what the tuning answers. */
void tune_give(struct tune_bed *b, const struct made_machine *m, uint32_t cell);
int tune_try_give(struct tune_bed *b, const struct made_machine *m, uint32_t cell);

/* Measures what the search asks for until it asks for nothing. */
void tune_run(struct tune_bed *b, const struct made_machine *m);

/*
 * The same until the time is used up, each process taking process_ns; returns the text, to be freed
 * by the caller.
 */
char *tune_run_timed(struct tune_bed *b, const struct made_machine *m, uint64_t process_ns);

/* The cell that was chosen; asserts that there is one. */
const struct qn_cell *tune_choice(const struct tune_bed *b);

void assert_says(const char *text, const char *words);

#endif
