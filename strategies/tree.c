#include "strategies/tree.h"

#include <stdalign.h>

/* Layout of a tree's block: the struct, followed by tokens, scopes and reports. */
struct layout {
    size_t tokens_at, scopes_at, reports_at, bytes;
};

static size_t add_part(struct layout *layout, size_t n, size_t bytes, size_t align)
{
    size_t at = (layout->bytes + align - 1) / align * align;

    layout->bytes = at + n * bytes;
    return at;
}

static uint32_t saturated(uint64_t n)
{
    return n > UINT32_MAX ? UINT32_MAX : (uint32_t)n;
}

uint32_t qn_tree_n_workers(uint32_t depth, uint32_t breadth)
{
    uint64_t n = 1;

    for (uint32_t level = 0; level < depth && n < UINT32_MAX && breadth > 1; level++)
        n *= breadth;
    return saturated(n);
}

uint32_t qn_tree_n_scopes(uint32_t depth, uint32_t breadth)
{
    uint64_t n = 0, in_level = 1;

    for (uint32_t level = 0; level < depth && n < UINT32_MAX; level++) {
        n += in_level;
        in_level *= breadth;
    }
    return saturated(n);
}

struct qn_tree *qn_tree_of(struct qn_scope *scope)
{
    return scope->own;
}

static struct qn_token token_of(const struct qn_tree *tree, uint32_t scope)
{
    return qn_token_at(tree->kind, tree->tokens + scope * tree->token_stride);
}

uint32_t qn_tree_above(const struct qn_tree *tree, uint32_t scope)
{
    return (scope - 1) / tree->breadth;
}

uint32_t qn_tree_of_worker(const struct qn_tree *tree, uint32_t worker)
{
    return (tree->n_scopes - 1 + worker) / tree->breadth;
}

static enum qn_token_kind kind_of(enum qn_token_policy policy)
{
    static const enum qn_token_kind kinds[] = {
        [QN_TOKEN_PUSH] = QN_TOKEN_IS_PUSH,
        [QN_TOKEN_WALK] = QN_TOKEN_IS_WALK,
        [QN_TOKEN_GENERATION] = QN_TOKEN_IS_GENERATION,
    };

    return kinds[policy];
}

static void grow(struct qn_tree *tree, uint64_t deadline)
{
    const struct qn_token none = qn_token_at(tree->kind, NULL);
    const uint32_t n_shielded = tree->call->policy.shield;

    for (uint32_t i = 0; i < tree->n_scopes; i++) {
        bool is_detached = i == QN_TREE_ROOT || i <= n_shielded;

        tree->scopes[i] = (struct qn_tree_scope){0};
        atomic_init(&tree->scopes[i].n_running, tree->breadth);
        qn_token_init(token_of(tree, i), &tree->shared,
                      is_detached ? none : token_of(tree, qn_tree_above(tree, i)),
                      i == QN_TREE_ROOT ? deadline : QN_NEVER);
    }
}

static struct qn_tree *create(struct qn_call *call, uint64_t deadline)
{
    struct layout layout = {.bytes = sizeof(struct qn_tree)};
    enum qn_token_kind kind = kind_of(call->policy.token);
    bool is_flat = call->tree_depth == 0; /* one level */
    uint32_t breadth = is_flat ? call->n_workers : call->tree_breadth;
    uint32_t n_scopes = is_flat ? 1 : qn_tree_n_scopes(call->tree_depth, breadth);
    size_t stride = qn_token_bytes(kind);
    struct qn_tree *tree;

    layout.tokens_at = add_part(&layout, n_scopes, stride, qn_token_align(kind));
    layout.scopes_at =
        add_part(&layout, n_scopes, sizeof(struct qn_tree_scope), alignof(struct qn_tree_scope));
    layout.reports_at =
        add_part(&layout, call->n_workers, sizeof(struct qn_report), alignof(struct qn_report));
    tree = qn_call_alloc(call, layout.bytes, QN_LINE_BYTES);
    if (!tree)
        return NULL;
    *tree = (struct qn_tree){.call = call,
                             .breadth = breadth,
                             .n_scopes = n_scopes,
                             .kind = kind,
                             .token_stride = stride,
                             .tokens = (unsigned char *)tree + layout.tokens_at,
                             .scopes = (void *)((unsigned char *)tree + layout.scopes_at),
                             .reports = (void *)((unsigned char *)tree + layout.reports_at)};
    qn_token_tree_init(&tree->shared, call->exec);
    grow(tree, deadline);
    return tree;
}

static void destroy(struct qn_tree *tree)
{
    for (uint32_t i = tree->n_scopes; i-- > 0;)
        qn_token_fini(token_of(tree, i));
    qn_call_free(tree->call, tree);
}

struct qn_report qn_tree_work(struct qn_tree *tree, struct qn_worker *w)
{
    struct qn_report report =
        qn_do_something_below(w, token_of(tree, qn_tree_of_worker(tree, w->index)));

    tree->reports[w->index] = report;
    return report;
}

