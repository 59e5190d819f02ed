/*
 * A C API for Google Benchmark (libbenchmark 1.7.1 and newer).
 *
 * Benchmarks are C functions, registered with a user pointer, run by the library's own loop, and
 * reported by the library's own reporters or by tables of C functions. This folder includes
 * nothing but the library and can be lifted out as it is. The header compiles as C99 and as C++.
 *
 *     static void sum(gb_state *state, void *user)
 *     {
 *         int64_t n = gb_range(state, 0), total = 0;
 *
 *         GB_LOOP(state) {
 *             for (int64_t i = 0; i < n; i++)
 *                 total += i;
 *             GB_DO_NOT_OPTIMIZE(total);
 *         }
 *         gb_set_items_processed(state, gb_iterations(state) * n);
 *     }
 *
 *     static int register_all(void)
 *     {
 *         gb_benchmark *b;
 *         int rc = gb_register("sum", sum, NULL, &b);
 *
 *         return rc ? rc : gb_benchmark_range(b, 8, 8192);
 *     }
 *
 *     int main(int argc, char **argv) { return gb_main(argc, argv, register_all); }
 *
 * Errors. Functions that return int return GB_OK (0) or a negative code of GB_ERR_LIST, unless
 * they say that they answer a question. A code leaves everything as it was. What the library
 * itself checks by aborting the process (a second number of arguments, a minimum time beside a
 * number of iterations, a benchmark that returns before its loop has ended …) comes back as a
 * code here, or as a run that is reported as failed.
 *
 * Exceptions. None leaves a function declared here. One thrown inside a benchmark ends that run,
 * which is reported as failed; one thrown inside a hook, a statistic, a reporter or a memory
 * manager ends gb_run_benchmarks with GB_EUNKNOWN (GB_ENOMEM for std::bad_alloc). A C file
 * between the throw and the library must be compiled with -fexceptions. Nothing may longjmp out
 * of a callback.
 *
 * Threads. Registration, options and runs are one thread's, and none may be called while
 * gb_run_benchmarks runs (GB_ESTATE). A gb_state belongs to the thread that the library called
 * with it. Benchmark functions of several threads run at the same time; all other callbacks run
 * on the thread that called gb_run_benchmarks.
 *
 * Traps of the library that show through:
 *   - gb_keep_running crosses from C to C++ once an iteration; gb_keep_running_batch once a batch,
 *     and GB_LOOP twice a run. Side by side, where an iteration of the C++ range loop takes 0.23
 *     ns: GB_LOOP and one batch the same, gb_keep_running 1.2 ns.
 *   - gb_pause_timing and gb_resume_timing cost some 200 ns a pair, and some of it is charged to
 *     the run.
 *   - Times of a benchmark with several threads are averaged over them, manual time too; from 1.9
 *     on they are summed. Iterations are summed in both. So the time of an iteration is that of
 *     the whole (t threads are t times as fast), and from 1.9 on that of one thread.
 *   - Counters are summed over threads unless they have GB_COUNTER_AVG_THREADS.
 *   - With manual time, or a fixed number of iterations, no limit of wall time applies.
 *   - The library's threads are not pinned; a benchmark that wants a place binds itself, by
 *     gb_thread_index.
 *   - A minimum warm-up time set in code is ignored unless a minimum time is set as well.
 *   - A file reporter without --benchmark_out exits the process; gb_run_benchmarks returns
 *     GB_ESTATE instead. So does a file that can't be opened; gb_run_benchmarks returns
 *     GB_EOUTPUT. --help and malformed options exit the process inside gb_initialize, as they do
 *     in C++.
 *   - A memory manager with more than one repetition reads freed memory before 1.9.2;
 *     gb_run_benchmarks returns GB_EUNSUPPORTED. It runs up to 16 more iterations in one thread:
 *     a benchmark whose threads wait for each other hangs there.
 *   - Names of arguments without arguments would select nothing to run; gb_run_benchmarks returns
 *     GB_ESTATE.
 *   - The library's own JSON display reporter is good for one run of a process; gb_run_text makes
 *     a new one.
 *   - Complexity of a benchmark of which every run fails crashes inside the library, up to 1.9.5.
 *   - Where the first repetition of a run failed and a later one did not, the library reads what it
 *     never set. So here a run that has failed once fails in all its later repetitions.
 *   - Setup, teardown, statistics and complexity functions are raw function pointers in the
 *     library. Their user pointers come from fixed tables of GB_MAX_HOOKS functions each (setup
 *     and teardown share one); a full table is GB_ELIMIT, and gb_clear_registered empties them.
 *     From 1.9.5 on, setup and teardown need no table.
 *   - GB_O_AUTO chooses the form by CPU time, whatever time the benchmark uses.
 *   - Random interleaving (--benchmark_enable_random_interleaving) has no seed.
 *
 * Tried: libbenchmark 1.7.1 (Debian 12's), 1.8.0, 1.8.5, 1.9.0 and 1.9.5, with gcc 12 and clang
 * 14. What a version lacks returns GB_EUNSUPPORTED; the build tests for it by compiling, not by
 * version.
 */
