/*
 * The peers of this source tree: which there are, whether they are built here or not. A module is built
 * where its library is found; this table says what to install where it wasn't.
 */
#ifndef QN_BENCH_PEER_KNOWN_H
#define QN_BENCH_PEER_KNOWN_H

#include <stdbool.h>
#include <stddef.h>

struct qn_known_peer {
    const char *name;     /* as in --strategies */
    const char *file;     /* in the folder of modules */
    const char *packages; /* of Debian, joined by blanks, that bring what it is built from */
    const char *needs;    /* what that is, in words */
    bool is_child;        /* a program, which runs in a process of its own */
    unsigned kinds;       /* QN_KIND_BIT of those that it does; 0: those that compute */
};

/* In the order of the listing; immutable. */
extern const struct qn_known_peer qn_known_peers[];
extern const size_t qn_n_known_peers;

/* NULL: none of that name. */
const struct qn_known_peer *qn_known_peer(const char *name);

#endif
