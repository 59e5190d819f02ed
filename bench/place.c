#include "bench/place.h"

int qn_place_init(struct qn_place_ctx *ctx, enum qn_placement_option placement,
                  enum qn_caller_option caller, unsigned n_threads)
{
    static const enum qn_placement placements[] = {
        [QN_OPT_SPREAD] = QN_SPREAD, [QN_OPT_COMPACT] = QN_COMPACT, [QN_OPT_SMT] = QN_SMT};
    static const enum qn_caller_place callers[] = {[QN_OPT_CALLER_DEFAULT] = QN_CALLER_DEFAULT,
                                                   [QN_OPT_CALLER_OWN] = QN_CALLER_OWN,
                                                   [QN_OPT_CALLER_SHARED] = QN_CALLER_SHARED};
    const char *why;
    int rc;

    ctx->topo = NULL;
    atomic_init(&ctx->n_bound, 0);
    if ((rc = qn_topo_load(&ctx->topo)) != QN_OK)
        return rc;
    rc = qn_topo_place(ctx->topo, placements[placement], n_threads, callers[caller], &ctx->place,
                       &why);
    if (rc != QN_OK)
        qn_topo_destroy(ctx->topo);
    return rc;
}

void qn_place_fini(struct qn_place_ctx *ctx)
{
    qn_place_clear(&ctx->place);
    qn_topo_destroy(ctx->topo);
}

int qn_place_bind(void *user, int index)
{
    struct qn_place_ctx *ctx = user;
    int pu = index < 0 ? ctx->place.caller_pu : (int)ctx->place.pus[index];
    int rc = qn_topo_bind_self(ctx->topo, pu);

    if (rc == QN_OK)
        atomic_fetch_add(&ctx->n_bound, 1);
    /* A machine that can't bind is measured all the same; the count of bound threads tells. */
    return rc == QN_ENOTSUP ? QN_OK : rc;
}

unsigned qn_place_n_bound(const struct qn_place_ctx *ctx)
{
    return atomic_load(&ctx->n_bound);
}