#ifndef GBENCH_H
#define GBENCH_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

/* Values outside an enumeration are refused, not undefined, in C++ too. */
#ifdef __cplusplus
#define GB_INT : int
#else
#define GB_INT
#endif

/* X(name, value, text) */
#define GB_ERR_LIST(X) \
    X(GB_OK, 0, "success") \
    X(GB_EINVAL, -1, "invalid argument") \
    X(GB_ENOMEM, -2, "out of memory") \
    X(GB_EUNKNOWN, -3, "the benchmark library or a callback threw") \
    X(GB_EOUTPUT, -4, "the output was refused or its file can't be opened") \
    X(GB_ESTATE, -5, "not allowed now, or not together with what was set before") \
    X(GB_ELIMIT, -6, "no function of the fixed table is left") \
    X(GB_EUNSUPPORTED, -7, "this version of the benchmark library can't")

enum gb_err {
#define GB_ERR_ENUM(name, value, text) name = (value),
    GB_ERR_LIST(GB_ERR_ENUM)
#undef GB_ERR_ENUM
};

/* Returns the text of a code, "unknown error" for any other number; static storage. */
const char *gb_err_text(int err);

typedef struct gb_state gb_state;
typedef struct gb_benchmark gb_benchmark;

typedef enum gb_unit GB_INT { GB_NANOSECOND, GB_MICROSECOND, GB_MILLISECOND, GB_SECOND } gb_unit;

/* How many user pointers each table of functions holds; see "Traps" above. */
#define GB_MAX_HOOKS 256

/* Life. */

/*
 * Takes the library's own --benchmark_… options out of argv and shortens *argc. argv must outlive
 * every run. May be called again. GB_EINVAL: argc or argv NULL. Exits the process on --help and on
 * a value that can't be parsed. 1.7 wants --benchmark_min_time=0.5, newer ones want
 * --benchmark_min_time=0.5s.
 */
int gb_initialize(int *argc, char **argv);
/* The same; --help calls help, not the library's text, before the process exits. GB_EINVAL: NULL.
 */
int gb_initialize_with_help(int *argc, char **argv, void (*help)(void));

/* Returns 1, after a line on stderr for each, if argv holds options beyond argv[0]; else 0. */
int gb_report_unrecognized(int argc, char **argv);

/*
 * Frees what the library and this API hold: benchmarks, hooks, context. Every later call but
 * gb_err_text, gb_version and gb_shutdown, which then does nothing, returns GB_ESTATE or nothing.
 * Ignored during a run.
 */
void gb_shutdown(void);

/*
 * The main function of a program of benchmarks: initialises, refuses unrecognised options, calls
 * register_all, runs what --benchmark_filter selects with the library's reporters, and shuts down.
 * Returns what main should return: 0; 1 for bad options, for a code of register_all or of
 * gb_run_benchmarks (its text on stderr).
 */
int gb_main(int argc, char **argv, int (*register_all)(void));

/* Returns the version of the library, "1.7.1"; static storage. */
const char *gb_version(void);

/*
 * Adds a key to the context of every report to come; both strings are copied. GB_EINVAL: NULL, or a
 * key that is there already. GB_ESTATE: after gb_shutdown.
 */