static void raise_at(struct qn_tree *tree, uint32_t scope)
{
    uint64_t start = qn_exec_now(tree->call->exec), none = 0;

    atomic_compare_exchange_strong_explicit(&tree->cancel_at, &none, start, memory_order_relaxed,
                                            memory_order_relaxed);
    qn_token_raise(token_of(tree, scope));
    atomic_fetch_add_explicit(&tree->cancelling, qn_exec_now(tree->call->exec) - start,
                              memory_order_relaxed);
}

static bool is_error(const struct qn_tree *tree, const struct qn_report *report)
{
    return report->error == QN_ERROR_WORKER ||
           (report->error == QN_ERROR_CANCELLED &&
            tree->call->policy.cancelled_reports == QN_CANCELLED_ERROR);
}

void qn_tree_tell(struct qn_tree *tree, uint32_t scope, const struct qn_report *report)
{
    struct qn_tree_scope *node = &tree->scopes[scope];

    if (!is_error(tree, report))
        return;
    QN_STEP("record");
    if (atomic_exchange_explicit(&node->has_error, 1, memory_order_relaxed))
        return;
    node->first = *report;
    node->first.result = NULL;
    raise_at(tree, scope);
}

bool qn_tree_stopped(struct qn_tree *tree, uint32_t scope)
{
    QN_STEP("stopped");
    return atomic_fetch_sub_explicit(&tree->scopes[scope].n_running, 1, memory_order_acq_rel) == 1;
}

const struct qn_report *qn_tree_first(const struct qn_tree *tree, uint32_t scope)
{
    return &tree->scopes[scope].first;
}

void qn_tree_end(struct qn_scope *scope)
{
    struct qn_report nothing = {0};

    qn_send(scope, &nothing); /* the channel has room for one */
}

/* Waits until all have stopped (QN_OK), the root has an error (QN_ECANCELED: its token is raised,
 * for any other reason only by the caller), or its deadline passes (QN_ETIMEDOUT). */
static int wait_for_error(struct qn_scope *scope, struct qn_tree *tree)
{
    struct qn_token root = token_of(tree, QN_TREE_ROOT);
    struct qn_report nothing;
    struct qn_case cases[] = {qn_case_recv(scope->done, &nothing), qn_case_token(root)};
    unsigned chosen;

    return qn_select(cases, QN_ARRAY_LEN(cases), qn_token_deadline(root), &chosen);
}

/*
 * After every worker has stopped: takes their results, and the root's error if it came last.
 * Without an error, only the deadline cuts work short, whichever thread noticed it.
 */
static void take_all(struct qn_tree *tree, bool has_taken)
{
    struct qn_call *call = tree->call;
    bool was_cut_short = false;

    for (uint32_t i = 0; i < call->n_workers; i++) {
        was_cut_short |= tree->reports[i].error == QN_ERROR_CANCELLED;
        if (!is_error(tree, &tree->reports[i]))
            qn_sink_take(call, &tree->reports[i]);
    }
    if (!has_taken && tree->scopes[QN_TREE_ROOT].first.error != QN_ERROR_NONE)
        qn_sink_take(call, &tree->scopes[QN_TREE_ROOT].first);
    else if (!has_taken && was_cut_short)
        call->sink.returned =
            (struct qn_report){.error = QN_ERROR_CANCELLED, .worker = QN_NO_WORKER};
    call->cancel_at = atomic_load_explicit(&tree->cancel_at, memory_order_relaxed);
    call->cancelling = atomic_load_explicit(&tree->cancelling, memory_order_relaxed);
}

/* The caller's part while workers run. */
static void oversee(struct qn_scope *scope, struct qn_tree *tree)
{
    int rc = wait_for_error(scope, tree);

    if (rc == QN_ECANCELED)
        qn_sink_take(tree->call, &tree->scopes[QN_TREE_ROOT].first);
    else if (rc == QN_ETIMEDOUT)
        raise_at(tree, QN_TREE_ROOT);
    if (rc != QN_OK)
        (void)qn_receive(scope);
    take_all(tree, rc == QN_ECANCELED);
}

static uint64_t deadline_of(const struct qn_call *call)
{
    uint64_t delay_ns = call->policy.deadline_ns;

    if (delay_ns == 0)
        return QN_NEVER;
    return qn_exec_now(call->exec) + qn_exec_from_ns(call->exec, delay_ns);
}

const struct qn_report *qn_tree_run(struct qn_call *call)
{
    struct qn_scope *scope = qn_scope_create(call, 1, QN_SCOPE_PLAIN);
    struct qn_tree *tree = scope ? create(call, deadline_of(call)) : NULL;

    if (!scope)
        return NULL;
    scope->own = tree;
    if (!tree) {
        qn_scope_release(scope, call->n_workers);
        return qn_finish(scope);
    }
    if (qn_go(scope, call->strategy->worker) == QN_OK)
        oversee(scope, tree);
    destroy(tree);
    return qn_finish(scope);
}
