/*
 * The keys of a workload: each a long option of `quench run` and, under the same name, a key of a
 * workload file. One table serves both.
 *
 * Values are gathered as text first, each with where it came from; the command line overrides the
 * file, and only what is left is parsed. So a complaint can name its option, or its file and line.
 */
#ifndef QN_BENCH_OPTIONS_KEYS_H
#define QN_BENCH_OPTIONS_KEYS_H

#include <stdio.h>

#include "bench/options/parse.h"

/* X(symbol, name, argument, help) in the order of --help. */
#define QN_KEYS(X) \
    X(WORKERS, "workers", "N,...", "workers a call (16)") \
    X(TREE, "tree", "DEPTHxBREADTH,...", "nested fan-outs; BREADTH to the DEPTH workers a call") \
    X(THREADS, "threads", "N", "threads of the pool (2)") \
    X(KIND, "kind", "cpu|wait|deaf|pipe|eventfd|condvar", \
      "what work is: computing, waiting, computing deafly, blocking in a call") \
    X(SERVICE, "service", "DIST", \
      "service time: const:100us, uniform:A:B, exp:MEAN, " \
      "lognormal:MU:SIGMA:SCALE, pareto:MIN:ALPHA, " \
      "bimodal:A:B:SHARE or trace:FILE.csv:COLUMN[:UNIT]") \
    X(FAILURE_RATES, "failure-rates", "P,...", "chance of each worker to fail") \
    X(FAILURE_AT, "failure-at", "WHEN", \
      "end, start, uniform, step=K (having taken K resources), " \
      "or first=K: workers 0 to K-1 fail") \
    X(MEMORY, "memory", "SIZE", "working set of a running worker") \
    X(RESOURCES, "resources", "A:C:SIZE:P,...", \
      "what each worker takes, one a step of its " \
      "work: time to take and to close, size, chance that closing fails; " \
      "4x20us:10us:64KiB:0.1 are four") \
    X(CLEANUP_DEFECTS, "cleanup-defects", "N:N:N:N[:N]", \
      "weights of incomplete, wrong, no, unordered " \
      "and sound cleanup, for close-mixed (14:10:4:3)") \
    X(RESULT, "result", "SIZE", "what a worker's report carries") \
    X(POLL, "poll", "DURATION,...", "work between two looks at the token (2us)") \
    X(POLL_COST, "poll-cost", "DURATION", "extra work of each look (0ns)") \
    X(ITEM, "item", "DIST", \
      "cost of one item of the work, for policy stride=items; as service, but " \
      "no trace (work has no items)") \
    X(ARRIVAL, "arrival", "MODE,...", \
      "when the next call begins: isolated (the last has settled), " \
      "back-to-back (it has returned), poisson:RATE (open loop, " \
      "calls a second)") \
    X(SCALE, "scale", "X", "every service time times X (1)") \
    X(FAILED_COLUMN, "failed-column", "NAME", "column of the trace that says which rows failed") \
    X(DRAW_CAP, "draw-cap", "DURATION", "longest service time (1000 times the distribution's)")

enum qn_key {
#define QN_KEY_ENUM(symbol, name, arg, help) QN_KEY_##symbol,
    QN_KEYS(QN_KEY_ENUM)
#undef QN_KEY_ENUM
        QN_KEY_COUNT
};

#define QN_ORIGIN_BYTES 320

/* A value as text; text NULL: not given. Owns its text. */
struct qn_key_value {
    char *text;
    char origin[QN_ORIGIN_BYTES]; /* "--workers", or "file.ini:3: workers" */
};

/* The values of one workload, or those of the command line. */
struct qn_key_values {
    struct qn_key_value of[QN_KEY_COUNT];
    struct qn_key_value strategies, policy; /* of a file: what its calls are to be run with */
};

extern const char *const qn_key_names[QN_KEY_COUNT];

/* Sets a value; replaces the one before. QN_ENOMEM. */
int qn_key_value_set(struct qn_key_value *value, const char *text,
                     const char *origin) QN_MUST_CHECK;

/* Sets one value; replaces the one before. QN_ENOMEM. */
int qn_key_set(struct qn_key_values *values, enum qn_key key, const char *text,
               const char *origin) QN_MUST_CHECK;
void qn_key_values_free(struct qn_key_values *values);

/*
 * Reads a workload file (bench/base/ini.h) into *values. QN_EINVAL after a complaint, which names file
 * and line; QN_ENOENT without one: there is no such file. QN_ENOMEM.
 */
int qn_keys_read_file(const char *path, struct qn_key_values *values) QN_MUST_CHECK;

/*
 * Makes a workload of values: over's where it has one, else file's, else the default. dir is the
 * folder that a trace named in the file is relative to. QN_EINVAL after a complaint; QN_ENOMEM. On
 * QN_OK the caller gives *out to qn_workload_set_fini.
 */
int qn_keys_make_workload(const char *name, const char *dir, const struct qn_key_values *file,
                          const struct qn_key_values *over,
                          struct qn_workload_set *out) QN_MUST_CHECK;
void qn_workload_set_fini(struct qn_workload_set *set);

/*
 * Writes the keys that a workload was given, "key = value" a line, in the order of the table, so that
 * a file of them is the same workload wherever it stands: the path of a trace is absolute. A key of
 * `instead` that has a text stands in place of the workload's.
 */
void qn_keys_write(const struct qn_workload_set *set, const struct qn_key_values *instead,
                   FILE *file);

#endif
