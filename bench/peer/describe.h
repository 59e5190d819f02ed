/*
 * What a program says of its peers (docs/child-peers.md, "PROGRAM describe"): the counterpart of
 * inspect.h for children.
 */
#ifndef QN_BENCH_PEER_DESCRIBE_H
#define QN_BENCH_PEER_DESCRIBE_H

#include "bench/peer/inspect.h"

/*
 * Runs PATH describe and reads its facts, for as long as a process may be silent (bench/base/grace.h).
 * QN_EINVAL: out->why says what is wrong with it; QN_ENOMEM. The calling process must have no other thread.
 */
int qn_program_describe(const char *path, struct qn_module_facts *out) QN_MUST_CHECK;

/* Reads such a text, which it changes. QN_EINVAL: as above. */
int qn_describe_read(char *text, struct qn_module_facts *out) QN_MUST_CHECK;

#endif
