/*
 * Strategies of the user's own in a module (quench/strategy.h). They are written against the headers of
 * this very build, whose stamp is compared before anything of the module is used.
 */
#ifndef QN_BENCH_PEER_OWN_H
#define QN_BENCH_PEER_OWN_H

#include <stdint.h>

#include "runtime/base.h"
#include "strategies/strategy.h"

/*
 * Loads the file, a path with a '/', for its list. QN_ENOENT: it is loaded, and has none (why is ""); QN_EINVAL: why, of
 * QN_MODULE_WHY_BYTES, says that it can't be loaded or was built against other headers.
 */
int qn_own_load(const char *path, const struct qn_strategy *const **out, char *why) QN_MUST_CHECK;

/* The i-th of the list, checked, whose texts may be NULL. QN_ENOENT: the list is over; QN_EINVAL: why says what is
 * wrong with it. */
int qn_own_strategy(const struct qn_strategy *const *list, uint32_t i,
                    const struct qn_strategy **out, char *why) QN_MUST_CHECK;

#endif