int gb_add_context(const char *key, const char *value);

/* Returns --benchmark_filter, "" without one; valid until the next call of gb_filter. */
const char *gb_filter(void);
/* Sets it, a regular expression; "-" before it selects what doesn't match. GB_EINVAL on NULL. */
int gb_set_filter(const char *filter);

/* Returns --v, the library's verbosity; 0 is silent. */
int gb_verbosity(void);

/* The unit of benchmarks that set none; nanoseconds unless --benchmark_time_unit says otherwise. */
gb_unit gb_default_unit(void);
int gb_set_default_unit(gb_unit unit); /* GB_EINVAL: no such unit */

/* Registration. */

/* A benchmark: called by the library with its state and the pointer it was registered with. */
typedef void gb_fn(gb_state *state, void *user);

/*
 * Registers fn under name. *benchmark, if wanted, is valid until gb_clear_registered or
 * gb_shutdown. The name is copied; user is the caller's and must outlive the runs. GB_EINVAL: name
 * or fn NULL, or the name empty. GB_ENOMEM. GB_ESTATE: during a run.
 */
int gb_register(const char *name, gb_fn *fn, void *user, gb_benchmark **benchmark);

/* Unregisters all and invalidates every gb_benchmark. GB_ESTATE: during a run. */
int gb_clear_registered(void);

/*
 * Each of the following returns GB_OK; GB_EINVAL for NULL or an argument out of its range;
 * GB_ESTATE during a run and where it says so; GB_ENOMEM. Calls add to what was there where the
 * name is plural in the library (args, threads, statistics), and replace it otherwise.
 */
int gb_benchmark_name(gb_benchmark *b, const char *name); /* renames; not empty */
int gb_benchmark_unit(gb_benchmark *b, gb_unit unit);
/* Reads the unit: its own, or the default one. */
int gb_benchmark_get_unit(const gb_benchmark *b, gb_unit *unit);

/*
 * Arguments. Every call adds runs of the benchmark; all must have the same number of arguments, and
 * as many as there are names (GB_EINVAL). A family holds up to GB_MAX_FAMILY argument tuples.
 */
#define GB_MAX_FAMILY 1000000
int gb_benchmark_arg(gb_benchmark *b, int64_t value);
int gb_benchmark_args(gb_benchmark *b, const int64_t *values, size_t n); /* n >= 0 */
/* first, the powers of the multiplier between, last; first <= last. */
int gb_benchmark_range(gb_benchmark *b, int64_t first, int64_t last);
/* first, first + step … up to last; step >= 1. */
int gb_benchmark_dense_range(gb_benchmark *b, int64_t first, int64_t last, int step);
/* The product of n ranges; n >= 1. */
int gb_benchmark_ranges(gb_benchmark *b, const int64_t (*first_last)[2], size_t n);
/* One list of values, of one argument, for gb_benchmark_args_product. */
typedef struct gb_values {
    const int64_t *values;
    size_t n; /* >= 1 */
} gb_values;
/* The product of n lists; n >= 1. */
int gb_benchmark_args_product(gb_benchmark *b, const gb_values *lists, size_t n);
int gb_benchmark_arg_name(gb_benchmark *b, const char *name);
int gb_benchmark_arg_names(gb_benchmark *b, const char *const *names, size_t n); /* n >= 1 */
/* For the ranges added after it; >= 2, 8 by default. */
int gb_benchmark_range_multiplier(gb_benchmark *b, int multiplier);

/*
 * Writes the values of a range to values, up to capacity of them, and their number, which may be
 * larger, to *n. For lists of gb_benchmark_args_product. GB_EINVAL: first > last, multiplier < 2,
 * step < 1, more than GB_MAX_FAMILY values, n NULL, or values NULL with a capacity.
 */
int gb_create_range(int64_t first, int64_t last, int multiplier, int64_t *values, size_t capacity,
                    size_t *n);
int gb_create_dense_range(int64_t first, int64_t last, int step, int64_t *values, size_t capacity,
                          size_t *n);

