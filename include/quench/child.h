/*
 * quench/child.h: a peer that runs in a process of its own, for languages that can't be a shared
 * object: Go, Rust, Python, or any other that can map a file and read a pipe.
 *
 * A child is a program with two commands:
 *
 *   PROGRAM describe    prints its peers as lines KEY=VALUE, and exits with 0
 *   PROGRAM run NAME    runs calls of the peer NAME until it is told to stop
 *
 * docs/child-peers.md has the keys, the order of events and an example to follow. This header has
 * the mapping that both sides share and the messages between them. It includes nothing but the C
 * library, C11 and C++17; other languages repeat the layout, which has no padding.
 *
 * What `run` finds:
 *
 *   QUENCH_CHILD_MAPPING  a file to be mapped shared, read and write: a quench_child_header at 0,
 *                         room for `room` tasks at tasks_at, and rows at rows_at
 *   QUENCH_CHILD_COMMANDS a stream to read messages from, 8 bytes at a time; its end means BYE
 *   QUENCH_CHILD_ANSWERS  a pipe to write messages to, each whole by one write
 *   stdout                is stderr
 *   stderr                for one line that says why, before an exit with a code other than 0
 *
 * The process is bound to as many CPUs as threads are to compute, is in a process group of its own,
 * and is killed when the measuring process ends; so are processes that it leaves. A child that says
 * nothing for half of QUENCH_PATIENCE (30 s), beyond what a call is planned to take,
 * fails its cell, as do an answer out of turn and rows that contradict the tasks or each other
 * (docs/child-peers.md). A child refuses a magic, an abi or a size that it doesn't know. Everything
 * is in the machine's byte order. Stamps are CLOCK_MONOTONIC in ns; 0: none.
 *
 * Concurrency: a message orders what its sender wrote before it before what its receiver reads after
 * it. Between CALL and DONE only the child writes, and never what Quench sets; between other messages
 * nobody does, but for what READY and MEASURED announce. Each row is one worker's; only error_word is
 * shared among workers, and is to be read and written atomically (relaxed is enough). READY comes
 * first, once. There is one call at a time, numbered from 1; MEASURE comes only between calls.
 */
#ifndef QUENCH_CHILD_H
#define QUENCH_CHILD_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Changes when a child must be built again. */
#define QUENCH_CHILD_ABI 1u
#define QUENCH_CHILD_MAGIC "quenchCH" /* 8 bytes, without the NUL */

enum quench_child_fds {
    QUENCH_CHILD_MAPPING = 3,
    QUENCH_CHILD_COMMANDS = 4,
    QUENCH_CHILD_ANSWERS = 5
};

/* What a message says. */
enum quench_child_what {
    QUENCH_CHILD_READY = 1, /* from the child: the pool exists; number: the child's abi */
    QUENCH_CHILD_CALL = 2,  /* to it: tasks are set, rows are 0; run call `number` and settle it */
    QUENCH_CHILD_DONE = 3,  /* from it: call `number` is over, and everything of it is written */
    QUENCH_CHILD_MEASURE = 4,  /* to it: how long is a quantum now? */
    QUENCH_CHILD_MEASURED = 5, /* from it: quantum_ps is set */
    QUENCH_CHILD_BYE = 6       /* to it: exit with 0, within 2 s; else the cell fails */
};

/* 8 bytes. */
struct quench_child_message {
    uint32_t what; /* enum quench_child_what */
    uint32_t number;
};

enum quench_child_kind {
    QUENCH_CHILD_CPU = 0,  /* compute, and look whether to stop every poll_quanta */
    QUENCH_CHILD_WAIT = 1, /* wait quanta × quantum_ns from the begin on */
    QUENCH_CHILD_DEAF = 2  /* compute and never look; a worker that has not begun may be skipped */
};

/* The header: 256 bytes. */
struct quench_child_header {
    /* Set by Quench before the child starts; constant. */
    char magic[8];         /* QUENCH_CHILD_MAGIC */
    uint32_t abi;          /* QUENCH_CHILD_ABI */
    uint32_t header_bytes; /* sizeof(struct quench_child_header) */
    uint32_t task_bytes;   /* sizeof(struct quench_child_task) */
    uint32_t row_bytes;    /* sizeof(struct quench_child_row) */
    uint64_t total_bytes;  /* of the mapping */
    uint64_t tasks_at, rows_at;
    uint32_t room;    /* the most workers of a call */
    uint32_t threads; /* that compute at the same time */
    uint32_t quantum_ns;
    uint32_t reserved_first; /* 0 */
    uint64_t poll_cost_ns;   /* nominal: computed at each poll */
    uint64_t memory_bytes,
        result_bytes; /* a worker's working set, and what it reports if it succeeds */

    /* Set by Quench before each CALL; 0 in reserved. */
    uint64_t poll_quanta; /* >= 1: work between two polls */
    uint32_t workers;     /* of the call: 1 .. room */
    uint32_t kind;        /* enum quench_child_kind; one that the peer has said it can do */
    uint64_t reserved[3];

    /* Set by the child: the first two before READY, quantum_ps again before MEASURED. */
    uint64_t iterations_per_quantum; /* of the kernel in its language; 0: it computes nothing */
    uint64_t quantum_ps;             /* how long a quantum takes, in 1/1000 ns; 0: as above */

    /* Of the call: 0 before CALL, set by the child before DONE. */
    uint64_t t0;         /* the call begins: before anything is started */
    uint64_t error_seen; /* the caller holds the first error */
    uint64_t cancel_at;  /* right before workers are told to stop */
    uint64_t return_at;  /* the caller has what it called for */
    uint64_t settle_at;  /* nothing of the call runs or waits any more */
    int32_t returned; /* index of the worker whose error is returned; -1: none; -2: another error */
    uint32_t leaked;  /* workers that would wait forever; settle_at is 0 then */
    uint32_t
        error_word; /* a worker that fails sets it to 1; nothing but chunk's counterpart reads it */
    uint32_t reserved_word;
    uint64_t reserved_line[7];
};

/* What a worker is to do: 8 bytes. */
struct quench_child_task {
    uint32_t quanta; /* planned work */
    uint32_t fails;  /* 1: it fails at the end of it */
};

enum quench_child_outcome {
    QUENCH_CHILD_NEVER = 0,  /* it never began */
    QUENCH_CHILD_WHOLE = 1,  /* it did its work */
    QUENCH_CHILD_FAILED = 2, /* it did its work, and failed at the end of it */
    QUENCH_CHILD_CUT = 3     /* it was told to stop */
};

/* At_error of a worker that never saw error_word set. */
#define QUENCH_CHILD_UNSEEN UINT32_MAX

/* What became of a worker: 64 bytes, set by the child before DONE; nothing of a NEVER is read. */
struct quench_child_row {
    uint64_t begin;    /* its work begins */
    uint64_t stop;     /* its work ends, as outcome says */
    uint64_t end;      /* it has reported and is over; 0: it would wait forever */
    uint32_t quanta;   /* done; kind wait: as planned */
    uint32_t at_error; /* done when it first saw error_word set: it looks after each quantum */
    uint32_t polls;
    uint32_t outcome; /* enum quench_child_outcome */
    uint32_t late;    /* 1: error_word was set when it began; at_error is 0 then */
    uint32_t thread;  /* that ran it, from 1; 0: not known, or several */
    uint64_t reserved[2];
};

#ifdef __cplusplus
}
#endif

#endif
