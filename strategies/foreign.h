/*
 * Foreign strategies: those that are not ours. A peer (bench/peer) runs the fan-out with threads of
 * its own; a strategy of the user's own comes from a module that is written as ours are; a folder that was measured or imported elsewhere has names that this program has no code
 * for. To everything above they are strategies: they have a name, flags and a place in the plan.
 *
 * They are registered before anything runs, on one thread, and never removed: qn_strategy_find
 * finds them, and `--strategies all` doesn't mean them.
 */
#ifndef QN_STRATEGIES_FOREIGN_H
#define QN_STRATEGIES_FOREIGN_H

#include "runtime/base.h"
#include "strategies/strategy.h"

/* The longest name of a foreign strategy, without its NUL. */
#define QN_FOREIGN_NAME_MAX 31u

/*
 * X(field, name): texts about it, one line of UTF-8 each, "" where unknown; name: in manifest.json.
 */
#define QN_FOREIGN_TEXTS(X) \
    X(library, "library") /* what it stands on */ \
    X(version, "version") /* of the library, at run time */ \
    X(licence, "licence") \
    X(reach, "reach")     /* how a stop reaches running work */ \
    X(traits, "traits")   /* words, joined by spaces: "caller-works skips-queued" */ \
    X(env, "env")         /* NAME=VALUE, joined by spaces: what its process's environment has */ \
    X(missing, "missing") /* why it can't be run here, if that is known */ \
    X(module, "module")   /* the file it is loaded from; "": it can't be run here */

/* Constant once registered. */
struct qn_foreign {
    /* .name, .summary, .flags (QN_OWN_THREADS: but for the user's own strategies), .kinds and .kinds_reason; its functions are NULL
     * where it can't be run */
    struct qn_strategy strategy;
    unsigned
        peer_flags; /* what a peer says of itself, which bench/peer reads; 0 where it can't be run */
#define QN_FOREIGN_FIELD(field, name) const char *field;
    QN_FOREIGN_TEXTS(QN_FOREIGN_FIELD)
#undef QN_FOREIGN_FIELD
};

/* Whether a name may be one: a-z, 0-9 and '-', 1 to QN_FOREIGN_NAME_MAX of them. */
bool qn_foreign_is_name(const char *name);

/*
 * Registers a copy, whose name must be neither ours nor registered (qn_strategy_find). Texts may be
 * NULL for "". QN_EINVAL: not a name; QN_ENOMEM. Must not overlap anything.
 */
int qn_foreign_add(const struct qn_foreign *foreign) QN_MUST_CHECK;

/* The i-th in the order of registering; NULL: there are fewer. */
const struct qn_foreign *qn_foreign_at(size_t i);
size_t qn_foreign_count(void);

/* The foreign strategy that a strategy is; NULL: it is one of ours. */
const struct qn_foreign *qn_foreign_of(const struct qn_strategy *strategy);

/* The one of that name, or NULL. */
const struct qn_foreign *qn_foreign_find(const char *name);

#endif