/* How long and how often. Iterations exclude both minimum times (GB_ESTATE). */
int gb_benchmark_min_time(gb_benchmark *b, double seconds);        /* > 0 */
int gb_benchmark_min_warmup_time(gb_benchmark *b, double seconds); /* >= 0 */
int gb_benchmark_iterations(gb_benchmark *b, int64_t n);           /* >= 1: fixed, no trial runs */
int gb_benchmark_repetitions(gb_benchmark *b, int n);              /* >= 1 */
int gb_benchmark_report_aggregates_only(gb_benchmark *b, int on);  /* in every reporter */
int gb_benchmark_display_aggregates_only(gb_benchmark *b, int on); /* in the display reporter */

/* Which time; by default the main thread's CPU time. Real and manual exclude each other. */
int gb_benchmark_use_real_time(gb_benchmark *b);
int gb_benchmark_use_manual_time(gb_benchmark *b); /* that of gb_set_iteration_time */
int gb_benchmark_measure_process_cpu_time(gb_benchmark *b);

/* Threads: every call adds numbers of threads to run with, each 1 to GB_MAX_THREADS. */
#define GB_MAX_THREADS 4096
int gb_benchmark_threads(gb_benchmark *b, int n);
int gb_benchmark_thread_range(gb_benchmark *b, int first, int last); /* powers of 2 between */
int gb_benchmark_dense_thread_range(gb_benchmark *b, int first, int last, int step); /* step >= 1 */
int gb_benchmark_thread_per_cpu(gb_benchmark *b);

/*
 * Setup and teardown run on the thread of gb_run_benchmarks before and after every run of the
 * benchmark, trial runs and the memory manager's included, once for all its threads. Their state
 * answers gb_range, gb_n_ranges, gb_threads and gb_name, no more. GB_ELIMIT: the table is full.
 */
typedef void gb_hook_fn(const gb_state *state, void *user);
int gb_benchmark_setup(gb_benchmark *b, gb_hook_fn *setup, void *user);
int gb_benchmark_teardown(gb_benchmark *b, gb_hook_fn *teardown, void *user);

/* Asymptotic complexity, fitted over the runs of the family by gb_set_complexity_n. */
typedef enum gb_big_o GB_INT {
    GB_O_NONE,
    GB_O_1,
    GB_O_N,
    GB_O_N_SQUARED,
    GB_O_N_CUBED,
    GB_O_LOG_N,
    GB_O_N_LOG_N,
    GB_O_AUTO,  /* the best fit of the above */
    GB_O_LAMBDA /* a function; only in a gb_run */
} gb_big_o;
typedef double gb_complexity_fn(int64_t n, void *user);
int gb_benchmark_complexity(gb_benchmark *b, gb_big_o complexity); /* GB_O_NONE to GB_O_AUTO */
int gb_benchmark_complexity_fn(gb_benchmark *b, gb_complexity_fn *fn, void *user); /* GB_ELIMIT */

/*
 * A statistic over the repetitions, beside mean, median, stddev and cv: called with their n values
 * (times in seconds, then each counter's). GB_STATISTIC_PERCENTAGE: a ratio, shown times 100 %.
 * GB_ELIMIT: the table is full.
 */
typedef enum gb_statistic_unit GB_INT {
    GB_STATISTIC_TIME,
    GB_STATISTIC_PERCENTAGE
} gb_statistic_unit;
typedef double gb_statistic_fn(const double *values, size_t n, void *user);
int gb_benchmark_statistic(gb_benchmark *b, const char *name, gb_statistic_fn *fn, void *user,
                           gb_statistic_unit unit);

/* State: inside a benchmark. */

/*
 * Returns 1 while there is another iteration, else 0. The benchmark must call it until it returns 0
 * (a run that returns earlier is reported as failed). Ends after gb_skip_with_error.
 */
int gb_keep_running(gb_state *state);
/*
 * Returns 1 while there are n more to do: the caller does n. May overshoot by n - 1; gb_iterations
 * counts what was done. n < 1 fails the run. With n = gb_max_iterations the body runs once.
 */
