#include "runtime/walk.h"

#include <string.h>

void qn_token_tree_init(struct qn_token_tree *tree, struct qn_exec *exec)
{
    memset(tree, 0, sizeof(*tree));
    tree->exec = exec;
    qn_lock_init(&tree->lock, QN_RANK_OBJECT);
    atomic_init(&tree->generation, 1); /* a new token has seen 0, so its first poll climbs */
}

void qn_walk_init(struct qn_walk *token, struct qn_token_tree *tree, const struct qn_walk *parent,
                  uint64_t deadline)
{
    atomic_init(&token->raised, 0);
    token->parent = parent;
    token->tree = tree;
    token->deadline = parent && parent->deadline < deadline ? parent->deadline : deadline;
}

static const struct qn_walk *token_of(const struct qn_node *node)
{
    return QN_CONTAINER_OF(node, const struct qn_case, node)->object;
}

/* Claims the threads that wait for a token that now counts as raised. */
static void claim_raised(struct qn_queue *waiters, struct qn_wake_list *list)
{
    struct qn_node *next;

    for (struct qn_node *node = waiters->head; node; node = next) {
        next = node->next;
        if (!qn_walk_poll(token_of(node)))
            continue;
        qn_queue_remove(waiters, node);
        if (qn_wait_claim(node->thread, node->index)) {
            node->result = QN_ECANCELED;
            qn_wake_list_add(list, node);
        }
    }
}

bool qn_walk_raise(struct qn_walk *token)
{
    struct qn_token_tree *tree = token->tree;
    struct qn_wake_list list;

    if (atomic_exchange_explicit(&token->raised, 1, memory_order_seq_cst))
        return false;
    QN_STEP("raised");
    /* After the flag: a thread that sees this generation sees the flag. */
    atomic_fetch_add_explicit(&tree->generation, 1, memory_order_seq_cst);
    QN_STEP("generation");
    qn_wake_list_init(&list);
    qn_lock(tree->exec, &tree->lock);
    claim_raised(&tree->waiters, &list);
    qn_unlock(tree->exec, &tree->lock);
    qn_wake_list_run(&list);
    return true;
}

static int attempt_walk(struct qn_case *c, struct qn_thread **wake)
{
    (void)wake;
    return qn_walk_raised(c->object) ? QN_ECANCELED : QN_EAGAIN;
}

static struct qn_lock *lock_of(void *object)
{
    return &((struct qn_walk *)object)->tree->lock;
}

static struct qn_queue *waiters_of(struct qn_case *c)
{
    return &((struct qn_walk *)c->object)->tree->waiters;
}

static bool maybe_raised(const struct qn_case *c)
{
    return qn_walk_poll(c->object);
}

static const struct qn_case_ops walk_ops = {
    .lock = lock_of,
    .attempt = attempt_walk,
    .queue = waiters_of,
    .maybe_ready = maybe_raised,
};

struct qn_case qn_case_walk(struct qn_walk *token)
{
    return (struct qn_case){.ops = &walk_ops, .object = token};
}

int qn_walk_wait(struct qn_walk *token, uint64_t deadline)
{
    struct qn_case c = qn_case_walk(token);

    return qn_wait_case_within(&c, deadline, token->deadline);
}
