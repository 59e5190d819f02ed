#include "bench/cell/main.h"

#include <errno.h>
#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/base/cause.h"
#include "bench/cell/caller.h"
#include "bench/cell/conform.h"
#include "bench/cell/faulty.h"
#include "bench/cell/guest.h"
#include "bench/cell/loop.h"
#include "bench/cell/own.h"
#include "bench/cell/shared.h"
#include "bench/cell/watch.h"
#include "bench/gbench/gbench.h"
#include "bench/machine/place.h"
#include "bench/peer/host.h"
#include "runtime/kernel.h"
#include "runtime/memory.h"
#include "runtime/pool/pool.h"

/* Everything a measuring process has, made in this order and released in reverse. */
struct cell {
    struct qn_shared *shared;
    struct qn_place_ctx place;
    struct qn_memory *memory;
    struct qn_guest guest;
    struct qn_own own; /* kind own */
    struct qn_pool *pool;
    struct qn_thread **threads;
    uint32_t *gaps; /* of polls counted in items; NULL: not counted in items */
    struct qn_caller caller;
    bool has_caller;
    int waits_fd; /* -1: none */
    const char
        *_Atomic refusal; /* why a thread can't be scheduled as ordered; NULL: none was refused */
    struct qn_loop loop;
    struct qn_blockwatch watch;
    char **argv; /* the benchmark library's */
    int rc;      /* of the measuring loop */
};

static void set_reason(struct qn_shared *shared, const char *what, int rc)
{
    if (rc == QN_EAGAIN) /* out of threads or descriptors */
        snprintf(shared->reason, sizeof(shared->reason), "%s: %s", what, qn_cause(EAGAIN));
    else
        snprintf(shared->reason, sizeof(shared->reason), "%s: %s%s", what, qn_err_text(rc),
                 rc == QN_ENOMEM ? qn_cause_limits(ENOMEM) : "");
}