int gb_keep_running_batch(gb_state *state, int64_t n);
/*
 * The loop that costs what C++'s `for (auto _ : state)` costs: a counter in a register. Leave it
 * only by its end, or by break or return after gb_skip_with_error. gb_iterations is the maximum all
 * through it. Once in a benchmark.
 */
#define GB_LOOP(state) \
    for (int64_t gb_left_ = gb_loop_begin(state); gb_left_ > 0 || gb_loop_end(state); gb_left_--)
/* What GB_LOOP is made of: starts the timer, returns the iterations to do; stops it, returns 0. */
int64_t gb_loop_begin(gb_state *state);
int gb_loop_end(gb_state *state);

int64_t gb_iterations(const gb_state *state);     /* done so far, the one under way included */
int64_t gb_max_iterations(const gb_state *state); /* of this run and thread */
/*
 * Returns argument i of this run. Beyond the last one: 0, and the run is reported as failed (in a
 * hook only 0).
 */
int64_t gb_range(const gb_state *state, size_t i);
size_t gb_n_ranges(const gb_state *state);  /* the number of arguments */
int gb_threads(const gb_state *state);      /* >= 1 */
int gb_thread_index(const gb_state *state); /* 0 to threads - 1 */
const char *gb_name(const gb_state *state); /* as registered; State::name() came with 1.8 */

/* Stop and start this thread's timer, inside the loop. GB_ESTATE: outside, or twice in a row. */
int gb_pause_timing(gb_state *state);
int gb_resume_timing(gb_state *state);
/*
 * Adds seconds of manual time, >= 0: an iteration's, or once all of them. Ignored unless
 * gb_benchmark_use_manual_time. GB_EINVAL.
 */
int gb_set_iteration_time(gb_state *state, double seconds);
/*
 * Ends the run as failed, or (from 1.8 on) as skipped; the loop ends, and the caller returns after
 * it. The first message counts; it is copied, NULL is "". GB_EUNSUPPORTED: gb_skip_with_message
 * on 1.7.
 */
int gb_skip_with_error(gb_state *state, const char *message);
int gb_skip_with_message(gb_state *state, const char *message);
int gb_error_occurred(const gb_state *state); /* 1 after gb_skip_with_error */
int gb_skipped(const gb_state *state);        /* 1 after either */

/* What is shown beside the run; set after the loop. GB_ENOMEM; a NULL label is "". */
int gb_set_label(gb_state *state, const char *label);
int gb_set_bytes_processed(gb_state *state, int64_t bytes); /* all iterations': bytes_per_second */
int64_t gb_bytes_processed(const gb_state *state);
int gb_set_items_processed(gb_state *state, int64_t items); /* items_per_second */
int64_t gb_items_processed(const gb_state *state);
int gb_set_complexity_n(gb_state *state,
                        int64_t n); /* of gb_benchmark_complexity; >= 1, 1 if unset */
int64_t gb_complexity_n(const gb_state *state);

/* Flags of a counter, or-ed; GB_COUNTER_INVERT is applied last. */
enum gb_counter_flags {
    GB_COUNTER_DEFAULT = 0,
    GB_COUNTER_IS_RATE = 1,     /* a second of the time in use */
    GB_COUNTER_AVG_THREADS = 2, /* by the number of threads */
    GB_COUNTER_AVG_THREADS_RATE = 3,
    GB_COUNTER_IS_ITERATION_INVARIANT = 4, /* times the iterations */
    GB_COUNTER_IS_ITERATION_INVARIANT_RATE = 5,
    GB_COUNTER_AVG_ITERATIONS = 8, /* by the iterations */
    GB_COUNTER_AVG_ITERATIONS_RATE = 9,
    GB_COUNTER_INVERT = 16
};
/* What a k is when a counter is shown. */
typedef enum gb_one_k GB_INT { GB_1000 = 1000, GB_1024 = 1024 } gb_one_k;
/* GB_EINVAL: name NULL or empty, unknown flags or base. GB_ENOMEM. */
int gb_set_counter(gb_state *state, const char *name, double value, int flags, gb_one_k one_k);
/* Reads one back, as set. GB_EINVAL: there is none of that name, or value NULL. */
int gb_get_counter(const gb_state *state, const char *name, double *value);

/* Memory. */

