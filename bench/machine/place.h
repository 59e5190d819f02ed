/*
 * Where the threads of a measuring process go: the placement of runtime/topo.h as the options ask for
 * it, and the binding of each thread by itself.
 */
#ifndef QN_BENCH_MACHINE_PLACE_H
#define QN_BENCH_MACHINE_PLACE_H

#include <stdatomic.h>

#include "bench/base/nearest.h"
#include "runtime/topo.h"

/* What an enum qn_placement, qn_caller_place and qn_wait_mode are called, by their values; immutable. Users choose by
 * these words, but for that of a caller's default: qn_caller_words has the others, from QN_CALLER_OWN on. */
extern const char *const qn_caller_names[];
extern const struct qn_words qn_placement_words, qn_caller_words, qn_wait_words;

struct qn_place_ctx {
    struct qn_topo *topo;
    struct qn_place place;
    _Atomic unsigned n_bound; /* threads whose binding was verified */
};

/* Loads this machine and places n_threads and their caller. As qn_topo_load and qn_topo_place. */
int qn_place_init(struct qn_place_ctx *ctx, enum qn_placement placement,
                  enum qn_caller_place caller, unsigned n_threads) QN_MUST_CHECK;
void qn_place_fini(struct qn_place_ctx *ctx);

/* Binds the calling thread: index of the pool's, -1 the caller. Fit for qn_pool_config.bind; user is
 * the qn_place_ctx. Threads may bind themselves at the same time. */
int qn_place_bind(void *user, int index);

/*
 * The CPUs that the threads of n places are bound to, and callers with a core of their own; a CPU of
 * several stands there several times. *n_cpus of them, for free; NULL: out of memory.
 */
int *qn_place_cpus(const struct qn_place_ctx *places, size_t n, unsigned *n_cpus) QN_MUST_CHECK;

unsigned qn_place_n_bound(const struct qn_place_ctx *ctx);

#endif
