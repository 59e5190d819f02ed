/*
 * What a module says of its peers, found out in a child process: one that crashes, hangs or is no
 * module at all costs a message, not the program. The facts come back in shared memory.
 */
#ifndef QN_BENCH_PEER_INSPECT_H
#define QN_BENCH_PEER_INSPECT_H

#include "bench/peer/module.h"
#include "strategies/foreign.h"

/* Texts are cut to fit, but for the environment, which is refused. */
struct qn_peer_facts {
    char name[QN_FOREIGN_NAME_MAX + 1];
    char summary[160], library[80], version[80], licence[80], reach[160];
    char env[512]; /* NAME=VALUE, joined by blanks */
    uint32_t
        flags; /* enum quench_peer_flags, and QN_PEER_LEAKS; of a strategy, enum qn_strategy_flags */
    uint32_t kinds; /* QN_KIND_BIT each; 0: those of every module; of a strategy: all */
    bool is_child;  /* of a program (describe.h) */

    /* A strategy of the user's own, whose source is its library; it has no other of the texts. */
    bool is_strategy;
    enum qn_canceller canceller;
    char kinds_reason[160];
};

/* A flag that only programs can have: it can leave workers blocked forever. */
#define QN_PEER_LEAKS (1u << 31)

struct qn_module_facts {
    uint32_t n;
    struct qn_peer_facts peers[QN_MODULE_MAX_PEERS];
    char why[QN_MODULE_WHY_BYTES]; /* what is wrong with it */
};

/*
 * Inspects the file, a path with a '/', for as long as a process may be silent (bench/base/grace.h).
 * QN_EINVAL: out->why says what is wrong with it; QN_ENOMEM. The calling process must have no other thread.
 */
int qn_module_inspect(const char *path, struct qn_module_facts *out) QN_MUST_CHECK;

#endif
