/*
 * A C API for Google Benchmark (libbenchmark 1.7).
 *
 * Benchmarks are registered with a function and a user pointer, run by the library's own loop, and
 * reported through the library's JSON reporter or a table of C functions. This folder includes nothing
 * but the library and can be lifted out as it is. It compiles as C and as C++.
 *
 * No C++ exception leaves a function declared here: one that is thrown inside comes back as a code. A
 * C function called by the library (a benchmark, a reporter) must not longjmp out of it.
 *
 * Threads. Registration, initialisation and runs are one thread's. A gb_state belongs to the thread
 * that the library called with it.
 *
 * Traps of the library that show through:
 *   - with manual time and fixed iterations no limit of wall time applies;
 *   - manual time of a benchmark with several threads is averaged over them, counters are summed;
 *   - gb_keep_running crosses from C to C++ once an iteration; gb_keep_running_batch once a batch,
 *         while (gb_keep_running_batch(state, gb_max_iterations(state)))
 *     runs the body once for all iterations;
 *   - State::name() does not exist in 1.7: pass what you need through user data;
 *   - a file reporter without --benchmark_out exits the process: none is passed on from here.
 */
#ifndef GBENCH_H
#define GBENCH_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* X(name, value, text) */
#define GB_ERR_LIST(X)                                                                             \
    X(GB_OK, 0, "success")                                                                         \
    X(GB_EINVAL, -1, "invalid argument")                                                           \
    X(GB_ENOMEM, -2, "out of memory")                                                              \
    X(GB_EUNKNOWN, -3, "the benchmark library or a benchmark threw")                               \
    X(GB_EOUTPUT, -4, "the output callback refused its text")

enum gb_err {
#define GB_ERR_ENUM(name, value, text) name = (value),
    GB_ERR_LIST(GB_ERR_ENUM)
#undef GB_ERR_ENUM
};

/* The text of a code, "unknown error" for any other number; static storage. */
const char *gb_err_text(int err);

typedef struct gb_state gb_state;
typedef struct gb_benchmark gb_benchmark;

/* A benchmark: called by the library with its state and the pointer it was registered with. */
typedef void gb_fn(gb_state *state, void *user);

typedef enum gb_unit { GB_NANOSECOND, GB_MICROSECOND, GB_MILLISECOND, GB_SECOND } gb_unit;

/* Flags of a counter, as the library's Counter::Flags. */
enum gb_counter_flags {
    GB_COUNTER_DEFAULT = 0,
    GB_COUNTER_IS_RATE = 1,
    GB_COUNTER_AVG_THREADS = 2,
    GB_COUNTER_IS_ITERATION_INVARIANT = 4,
    GB_COUNTER_AVG_ITERATIONS = 8,
    GB_COUNTER_INVERT = 16,
};

/* Life. */

/* Takes the library's own --benchmark_… options out of argv. argv must outlive every run. */
int gb_initialize(int *argc, char **argv);
/* True (and a message on stderr) if options are left that the library does not know. */
int gb_report_unrecognized(int argc, char **argv);
/* Adds a key to the context of every report. GB_EINVAL on NULL. */
int gb_add_context(const char *key, const char *value);
/* Frees what the library and this API hold; benchmarks registered before are gone. */
void gb_shutdown(void);

/* Registration. */

/*
 * Registers fn under name. *benchmark, if wanted, is valid until gb_clear_registered or gb_shutdown.
 * The name is copied. GB_EINVAL: name or fn NULL, or name empty; GB_ENOMEM.
 */
int gb_register(const char *name, gb_fn *fn, void *user, gb_benchmark **benchmark);
void gb_clear_registered(void);

/* Each returns GB_OK, or GB_EINVAL for an argument out of its range. */
int gb_benchmark_iterations(gb_benchmark *benchmark, int64_t n);    /* >= 1: fixed, no trial runs */
int gb_benchmark_repetitions(gb_benchmark *benchmark, int n);       /* >= 1 */
int gb_benchmark_min_time(gb_benchmark *benchmark, double seconds); /* > 0 */
int gb_benchmark_unit(gb_benchmark *benchmark, gb_unit unit);
int gb_benchmark_use_manual_time(gb_benchmark *benchmark);
int gb_benchmark_use_real_time(gb_benchmark *benchmark);

/* State: inside a benchmark. */

int gb_keep_running(gb_state *state);                  /* true while there is another iteration */
int gb_keep_running_batch(gb_state *state, int64_t n); /* true while there are n more to do */
int64_t gb_max_iterations(const gb_state *state);
int64_t gb_iterations(const gb_state *state); /* done so far */
void gb_pause_timing(gb_state *state);        /* about 200 ns */
void gb_resume_timing(gb_state *state);
/* Adds seconds of manual time; only with gb_benchmark_use_manual_time. */
void gb_set_iteration_time(gb_state *state, double seconds);
/* Ends the benchmark as failed; the caller returns after it. The message is copied. */
void gb_skip_with_error(gb_state *state, const char *message);
int gb_error_occurred(const gb_state *state);
void gb_set_label(gb_state *state, const char *label);
int gb_set_counter(gb_state *state, const char *name, double value, int flags);
int gb_thread_index(const gb_state *state);

/* Runs and reports. */

typedef struct gb_counter {
    const char *name;
    double value; /* as reported: flags already applied */
} gb_counter;

/* One run, as a reporter is given it; everything it points to lives until the callback returns. */
typedef struct gb_run {
    const char *name;          /* with all suffixes */
    const char *function_name; /* as registered */
    int is_aggregate;
    const char *aggregate_name; /* "" unless is_aggregate */
    const char *label;
    int has_error;
    const char *error_message;
    int64_t iterations;
    int64_t threads, repetition_index, repetitions;
    gb_unit unit;
    double real_time, cpu_time;                         /* an iteration, in unit */
    double real_accumulated_time, cpu_accumulated_time; /* of all iterations, seconds */
    const gb_counter *counters;
    size_t n_counters;
} gb_run;

/* A reporter. Any function may be NULL. */
typedef struct gb_reporter {
    int (*report_context)(void *user, int n_cpus, double cycles_per_second); /* 0: don't run */
    void (*report_runs)(void *user, const gb_run *runs, size_t n);
    void (*finalize)(void *user);
    void *user;
} gb_reporter;

/*
 * Runs the registered benchmarks whose names match the filter (a regular expression; NULL: all) and
 * reports to the reporter (NULL: to nobody). *n_run, if wanted, is the number that matched.
 * GB_EUNKNOWN: something threw; what was reported before stays reported.
 */
int gb_run_reporter(const char *filter, const gb_reporter *reporter, size_t *n_run);

/* Takes text of a report; returns 0, or another value to refuse. */
typedef int gb_write_fn(void *user, const char *text, size_t len_bytes);

/*
 * The same with the library's JSON reporter, whose text goes to write at the end, in one piece.
 * GB_EOUTPUT: write refused it. Nothing goes to stdout.
 */
int gb_run_json(const char *filter, gb_write_fn *write, void *user, size_t *n_run);

/* Keeps the compiler from dropping a value, or from keeping memory in registers; as the library's. */
#if defined(__GNUC__) || defined(__clang__)
#define GB_DO_NOT_OPTIMIZE(value) __asm__ volatile("" : : "r,m"(value) : "memory")
#define GB_CLOBBER() __asm__ volatile("" : : : "memory")
#endif

#ifdef __cplusplus
}
#endif

#endif
