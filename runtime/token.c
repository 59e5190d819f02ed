#include "runtime/token.h"

#include <stdalign.h>

size_t qn_token_bytes(enum qn_token_kind kind)
{
    static const size_t bytes[] = {
        [QN_TOKEN_IS_PUSH] = sizeof(struct qn_cancel),
        [QN_TOKEN_IS_WALK] = sizeof(struct qn_walk),
        [QN_TOKEN_IS_GENERATION] = sizeof(struct qn_generation),
    };

    return bytes[kind];
}

size_t qn_token_align(enum qn_token_kind kind)
{
    static const size_t align[] = {
        [QN_TOKEN_IS_PUSH] = alignof(struct qn_cancel),
        [QN_TOKEN_IS_WALK] = alignof(struct qn_walk),
        [QN_TOKEN_IS_GENERATION] = alignof(struct qn_generation),
    };

    return align[kind];
}

void qn_token_init(struct qn_token token, struct qn_token_tree *tree, struct qn_token parent,
                   uint64_t deadline)
{
    assert(!parent.at || parent.kind == token.kind);
    if (token.kind == QN_TOKEN_IS_PUSH)
        qn_cancel_init_until(token.push, tree->exec, parent.push, deadline);
    else if (token.kind == QN_TOKEN_IS_WALK)
        qn_walk_init(token.walk, tree, parent.walk, deadline);
    else
        qn_generation_init(token.generation, tree, parent.generation, deadline);
}

void qn_token_fini(struct qn_token token)
{
    if (token.kind == QN_TOKEN_IS_PUSH)
        qn_cancel_fini(token.push);
    else
        qn_walk_fini(token.walk); /* the first member of a generation */
}

bool qn_token_raise(struct qn_token token)
{
    return token.kind == QN_TOKEN_IS_PUSH ? qn_cancel_raise(token.push) : qn_walk_raise(token.walk);
}

int qn_token_wait(struct qn_token token, uint64_t deadline)
{
    return token.kind == QN_TOKEN_IS_PUSH ? qn_cancel_wait(token.push, deadline)
                                          : qn_walk_wait(token.walk, deadline);
}

uint64_t qn_token_deadline(struct qn_token token)
{
    return token.kind == QN_TOKEN_IS_PUSH ? qn_cancel_deadline(token.push) : token.walk->deadline;
}

struct qn_case qn_case_token(struct qn_token token)
{
    return token.kind == QN_TOKEN_IS_PUSH ? qn_case_cancelled(token.push)
                                          : qn_case_walk(token.walk);
}
