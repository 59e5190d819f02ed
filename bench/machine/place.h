/*
 * Where the threads of a measuring process run: the placement of runtime/topo.h that the options
 * ask for; each thread binds itself.
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
    _Atomic unsigned n_bound; /* of the pool, and the caller: whose binding was verified */
};

/* Loads this machine and places n_threads and their caller. Returns as qn_topo_load and
 * qn_topo_place. */
int qn_place_init(struct qn_place_ctx *ctx, enum qn_placement placement,
                  enum qn_caller_place caller, unsigned n_threads) QN_MUST_CHECK;
void qn_place_fini(struct qn_place_ctx *ctx);

/* Binds the calling thread: index in the pool, -1 the caller. For qn_pool_config.bind; user is the
 * qn_place_ctx. Threads may call it concurrently. */
int qn_place_bind(void *user, int index);

/* The same of a thread that isn't of the pool, which isn't counted. QN_ENOTSUP: this machine can't. */
int qn_place_bind_foreign(const struct qn_place_ctx *ctx, int index) QN_MUST_CHECK;

/*
 * The CPUs to which the threads of n places, and callers with their own core, are bound; a CPU may
 * occur several times. *n_cpus of them; the caller frees the list; NULL: out of memory.
 */
int *qn_place_cpus(const struct qn_place_ctx *places, size_t n, unsigned *n_cpus) QN_MUST_CHECK;

/* Counts the cores that threads may use here. After a complaint, as qn_topo_load. */
int qn_place_count_cores(unsigned *n) QN_MUST_CHECK;

unsigned qn_place_n_bound(const struct qn_place_ctx *ctx);

#endif
