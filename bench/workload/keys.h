/*
 * The keys of a workload, a line each: keys of workload files, and options of `quench run` with the
 * same names. These lines give --help, `quench list keys`, parsing and writing of files;
 * bench/options/keys.h reads values by them.
 *
 * VALUE(SYMBOL, name, argument, standard, type, field, help)
 *   a single value: `field` becomes a field of struct qn_workload, of one of the types below.
 * PARTS(SYMBOL, name, argument, standard, take, settle, help)
 *   more than that: a list, or several fields. bench/options/key_takes.h has what reads it (take) and what holds it
 *   against other keys once all are read (settle); none: nothing does.
 * OF_FILE(SYMBOL, name, argument, help)
 *   only in files.
 *
 * standard: the default's text; NULL: none. In the order of --help.
 */
#ifndef QN_BENCH_WORKLOAD_KEYS_H
#define QN_BENCH_WORKLOAD_KEYS_H

#include <stdint.h>

#include "strategies/task.h"

/* Which calls are drawn: as they come, or failed ones on purpose (bench/workload/draw.h). X(symbol, name) */
#define QN_DRAWS(X) X(PLAIN, "plain") X(CONDITIONAL, "conditional") X(AUTO, "auto")

enum qn_draw {
#define QN_DRAW_ENUM(symbol, name) QN_DRAW_##symbol,
    QN_DRAWS(QN_DRAW_ENUM)
#undef QN_DRAW_ENUM
        QN_DRAW_COUNT
};
/* Indexed by enum qn_draw; immutable. */
extern const char *const qn_draw_names[QN_DRAW_COUNT];

/* Types: what a field is; bench/options/keys.c has how each is read (take_TYPE), bench/run/manifest.c how it is written
 * (PUT_TYPE). */
typedef unsigned qn_key_threads;
typedef enum qn_draw qn_key_draw;
typedef uint64_t qn_key_size;     /* bytes */
typedef uint64_t qn_key_duration; /* ns */

#define QN_KEYS(VALUE, PARTS, OF_FILE) \
    PARTS(WORKERS, "workers", "N,...", "16", workers, none, "workers per call (16)") \
    PARTS(TREE, "tree", "DEPTHxBREADTH,...", NULL, trees, trees, \
          "nested fan-outs; BREADTH to the power of DEPTH workers per call") \
    VALUE(THREADS, "threads", "N", "2", threads, threads, "threads of the pool (2)") \
    PARTS(KIND, "kind", "cpu|wait|deaf|pipe|eventfd|condvar|own", "cpu", kind, none, \
          "what the work is: computing, waiting, computing without polls, blocking in a call, " \
          "or code of your own (--work); or a mix, a worker's kind being drawn: cpu:0.9,pipe:0.1") \
    PARTS(WORK, "work", "FILE.so[:NAME]", NULL, none, work, \
          "run work of your own (quench/work.h) in the place of the kernel: kind own, whose work " \
          "and waste are wall time; deflate, scan and query come with Quench") \
    PARTS(SERVICE, "service", "DIST", "exp:100us", service, service, \
          "service time: const:100us, uniform:A:B, exp:MEAN, " \
          "lognormal:MU:SIGMA:SCALE, pareto:MIN:ALPHA, " \
          "bimodal:A:B:SHARE or trace:FILE.csv:COLUMN[:UNIT]") \
    PARTS(FAILURE_RATES, "failure-rates", "P,...", NULL, rates, rates, \
          "probability that a worker fails") \
    PARTS(FAILING_CALLS, "failing-calls", "SHARE,...", NULL, failing_calls, none, \
          "share of calls in which a worker fails, such as 2%, in the place of " \
          "failure-rates, which follow from it and the number of workers") \
    VALUE(DRAW, "draw", "WHICH", "auto", draw, draw, \
          "which calls: plain, as they come; conditional, every other one with a failure, each " \
          "weighed by its true share; auto, that where fewer than 1% of calls fail") \
    PARTS(FAILURE_AT, "failure-at", "WHEN", "end", failure_at, failure_at, \
          "end, start, uniform, step=K (after taking K resources), " \
          "or first=K: workers 0 to K-1 fail") \
    VALUE(MEMORY, "memory", "SIZE", "0B", size, memory_bytes, "working set of a running worker") \
    PARTS(RESOURCES, "resources", "A:C:SIZE:P,...", NULL, resources, none, \
          "what each worker takes, one per step of its " \
          "work: time to take and to close, size, chance that closing fails; " \
          "4x20us:10us:64KiB:0.1 means four") \
    PARTS(CLEANUP_DEFECTS, "cleanup-defects", "N:N:N:N[:N]", NULL, defects, defects, \
          "weights of incomplete, wrong, no, unordered " \
          "and sound cleanup, for close-mixed (14:10:4:3)") \
    VALUE(RESULT, "result", "SIZE", "0B", size, result_bytes, "size of a worker's result") \
    PARTS(POLL, "poll", "DURATION,...", "2us", polls, none, \
          "work between two polls of the token (2us)") \
    VALUE(POLL_COST, "poll-cost", "DURATION", "0ns", duration, poll_cost_ns, \
          "extra work per poll (0ns)") \
    PARTS(ITEM, "item", "DIST", NULL, item, none, \
          "cost of one item of the work, for policy stride=items; like service, but " \
          "no trace (work has no items)") \
    PARTS(ARRIVAL, "arrival", "MODE,...", "isolated", arrivals, none, \
          "when the next call begins: isolated (the last has settled), " \
          "back-to-back (it has returned), poisson:RATE (open loop, " \
          "calls per second)") \
    PARTS(SCALE, "scale", "X", "1", scale, none, "multiply every service time by X (1)") \
    PARTS(FAILED_COLUMN, "failed-column", "NAME", NULL, none, failed_column, \
          "column of the trace that says which rows failed") \
    PARTS(DRAW_CAP, "draw-cap", "DURATION", NULL, cap, cap, \
          "longest service time (1000 times the distribution's)") \
    OF_FILE(STRATEGIES, "strategies", "NAME,...", "workload files only: the strategies to run") \
    OF_FILE(POLICY, "policy", "KEY=VALUE,...", "workload files only: their policies")

#endif
