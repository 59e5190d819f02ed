/*
 * The peers that this program knows of: those of modules that the user names (--peer FILE.so), and
 * those of the folder of modules (qn_peers_dir), by name. Taking one registers it as a foreign strategy
 * (strategies/foreign.h), so that it stands wherever a strategy stands.
 *
 * All of it before anything runs, on one thread. Complaints name the option and the file, and say what
 * is wrong.
 */
#ifndef QN_BENCH_PEER_PEERS_H
#define QN_BENCH_PEER_PEERS_H

#include <stdbool.h>
#include <stdint.h>

#include "runtime/base.h"

struct qn_strategy;

/*
 * Takes every peer of a module. Taking the same file again does nothing. QN_EINVAL after a complaint: it
 * isn't a module, or a name is taken; QN_ENOMEM.
 */
int qn_peers_take_file(const char *origin, const char *path) QN_MUST_CHECK;

/*
 * Takes the peer of that name from the folder; NULL: there is none, and *why says what is missing if the
 * name is known (bench/peer/known.h), in words; NULL: the name isn't known. Complains of a module of the
 * folder that is broken, and goes on without it.
 */
const struct qn_strategy *qn_peers_take(const char *name, const char **why);

/* Why a known peer isn't registered, in words; static. */
struct qn_known_peer;
const char *qn_peers_why_missing(const struct qn_known_peer *known);

/* What of a peer computes, in words; static. */
struct qn_foreign;
const char *qn_peers_computes(const struct qn_foreign *peer);

/* Takes all that the folder has. As above. */
void qn_peers_take_all(void);

/*
 * Registers those known peers that aren't, as strategies that can't run here: their cells are skipped, with
 * the reason of qn_peers_why_missing. After whatever is to be taken has been. QN_ENOMEM.
 */
int qn_peers_add_missing(void) QN_MUST_CHECK;

/* A peer's flags (enum quench_peer_flags) as those of a strategy. */
unsigned qn_peers_flags(uint32_t flags);

/* The file of a registered peer is this one. path: as given. */
bool qn_peers_is_of(const struct qn_strategy *strategy, const char *path);

#endif