#define GB_MEMORY_NONE INT64_MAX /* not available */

typedef struct gb_memory_result {
    int64_t num_allocs;            /* between start and stop */
    int64_t max_bytes_used;        /* peak, bytes */
    int64_t total_allocated_bytes; /* or GB_MEMORY_NONE, as it is preset */
    int64_t net_heap_growth;       /* bytes, or GB_MEMORY_NONE, as it is preset */
    int64_t memory_iterations;     /* from 1.9.2 on set by the library; else 0 */
} gb_memory_result;

/* Called around a run of up to 16 iterations after the measured one. Neither may be NULL. */
typedef struct gb_memory_manager {
    void (*start)(void *user);
    void (*stop)(void *user, gb_memory_result *result);
    void *user;
} gb_memory_manager;

/*
 * Registers a manager for all runs to come, or none (NULL). The table is copied. GB_EINVAL: a
 * function is NULL. GB_ESTATE: during a run. GB_ENOMEM.
 */
int gb_register_memory_manager(const gb_memory_manager *manager);

/* Reports. */

/* Where a reporter writes: stdout, or for a file reporter the file of --benchmark_out. */
typedef struct gb_output gb_output;
/* Writes text, inside a reporter's function. GB_EINVAL: NULL. GB_EOUTPUT: the stream has failed. */
int gb_output_write(gb_output *output, const char *text, size_t len_bytes);

typedef struct gb_cache {
    const char *type; /* "Data", "Instruction", "Unified" */
    int level;
    int64_t size_bytes;
    int num_sharing; /* CPUs that share it */
} gb_cache;

typedef enum gb_scaling GB_INT {
    GB_SCALING_UNKNOWN,
    GB_SCALING_ENABLED,
    GB_SCALING_DISABLED
} gb_scaling;

typedef struct gb_pair {
    const char *key, *value;
} gb_pair;

typedef struct gb_context {
    int num_cpus;
    gb_scaling scaling; /* of the CPU's frequency */
    double cycles_per_second;
    const gb_cache *caches;
    size_t n_caches;
    const double *load_avg;
    size_t n_load_avg;
    const char *host_name, *executable_name;
    size_t name_field_width; /* characters in the longest name */
    const gb_pair *custom;   /* gb_add_context and --benchmark_context, by key */
    size_t n_custom;
} gb_context;

typedef struct gb_counter {
    const char *name;
    double value; /* as reported: flags already applied */
    int flags;    /* enum gb_counter_flags */
    gb_one_k one_k;
} gb_counter;

/* The parts of a name; "" where there is none. */
typedef struct gb_name_parts {
    const char *function_name, *args, *min_time, *min_warmup_time, *iterations, *repetitions,
        *time_type, *threads;
} gb_name_parts;

typedef struct gb_statistic {
    const char *name;
    gb_statistic_unit unit;
} gb_statistic;

/* One run, as a reporter is given it; everything it points to lives until the callback returns. */
typedef struct gb_run {
    const char *name; /* whole, with its aggregate's */
    gb_name_parts parts;
    int64_t family_index, per_family_instance_index;
    int is_aggregate;
    const char *aggregate_name; /* "" unless is_aggregate */
    gb_statistic_unit aggregate_unit;
    const char *label;
    int has_error;            /* ended by gb_skip_with_error */
    int is_skipped;           /* by either */
    const char *skip_message; /* "" without */
    int64_t iterations;       /* of all threads */
    int64_t threads;
    int64_t repetition_index; /* -1 for an aggregate */
    int64_t repetitions;
    gb_unit unit;
    double real_time, cpu_time;                         /* an iteration, in unit */
    double real_accumulated_time, cpu_accumulated_time; /* of all iterations, seconds */
    double max_heapbytes_used;
    gb_big_o complexity;
    int64_t complexity_n;
    int report_big_o, report_rms; /* an aggregate of the complexity */
    const gb_counter *counters;   /* by name */
    size_t n_counters;
    const gb_statistic *statistics; /* over repetitions; none in an aggregate or a failed run */
    size_t n_statistics;
    int has_memory; /* memory and allocs_per_iter are set */
    gb_memory_result memory;
    double allocs_per_iter;
} gb_run;

