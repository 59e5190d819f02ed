/*
 * Fan-outs that others ran: what a recording or a trace says of calls, before it becomes a results
 * folder. Each format has a reader (reader.h), which turns a file into a list of these; rows.h
 * turns the list into the rows of a run's tables, by the code that makes those of measured calls.
 *
 * Times are whole ns, greater than 0, on one clock for all that is in one process; 0 is none. A
 * reader hands over only what its source says: what it doesn't know, it leaves at none.
 */
#ifndef QN_BENCH_FANOUTS_FANOUT_H
#define QN_BENCH_FANOUTS_FANOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bench/fanouts/texts.h"
#include "runtime/base.h"

/* What became of a worker that began. */
enum qn_fanout_outcome {
    QN_FANOUT_OPEN,      /* it had not ended when the recording did: no stop, no end */
    QN_FANOUT_OK,        /* the next three have begin <= stop <= end */
    QN_FANOUT_FAILED,    /* it failed at stop */
    QN_FANOUT_CANCELLED, /* it was cut short at stop */
};

#define QN_FANOUT_NO_THREAD UINT32_MAX

struct qn_fanout_worker {
    uint32_t index; /* in its call, from 0 */
    uint64_t begin_ns;
    uint64_t stop_ns; /* its work ended */
    uint64_t end_ns; /* it released its thread; where a source has one end only, the same as stop */
    uint32_t thread; /* of its process, a number of any size; QN_FANOUT_NO_THREAD: unknown */
    uint32_t polls;
    enum qn_fanout_outcome outcome;
};

/* What the caller was given in the place of a worker's index. */
#define QN_FANOUT_NO_ERROR (-1)
#define QN_FANOUT_OTHER_ERROR (-2)   /* an error, not known of which worker, or of none */
#define QN_FANOUT_UNKNOWN_ERROR (-3) /* the source doesn't say whether there was one */

/* One call that has returned. */
struct qn_fanout {
    const char *strategy; /* what ran it: the name of its cells; qn_fanouts_word's, or static */
    const char *workload; /* which program or which work it was, as the source calls it, and from
                             qn_fanouts_name on as tables do; the same */
    uint32_t process;     /* of all that are read, by qn_fanouts_process */
    uint32_t n_workers;   /* that the call was for */
    uint32_t n_begun;
    uint32_t cell_workers; /* of its cell, which cells.h sets: at least n_workers */
    uint64_t begin_ns;
    uint64_t seen_ns;    /* the caller held the first error; 0: none, or unknown */
    uint64_t raising_ns; /* it began to tell workers to stop; the same */
    uint64_t return_ns;
    int32_t returned;                 /* the worker whose error was returned, or QN_FANOUT_… */
    struct qn_fanout_worker *workers; /* n_begun, ascending by index; owned by the list */
    bool has_polls;                   /* those that were made are counted */
};

/* The list, and what its members share. All zeros: empty. */
struct qn_fanouts {
    struct qn_fanout *calls; /* in the order of reading; moves when one is added */
    size_t n;
    struct qn_texts words;
    uint32_t n_processes;
    const char *host; /* on which all was recorded, a word; NULL: unknown, or several */
};

void qn_fanouts_fini(struct qn_fanouts *list);

/*
 * Adds a call, and takes over its workers, which malloc gave: call->workers is NULL then. QN_ENOMEM:
 * nothing was added, and they are the caller's.
 */
int qn_fanouts_add(struct qn_fanouts *list, struct qn_fanout *call) QN_MUST_CHECK;

/* True if one of its workers did. */
bool qn_fanout_has_failed(const struct qn_fanout *call);

/* Drops those of the calls from the first on whose times are no figures of a trial: beyond INT64_MAX ns, or the workers'
 * time in sum. Returns how many. */
size_t qn_fanouts_drop_large(struct qn_fanouts *list, size_t first);

/* Text for strategy and workload that lives as long as the list; the same text is the same pointer.
 * NULL: out of memory. */
const char *qn_fanouts_word(struct qn_fanouts *list, const char *text);

/* The number of another process, from 0. */
uint32_t qn_fanouts_process(struct qn_fanouts *list);

#endif
