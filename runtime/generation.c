#include "runtime/generation.h"

bool qn_generation_climb(struct qn_generation *token)
{
    uint64_t generation = atomic_load_explicit(&token->walk.tree->generation, memory_order_acquire);
    bool raised;

    QN_STEP("climb");
    raised = qn_walk_raised(&token->walk);
    QN_STEP("climbed");
    atomic_store_explicit(&token->seen, generation << 1 | (uint64_t)raised, memory_order_relaxed);
    return raised;
}
