/*
 * A peer's module: a shared object with the entry symbol of quench/peer.h. Loading one runs code that
 * isn't ours, so the program itself only inspects it in a child process (inspect.h); the measuring process
 * loads it for real.
 *
 * A module stays loaded until the process ends: its library's threads may live as long.
 */
#ifndef QN_BENCH_PEER_MODULE_H
#define QN_BENCH_PEER_MODULE_H

#include <stddef.h>

#include "bench/base/module.h"
#include "include/quench/peer.h"
#include "runtime/base.h"

/* The most peers of a module: more is an entry that never ends its list. */
#define QN_MODULE_MAX_PEERS 64u

typedef const struct quench_peer *qn_module_entry(uint32_t i);

struct qn_strategy;

/* What a module has: one of the two. */
struct qn_module {
    qn_module_entry *peers;                      /* or NULL */
    const struct qn_strategy *const *strategies; /* the user's own (own.h), or NULL */
};

/* Loads the file, a path with a '/'. QN_EINVAL: why says what is wrong with it. Runs its constructors. */
int qn_module_load(const char *path, struct qn_module *out, char *why) QN_MUST_CHECK;

/*
 * Copies the i-th peer, whose fields beyond its size are zero, and checks it. QN_ENOENT: the list is over;
 * QN_EINVAL: why says what is wrong with it.
 */
int qn_module_peer(qn_module_entry *entry, uint32_t i, struct quench_peer *out,
                   char *why) QN_MUST_CHECK;

#endif
