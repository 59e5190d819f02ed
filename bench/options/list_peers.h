/*
 * The list of peers of `quench list`.
 */
#ifndef QN_BENCH_OPTIONS_LIST_PEERS_H
#define QN_BENCH_OPTIONS_LIST_PEERS_H

#include <stdbool.h>
#include <stddef.h>

#define QN_PEER_COLUMNS 11

/* The first two are plain words, for scripts; packages: of Debian, that bring what it is built from. */
#define QN_PEER_COLUMN_NAMES \
    { \
        "name", "packages", "library", "version", "licence", "computes", "reach", "traits", "env", \
            "state", "summary" \
    }

/* The fields of the i-th peer; false: there are fewer. Takes all that are here (bench/peer/peers.h). */
bool qn_row_of_peers(size_t i, const char **fields);

/* The list as text, a few lines each. */
void qn_tell_peers(void);

#endif
