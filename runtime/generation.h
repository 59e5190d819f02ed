/*
 * Tokens with generations: a poll checks one word of its tree, and its ancestors only if that has
 * changed (like the epochs of oneTBB's task_group_context, without its push).
 *
 * A token caches the result of its last climb: the generation before the climb, and whether
 * something on the path was raised. While the tree's generation is unchanged, nothing was raised
 * anywhere in the tree, and the result is valid: two loads. Raising is permanent. A raise anywhere
 * in the tree, even in another part of it, costs every polled token one climb.
 *
 * Everything except the poll is that of a walk (walk.h), which is each token's first member.
 *
 * Overlaps: as for a walk. Several threads may poll one token at once: each writes a consistent
 * pair of generation and result, so whichever remains is right, or outdated and then renewed.
 *
 * Memory order: a raise sets its flag, then increments the generation; a climb begins by reading
 * the generation (acquire), so it sees every flag up to that generation. A token's word is relaxed:
 * it is self-contained.
 */
#ifndef QN_RUNTIME_GENERATION_H
#define QN_RUNTIME_GENERATION_H

#include "runtime/walk.h"

struct qn_generation {
    _Alignas(64) struct qn_walk walk; /* on its own line: polling threads write seen */
    /* The generation before the last climb, times two, plus one if it found something raised. */
    _Atomic uint64_t seen;
};

/* As qn_walk_init; qn_walk_fini(&token->walk) ends it. */
static inline void qn_generation_init(struct qn_generation *token, struct qn_token_tree *tree,
                                      const struct qn_generation *parent, uint64_t deadline)
{
    qn_walk_init(&token->walk, tree, parent ? &parent->walk : NULL, deadline);
    atomic_init(&token->seen, 0);
}

/* Climbs, stores the result and returns it. */
bool qn_generation_climb(struct qn_generation *token);

/* True if the token or one above it was raised; relaxed, two loads if nothing has changed. */
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