/* A reporter. Any function may be NULL. */
typedef struct gb_reporter {
    /* Returns 0 to run nothing. */
    int (*report_context)(void *user, const gb_context *context, gb_output *output);
    /* From 1.8 on: before a benchmark's first run. */
    void (*report_config)(void *user, double min_time_s, int has_explicit_iterations,
                          int64_t iterations);
    void (*report_runs)(void *user, const gb_run *runs, size_t n, gb_output *output);
    void (*finalize)(void *user, gb_output *output);
    void *user;
} gb_reporter;

/*
 * Runs the registered benchmarks whose names match the filter (a regular expression, "-" before it
 * for those that don't; NULL: --benchmark_filter; "": all) and reports to display and to file.
 * Display NULL: the library's own, as --benchmark_format says, to stdout. File NULL: the library's
 * own, if --benchmark_out was given. *n_run, if wanted, is the number that matched; with
 * --benchmark_list_tests they are only listed. Blocks until all have run. GB_EINVAL: the filter is
 * no regular expression. GB_ESTATE: a file reporter without --benchmark_out; inside a run; after
 * gb_shutdown. GB_EOUTPUT: the file of --benchmark_out can't be opened. GB_EUNSUPPORTED: see
 * "Traps". GB_EUNKNOWN, GB_ENOMEM: a callback threw; what was reported before stays reported.
 */
int gb_run_benchmarks(const char *filter, const gb_reporter *display, const gb_reporter *file,
                      size_t *n_run);

/* Takes a piece of a report; returns 0, or another value to refuse it and all that follow. */
typedef int gb_write_fn(void *user, const char *text, size_t len_bytes);

typedef enum gb_format GB_INT {
    GB_CONSOLE,
    GB_CONSOLE_COLOR,
    GB_CONSOLE_TABULAR, /* counters in columns */
    GB_CONSOLE_COLOR_TABULAR,
    GB_JSON,
    GB_CSV /* deprecated; the library aborts over a counter that the first run hasn't */
} gb_format;

/*
 * The same with one of the library's reporters as display, whose text goes to write as it comes.
 * Nothing goes to stdout. GB_EINVAL also: write NULL, no such format. GB_EOUTPUT also: write
 * refused.
 */
int gb_run_text(gb_format format, const char *filter, gb_write_fn *write, void *user,
                size_t *n_run);

/* Writes the lines that the console reporter opens with (machine, caches, load) to write.
 * GB_EINVAL. */
int gb_write_basic_context(gb_write_fn *write, void *user);

/* What keeps the optimiser out. */

/*
 * As the library's DoNotOptimize and ClobberMemory, at no more instructions:
 * GB_DO_NOT_OPTIMIZE(value) makes the compiler compute a value of a scalar type and flush memory to
 * it; GB_DO_NOT_OPTIMIZE_LVALUE(object) also makes it forget what it knows of the object;
 * GB_DO_NOT_OPTIMIZE_POINTER(pointer) makes it assume that what is pointed to was read and written,
 * whatever its size; GB_CLOBBER() makes it write pending stores to memory and read anew.
 */
#if defined(__GNUC__) || defined(__clang__)
#define GB_DO_NOT_OPTIMIZE(value) __asm__ volatile("" : : "r,m"(value) : "memory")
/* The library's "+m,r" makes gcc 12 lose floating-point values, at -O3 in C++ too. */
#if defined(__clang__)
#define GB_DO_NOT_OPTIMIZE_LVALUE(object) __asm__ volatile("" : "+r,m"(object) : : "memory")
#else
#define GB_DO_NOT_OPTIMIZE_LVALUE(object) __asm__ volatile("" : "+rm"(object) : : "memory")
#endif
#define GB_DO_NOT_OPTIMIZE_POINTER(pointer) __asm__ volatile("" : : "r"(pointer) : "memory")
#define GB_CLOBBER() __asm__ volatile("" : : : "memory")
#else
#error "gbench.h: GB_DO_NOT_OPTIMIZE needs gcc or clang"
#endif

#undef GB_INT
#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif

#endif