static int map_shared(int fd, struct qn_shared **out)
{
    struct stat st;
    void *at;

    if (fstat(fd, &st) != 0 || (size_t)st.st_size < sizeof(struct qn_shared))
        return QN_EINVAL;
    at = mmap(NULL, (size_t)st.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (at == MAP_FAILED)
        return QN_ENOMEM;
    *out = at;
    return QN_OK;
}

/* Turns the order's offsets into pointers of this process. */
static void restore_pointers(struct qn_shared *s)
{
    struct qn_workload *w = &s->order.workload;

    w->service.rows = s->order.trace_at ? (const double *)((char *)s + s->order.trace_at) : NULL;
    w->own.file = s->order.work_file;
    w->trace_failed =
        s->order.trace_failed_at ? (const uint8_t *)s + s->order.trace_failed_at : NULL;
}

/*
 * The benchmark library's loop: one batch of n_trials iterations, each timed until the return. A
 * stream that ended early has fewer; its time is scaled as if it had all, so that the time per
 * iteration is right.
 */
static void measure(gb_state *state, void *user)
{
    struct cell *cell = user;
    struct qn_shared *s = cell->shared;
    double seconds = 0;

    while (gb_keep_running_batch(state, gb_max_iterations(state))) {
        qn_blockwatch_begin(&cell->watch);
        cell->rc = qn_loop_measure(&cell->loop, &seconds);
        qn_blockwatch_end(&cell->watch, &s->block);
        if (cell->rc != QN_OK) {
            gb_skip_with_error(state, qn_err_text(cell->rc));
            return;
        }
    }
    gb_set_iteration_time(state, seconds / s->n_rows * s->order.n_trials);
}

/* Appends the library's output; the length shows if it didn't fit. */
static int take_output(void *user, const char *text, size_t len_bytes)
{
    struct qn_shared *s = user;

    if (len_bytes > QN_GBENCH_BYTES - s->gbench_bytes)
        return -1;
    memcpy(qn_shared_gbench(s) + s->gbench_bytes, text, len_bytes);
    s->gbench_bytes += (uint32_t)len_bytes;
    return 0;
}

/* The library keeps pointers into argv, so it must live as long as the cell. */
static int init_library(struct cell *cell)
{
    static char name[] = "quench";
    struct qn_shared *s = cell->shared;
    char *at = (char *)s + s->order.args_at;
    int argc = 0;

    cell->argv = calloc(s->order.n_args + 2, sizeof(*cell->argv));
    if (!cell->argv)
        return QN_ENOMEM;
    cell->argv[argc++] = name;
    for (uint32_t i = 0; i < s->order.n_args; i++, at += strlen(at) + 1)
        cell->argv[argc++] = at;
    if (gb_initialize(&argc, cell->argv) != GB_OK)
        return QN_ENOMEM;
    return gb_report_unrecognized(argc, cell->argv) ? QN_EINVAL : QN_OK;
}

static int run_benchmark(struct cell *cell)
{
    struct qn_shared *s = cell->shared;
    gb_benchmark *benchmark;
    size_t n_run = 0;
    int rc = init_library(cell);

    if (rc != QN_OK)
        return rc;
    if (gb_register(s->order.cell_id, measure, cell, &benchmark) != 0 ||
        gb_benchmark_iterations(benchmark, s->order.n_trials) != 0 ||
        gb_benchmark_use_manual_time(benchmark) != 0 ||
        gb_benchmark_unit(benchmark, GB_NANOSECOND) != 0)
        return QN_ENOMEM;
    if ((rc = qn_loop_warm_up(&cell->loop)) != QN_OK)
        return rc;
    if (gb_run_text(GB_JSON, "", take_output, s, &n_run) != 0 || (cell->rc == QN_OK && n_run != 1))
        return QN_EIO;
    return cell->rc;
}

static void fill_block(struct cell *cell)
{
    struct qn_block *b = &cell->shared->block;
    struct qn_memory_stats stats = {0};

    qn_kernel_measure(cell->shared->order.iterations_per_quantum, &b->quantum_ns);
    if (qn_memory_stats(cell->memory, &stats) == QN_OK) {
        b->live_bytes = stats.live_bytes;
        b->dirty_bytes = stats.dirty_bytes;
        b->resident_bytes = stats.resident_bytes;
    }
    b->n_capped = cell->caller.n_capped;
    b->n_agreements = cell->caller.n_agreements;
    b->env_bytes = cell->shared->order.env_bytes;
    b->is_sharing = cell->place.place.oversubscribed;
    b->n_bound = qn_place_n_bound(&cell->place);
    if (cell->guest.host) { /* the pool's threads sleep */
        unsigned asleep = cell->shared->order.workload.threads;

        b->n_bound = b->n_bound > asleep ? b->n_bound - asleep : 0;
        b->n_bound += qn_host_n_bound(cell->guest.host);
    }
}

/* Binds and schedules a thread of the pool; or, with index -1, binds the caller, whose scheduling is set only when the
 * pool's threads exist, since they would inherit it. */
/* Schedules the calling thread, of several that may do so at once. */
static int schedule(struct cell *cell, const struct qn_sched *sched)
{
    const char *why = NULL;
    int rc = qn_sched_set_self(sched, &why);

    if (rc != QN_OK)
        atomic_store(&cell->refusal, why);
    return rc;
}

static int place_thread(void *user, int index)
{
    struct cell *cell = user;
    struct qn_sched sched = qn_policy_workers(&cell->shared->order.policy);
    int rc = qn_place_bind(&cell->place, index);

    return rc == QN_OK && index >= 0 ? schedule(cell, &sched) : rc;
}

static int schedule_caller(struct cell *cell)
{
    struct qn_sched sched = qn_policy_caller(&cell->shared->order.policy);

    return schedule(cell, &sched);
}

static int make_pool(struct cell *cell)
{
    const struct qn_order *o = &cell->shared->order;
    struct qn_pool_config config = {
        .n_threads = o->workload.threads,
        .wait = cell->guest.host || cell->guest.is_child ? QN_WAIT_PARK
                                                         : o->wait, /* beside a peer it sleeps */
        .oversubscribed = cell->place.place.oversubscribed,
        .iterations_per_quantum = o->iterations_per_quantum,
        .bind = place_thread,
        /* A settled call leaves no job behind; one in a stream may block a thread for good. */
        .n_jobs = o->workload.arrival == QN_ARRIVAL_ISOLATED ? 1 : (uint64_t)o->n_trials + 1,
        .user = cell,
        .progress = qn_shared_progress(cell->shared),
    };

    return qn_pool_create(&config, &cell->pool);
}

static int make_gaps(struct cell *cell)
{
    const struct qn_order *o = &cell->shared->order;

    if (o->policy.stride != QN_STRIDE_ITEMS)
        return QN_OK;
    cell->gaps = malloc(QN_N_GAPS * sizeof(*cell->gaps));
    if (!cell->gaps)
        return QN_ENOMEM;
    qn_schedule_gaps(&o->workload, o->seed, o->process, cell->gaps);
    return QN_OK;
}

static int make_caller(struct cell *cell)
{
    struct qn_order *o = &cell->shared->order;
    unsigned n = o->workload.threads + 1;
    bool is_isolated = o->workload.arrival == QN_ARRIVAL_ISOLATED;
    struct qn_caller_config config = {
        .strategy = qn_faulty_find(o->strategy),
        .policy = o->policy,
        .workload = &o->workload,
        .exec = qn_pool_exec(cell->pool),
        .n_threads = n,
        .memory = cell->memory,
        .clock_offset_ns = o->clock_offset_ns,
        .record = true,
        .own = qn_cell_own(cell->shared, &cell->own),
        .waits_fd = is_isolated ? &cell->waits_fd : NULL, /* a stream times what is between calls */
        .n_calls = is_isolated ? 1 : o->n_trials,
    };
    int rc;

    cell->threads = calloc(n, sizeof(struct qn_thread *));
    if (!cell->threads)
        return QN_ENOMEM;
    for (unsigned i = 0; i < n; i++)
        cell->threads[i] = qn_pool_thread(cell->pool, i);
    config.threads = cell->threads;
    if ((rc = make_gaps(cell)) != QN_OK)
        return rc;
    config.gaps = cell->gaps;
    if ((rc = qn_guest_prepare(&cell->guest, o, &cell->place, &config)) != QN_OK)
        return rc;
    rc = config.strategy ? qn_caller_init(&cell->caller, &config) : QN_ENOENT;
    cell->has_caller = rc == QN_OK;
    return rc;
}

/*
 * Writes when the first call began into the kernel's trace, if one is being recorded, so that begin_at of trials.csv can
 * be placed on its time line. QUENCH_TRACE_MARKER is the trace's marker file; its clock must be x86-tsc.
 */
static void mark_trace(const struct cell *cell)
{
    const char *path = getenv("QUENCH_TRACE_MARKER");
    FILE *file = path ? fopen(path, "we") : NULL;

    if (!file)
        return;
    fprintf(file, "quench cell=%s process=%u began=%llu hz=%llu\n", cell->shared->order.cell_id,
            cell->shared->order.process, (unsigned long long)cell->caller.began_at,
            (unsigned long long)qn_exec_from_ns(qn_pool_exec(cell->pool), QN_NS_PER_S));
    fclose(file);
}

static int fail(struct cell *cell, const char *what, int rc)
{
    const char *refusal = atomic_load(&cell->refusal);

    if (refusal)
        snprintf(cell->shared->reason, sizeof(cell->shared->reason), "%s: %s", what, refusal);
    else
        set_reason(cell->shared, what, rc);
    return rc;
}

static int run_cell(struct cell *cell)
{
    struct qn_order *o = &cell->shared->order;
    int rc;

    if ((rc = qn_clock_adopt(&o->clock)) != QN_OK)
        return fail(cell, "clock", rc);
    if ((rc = qn_place_init(&cell->place, o->placement, o->caller, o->workload.threads)) != QN_OK)
        return fail(cell, "placement", rc);
    qn_blockwatch_init(&cell->watch, ""); /* before the pool's threads are made */
    if ((rc = qn_memory_create(&cell->memory)) != QN_OK)
        return fail(cell, "memory arena", rc);
    if ((rc = qn_guest_open(&cell->guest, cell->shared, &cell->place)) != QN_OK)
        return cell->shared->reason[0] ? rc : fail(cell, "peer", rc);
    if ((rc = qn_cell_own_open(cell->shared, &cell->own)) != QN_OK)
        return rc;
    if ((rc = make_pool(cell)) != QN_OK)
        return fail(cell, "thread pool", rc);
    if ((rc = schedule_caller(cell)) != QN_OK)
        return fail(cell, "scheduling of the caller", rc);
    cell->waits_fd = qn_waits_open();
    if ((rc = make_caller(cell)) != QN_OK)
        return fail(cell, "caller", rc);
    if (o->conforms)
        return qn_conform_run(&cell->caller, &cell->guest, cell->shared);
    if ((rc = qn_loop_init(&cell->loop, cell->shared, &cell->caller,
                           !cell->place.place.oversubscribed)) != QN_OK)
        return fail(cell, "calls", rc);
    if ((rc = run_benchmark(cell)) != QN_OK) {
        if (cell->caller.disagreement_bytes != 0)
            snprintf(cell->shared->reason, sizeof(cell->shared->reason),
                     "ledger and allocator disagree by %lld bytes after a call",
                     (long long)cell->caller.disagreement_bytes);
        else if (rc == QN_EBREACH)
            qn_guest_say_breach(&cell->guest, cell->shared);
        else if (rc == QN_EWORK)
            qn_cell_own_say_failed(cell->shared, &cell->own);
        else if (rc == QN_ERANGE)
            snprintf(cell->shared->reason, sizeof(cell->shared->reason),
                     "workers leaked where none may");
        else
            set_reason(cell->shared, "call", rc);
        return rc;
    }
    mark_trace(cell);
    fill_block(cell);
    if ((rc = qn_guest_fill_block(&cell->guest, &cell->shared->block)) != QN_OK)
        return qn_guest_say_breach(&cell->guest, cell->shared), rc;
    if ((rc = qn_loop_hand_over(&cell->loop)) != QN_OK)
        return fail(cell, "calls kept", rc);
    return QN_OK;
}

int qn_cell_main(int fd)
{
    struct cell cell = {.waits_fd = -1};
    int rc = map_shared(fd, &cell.shared);

    if (rc != QN_OK)
        return 1;
    restore_pointers(cell.shared);
    rc = run_cell(&cell);
    if (rc != QN_OK && cell.guest.host)
        _exit(1); /* its threads may still run: not even its library's destructors */
    if (rc != QN_OK)
        /* NOLINTNEXTLINE(clang-analyzer-unix.Malloc): threads may still run: no cleaning up */
        return 1;
    if (!cell.shared->order.conforms)
        qn_loop_fini(&cell.loop);
    qn_caller_fini(&cell.caller);
    qn_guest_close(&cell.guest);
    qn_guest_say_breach(&cell.guest, cell.shared); /* after its last call */
    if (cell.shared->reason[0])
        _exit(1);
    cell.shared->is_complete = 1;
    free(cell.threads);
    free(cell.gaps);
    qn_pool_destroy(cell.pool);
    qn_cell_own_close(cell.shared, &cell.own);
    if (cell.waits_fd >= 0)
        close(cell.waits_fd);
    qn_memory_destroy(cell.memory);
    qn_place_fini(&cell.place);
    qn_blockwatch_fini(&cell.watch);
    if (cell.argv)
        gb_shutdown();
    free(cell.argv);
    return 0;
}
