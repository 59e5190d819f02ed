/*
 * Tokens with generations: a poll looks at one word of its tree, and at its ancestors only when that
 * has moved (the epochs of oneTBB's task_group_context, without its push).
 *
 * A token keeps what its last climb found: the generation before the climb, and whether something on
 * the path was raised. While the tree's generation is still that one, nothing was raised anywhere in
 * the tree, and the answer stands: two loads. Raised is for good. A raise anywhere in the tree, even
 * in another part of it, costs every token that is polled one climb.
 *
 * Everything but the poll is that of a walk (walk.h), which each token begins with.
 *
 * Who may overlap: as with a walk. Many may poll one token at once: each writes a pair of generation
 * and answer that belong together, so that whichever stays is right, or is older and looked at again.
 *
 * Memory order: a raise sets its flag, then moves the generation; a climb begins by reading the
 * generation (acquire), so it sees every flag of that generation and those before. The word of a
 * token is relaxed: it holds all that it says.
 */
#ifndef QN_RUNTIME_GENERATION_H
#define QN_RUNTIME_GENERATION_H

#include "runtime/walk.h"

struct qn_generation {
    _Alignas(64) struct qn_walk walk; /* a line to itself: those who poll write seen */
    /* The generation before the last climb, times two, plus one if it found something raised. */
    _Atomic uint64_t seen;
};

/* As qn_walk_init. */
static inline void qn_generation_init(struct qn_generation *token, struct qn_token_tree *tree,
                                      const struct qn_generation *parent, uint64_t deadline)
{
    qn_walk_init(&token->walk, tree, parent ? &parent->walk : NULL, deadline);
    atomic_init(&token->seen, 0);
}

static inline void qn_generation_fini(struct qn_generation *token)
{
    qn_walk_fini(&token->walk);
}

/* Climbs, keeps what it found and returns it. */
bool qn_generation_climb(struct qn_generation *token);

/* True if the token or one above it was raised; relaxed, two loads while nothing happens. */
static inline bool qn_generation_poll(struct qn_generation *token)
{
    uint64_t seen = atomic_load_explicit(&token->seen, memory_order_relaxed);

    if (QN_UNLIKELY(seen & 1))
        return true;
    if (QN_LIKELY(seen >> 1 ==
                  atomic_load_explicit(&token->walk.tree->generation, memory_order_relaxed)))
        return false;
    return qn_generation_climb(token);
}

#endif
