#include "bench/machine/place.h"

#include <stdlib.h>

#include "bench/base/complain.h"
#include "runtime/err.h"

const struct qn_words qn_placement_words = QN_WORD_LIST("spread", "compact", "smt");
const char *const qn_caller_names[] = {"default", "own", "shared"};
const struct qn_words qn_caller_words = {qn_caller_names + QN_CALLER_OWN,
                                         QN_ARRAY_LEN(qn_caller_names) - QN_CALLER_OWN};
const struct qn_words qn_wait_words = QN_WORD_LIST("adaptive", "spin", "park");

int qn_place_init(struct qn_place_ctx *ctx, enum qn_placement placement,
                  enum qn_caller_place caller, unsigned n_threads)
{
    const char *why;
    int rc;

    ctx->topo = NULL;
    atomic_init(&ctx->n_bound, 0);
    if ((rc = qn_topo_load(&ctx->topo)) != QN_OK)
        return rc;
    rc = qn_topo_place(ctx->topo, placement, n_threads, caller, &ctx->place, &why);
    if (rc != QN_OK)
        qn_topo_destroy(ctx->topo);
    return rc;
}

void qn_place_fini(struct qn_place_ctx *ctx)
{
    qn_place_clear(&ctx->place);
    qn_topo_destroy(ctx->topo);
}

int qn_place_bind_foreign(const struct qn_place_ctx *ctx, int index)
{
    return qn_topo_bind_self(ctx->topo,
                             index < 0 ? ctx->place.caller_pu : (int)ctx->place.pus[index]);
}

int qn_place_bind(void *user, int index)
{
    struct qn_place_ctx *ctx = user;
    int rc = qn_place_bind_foreign(ctx, index);

    if (rc == QN_OK)
        atomic_fetch_add(&ctx->n_bound, 1);
    /* A machine that can't bind threads is measured anyway; the number of bound threads shows it.
     */
    return rc == QN_ENOTSUP ? QN_OK : rc;
}

unsigned qn_place_n_bound(const struct qn_place_ctx *ctx)
{
    return atomic_load(&ctx->n_bound);
}

int *qn_place_cpus(const struct qn_place_ctx *places, size_t n, unsigned *n_cpus)
{
    size_t room = 0;
    int *cpus;

    *n_cpus = 0;
    for (size_t i = 0; i < n; i++)
        room += places[i].place.n_threads + 1;
    cpus = calloc(room + 1, sizeof(*cpus));
    for (size_t i = 0; cpus && i < n; i++) {
        const struct qn_place *p = &places[i].place;

        for (unsigned j = 0; j < p->n_threads; j++)
            cpus[(*n_cpus)++] = (int)p->pus[j];
        if (p->caller_is_own)
            cpus[(*n_cpus)++] = (int)p->caller_pu;
    }
    return cpus;
}

int qn_place_count_cores(unsigned *n)
{
    struct qn_topo *topo;
    int rc = qn_topo_load(&topo);

    if (rc != QN_OK) {
        qn_complain("this machine's topology can't be read: %s", qn_err_text(rc));
        return rc;
    }
    *n = qn_topo_n_cores(topo);
    qn_topo_destroy(topo);
    return QN_OK;
}
