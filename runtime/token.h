/*
 * Tokens of any kind behind one interface, so that strategies and benchmarks can choose how a tree
 * of them is raised: push (cancel.h), walk (walk.h) or generation (generation.h).
 *
 * A token here is a handle: its kind and address. It is passed by value and owns nothing. A poll is
 * inline and switches on the kind, which is constant in a polling loop: if the compiler knows it,
 * the switch disappears; there is no table of functions.
 *
 * Overlaps, blocking and memory order: see the kind's own header.
 */
#ifndef QN_RUNTIME_TOKEN_H
#define QN_RUNTIME_TOKEN_H

#include "runtime/cancel.h"
#include "runtime/generation.h"
#include "runtime/walk.h"

enum qn_token_kind { QN_TOKEN_IS_PUSH, QN_TOKEN_IS_WALK, QN_TOKEN_IS_GENERATION };

struct qn_token {
    enum qn_token_kind kind;
    union {
        void *at; /* NULL: no token */
        struct qn_cancel *push;
        struct qn_walk *walk;
        struct qn_generation *generation;
    };
};

/* The token of that kind at address `at`. */
static inline struct qn_token qn_token_at(enum qn_token_kind kind, void *at)
{
    return (struct qn_token){.kind = kind, .at = at};
}

/* Size of a token of the kind; its address must be a multiple of qn_token_align. */
size_t qn_token_bytes(enum qn_token_kind kind);
size_t qn_token_align(enum qn_token_kind kind);

/*
 * Sets up the token below parent (of its kind and tree; .at NULL: a root or a shield). tree: what
 * the tokens of a tree share; a push uses only its executor. deadline: QN_NEVER for the parent's.
 */
void qn_token_init(struct qn_token token, struct qn_token_tree *tree, struct qn_token parent,
                   uint64_t deadline);

/* Destroys the token; a push waits for a raise that is using it. */
void qn_token_fini(struct qn_token token);

/* True once the token or one above it is raised; relaxed. */
static inline bool qn_token_poll(struct qn_token token)
{
    if (token.kind == QN_TOKEN_IS_PUSH)
        return qn_cancel_poll(token.push);
    return token.kind == QN_TOKEN_IS_WALK ? qn_walk_poll(token.walk)
                                          : qn_generation_poll(token.generation);
}

/* The same, and what the canceller wrote before raising is visible. */
static inline bool qn_token_raised(struct qn_token token)
{
    return token.kind == QN_TOKEN_IS_PUSH ? qn_cancel_raised(token.push)
                                          : qn_walk_raised(token.walk);
}

/* Raises the token and all below it. False: it was raised already, by itself or (push) from above. */
bool qn_token_raise(struct qn_token token);

/* Waits until the token is raised (QN_ECANCELED), its deadline (QN_EDEADLINE) or this one
 * (QN_ETIMEDOUT). */
int qn_token_wait(struct qn_token token, uint64_t deadline) QN_MUST_CHECK;

/* When a wait on the token ends at the latest. */
uint64_t qn_token_deadline(struct qn_token token);

/* A case for qn_select; comes to QN_ECANCELED. */
struct qn_case qn_case_token(struct qn_token token);

#endif
