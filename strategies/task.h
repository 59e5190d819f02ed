/*
 * A task: what one worker of one call will do, drawn before timing starts.
 */
#ifndef QN_STRATEGIES_TASK_H
#define QN_STRATEGIES_TASK_H

#include <stdbool.h>
#include <stdint.h>

#include "runtime/kernel.h"

/*
 * Kinds of work. Pipe, eventfd and condvar block in a call of the C library or the kernel; their
 * work is the time waited, as for wait, and only a strategy that reaches them there ends it early.
 * Own is code of the user's, whose work is the wall time it took: it has no quanta.
 *
 * X(symbol, name, summary)
 */
#define QN_KINDS(X) \
    X(CPU, "cpu", "computes, and polls where the strategy has a token") \
    X(WAIT, "wait", "blocks in a wait that a token can end") \
    X(DEAF, "deaf", "computes and never looks; unstarted deaf work is still skipped") \
    X(PIPE, "pipe", "blocks reading a pipe to which nobody writes") \
    X(EVENTFD, "eventfd", "blocks reading an eventfd that nobody adds to") \
    X(CONDVAR, "condvar", "blocks on a condition variable that nobody signals") \
    X(OWN, "own", "code of your own, measured in wall time; polls between its chunks") \
    X(MIXED, "mixed", "each worker one of the others, drawn by shares: cpu:0.9,pipe:0.1")

enum qn_kind {
#define QN_KIND_ENUM(symbol, name, summary) QN_KIND_##symbol,
    QN_KINDS(QN_KIND_ENUM)
#undef QN_KIND_ENUM
        QN_KIND_COUNT
};

/* The bits of a word, since open resources and failing closes are bit masks. */
#define QN_MAX_RESOURCES 64u

/* A resource that workers take. */
struct qn_resource {
    uint64_t acquire_ns, close_ns; /* nominal, computed; not part of the worker's work */
    uint64_t bytes;                /* held from taking to closing; 0: none */
    double close_fails;            /* probability, 0..1; its bytes are freed nevertheless */
};

/*
 * Defects of a failing worker's cleanup (strategy close-mixed), in the classes of Tiwari et al.,
 * "Cancellation in Systems", OSDI 2022. X(symbol, name)
 */
#define QN_CLEANUPS(X) \
    X(INCOMPLETE, "incomplete") /* some are closed, the rest is forgotten */ \
    X(WRONG, "wrong")           /* one is closed twice, another not at all */ \
    X(NONE, "none")             /* nothing is closed */ \
    X(UNORDERED, "unordered")   /* all are closed, in the order of taking */ \
    X(SOUND, "sound")           /* nothing is wrong */

enum qn_cleanup {
#define QN_CLEANUP_ENUM(symbol, name) QN_CLEANUP_##symbol,
    QN_CLEANUPS(QN_CLEANUP_ENUM)
#undef QN_CLEANUP_ENUM
        QN_CLEANUP_COUNT
};

/* Number of gaps between polls that a process draws if polls are counted in items. */
#define QN_N_GAPS 4096u

/* The bit of a kind in a set of kinds. */
#define QN_KIND_BIT(kind) (1u << (kind))

/* True of kinds that block in real calls, for which the executor needs its capability (block.h). */
static inline bool qn_kind_blocks(enum qn_kind kind)
{
    return kind == QN_KIND_PIPE || kind == QN_KIND_EVENTFD || kind == QN_KIND_CONDVAR;
}

/* True of kinds whose work is time waited. */
static inline bool qn_kind_waits(enum qn_kind kind)
{
    return kind == QN_KIND_WAIT || qn_kind_blocks(kind);
}

/* True of kinds whose work is taken from its stamps, in ns: time waited, or wall time; of mixed work
 * some is. */
static inline bool qn_kind_is_timed(enum qn_kind kind)
{
    return qn_kind_waits(kind) || kind == QN_KIND_OWN || kind == QN_KIND_MIXED;
}

/* The longest work whose quanta fit a task. */
#define QN_MAX_WORK_NS ((uint64_t)UINT32_MAX * QN_QUANTUM_NS)

struct qn_task {
    uint32_t quanta; /* planned work; a failing worker's ends where it fails. Kind own: units */
    bool fails;      /* at the end of quanta */
    uint8_t kind;    /* enum qn_kind, never MIXED: of this worker; counts in calls of kind mixed */

    /* With resources only; else 0. */
    uint8_t n_steps;         /* steps that it begins, each by taking a resource */
    uint8_t cleanup;         /* enum qn_cleanup: the defect of its cleanup if it fails */
    uint32_t whole_quanta;   /* planned work before it was cut short by the failure */
    uint64_t failing_closes; /* bit i: closing resource i fails */

    uint32_t gap_at; /* with items: index of its first gap, < QN_N_GAPS; else 0 */
};

/* What a task's worker does in a call of a kind. */
static inline enum qn_kind qn_task_kind(const struct qn_task *task, enum qn_kind of_call)
{
    return of_call == QN_KIND_MIXED ? (enum qn_kind)task->kind : of_call;
}

/*
 * The quanta done at the end of step `step` of n (0 <= step < n_steps <= n): the whole work is
 * split evenly, and the last step that is begun ends with the work.
 */
static inline uint32_t qn_task_step_end(const struct qn_task *task, uint32_t step, uint32_t n)
{
    uint32_t end = (uint32_t)((uint64_t)task->whole_quanta * (step + 1) / n);

    return end > task->quanta || step + 1 == task->n_steps ? task->quanta : end;
}

#endif
