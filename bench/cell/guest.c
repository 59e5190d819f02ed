#include "bench/cell/guest.h"

#include <stdio.h>
#include <string.h>

#include "bench/base/grace.h"
#include "bench/peer/host.h"
#include "bench/peer/module.h"
#include "bench/peer/outside.h"
#include "bench/peer/own.h"
#include "bench/peer/peers.h"

/* Finds the peer or the strategy of that name in the module. */
static int load(const char *path, const char *name, struct qn_guest *g, char *why)
{
    struct qn_module module;
    int rc = qn_module_load(path, &module, why);

    for (uint32_t i = 0; rc == QN_OK && module.peers; i++)
        if ((rc = qn_module_peer(module.peers, i, &g->peer, why)) == QN_OK &&
            strcmp(g->peer.name, name) == 0)
            return QN_OK;
    for (uint32_t i = 0; rc == QN_OK; i++)
        if ((rc = qn_own_strategy(module.strategies, i, &g->own, why)) == QN_OK &&
            strcmp(g->own->name, name) == 0)
            return QN_OK;
    if (rc == QN_ENOENT)
        snprintf(why, QN_MODULE_WHY_BYTES, "it has none of that name any more");
    return QN_EIO;
}

/*
 * Starts the program. It is given half of the time that this process has before it counts as hung,
 * so that who is slow is said.
 */
static int open_child(struct qn_guest *g, struct qn_shared *s, const struct qn_place *place)
{
    const struct qn_order *o = &s->order;
    const struct qn_workload *w = &o->workload;
    struct qn_program_order order = {.path = o->module,
                                     .name = o->strategy,
                                     .workers = w->workers,
                                     .threads = w->threads,
                                     .poll_cost_ns = w->poll_cost_ns,
                                     .memory_bytes = w->memory_bytes,
                                     .result_bytes = w->result_bytes,
                                     .sched = qn_policy_workers(&o->policy),
                                     .patience_ns = qn_grace_ns() / 2};
    char why[QN_PROGRAM_WHY_BYTES] = "";
    cpu_set_t cpus;
    int rc;

    CPU_ZERO(&cpus);
    for (unsigned i = 0; i < place->n_threads; i++)
        if (place->pus[i] < CPU_SETSIZE)
            CPU_SET(place->pus[i], &cpus);
    order.cpus = &cpus;
    atomic_store(&s->peer_step, QN_PEER_STEP_OPEN);
    rc = qn_outside_open(&order, o->peer_flags, why);
    atomic_store(&s->peer_step, QN_PEER_STEP_NONE);
    if (rc == QN_EIO)
        snprintf(s->reason, sizeof(s->reason), "%.*s", (int)sizeof(s->reason) - 1, why);
    g->is_child = rc == QN_OK;
    g->strategy = (struct qn_strategy){.name = o->strategy,
                                       .flags = o->flags,
                                       .kinds = o->kinds,
                                       .run = qn_outside_run,
                                       .settle = qn_outside_settle};
    return rc;
}

int qn_guest_open(struct qn_guest *g, struct qn_shared *s, const struct qn_place_ctx *place)
{
    const struct qn_order *o = &s->order;
    char why[QN_MODULE_WHY_BYTES];
    int rc, error;

    *g = (struct qn_guest){.host = NULL};
    if (!o->module[0])
        return QN_OK;
    if (o->flags & QN_CHILD)
        return open_child(g, s, &place->place);
    atomic_store(&s->peer_step, QN_PEER_STEP_LOAD);
    if ((rc = load(o->module, o->strategy, g, why)) != QN_OK) {
        snprintf(s->reason, sizeof(s->reason), "the module: %.300s", why);
        return rc;
    }
    if (g->own) {
        atomic_store(&s->peer_step, QN_PEER_STEP_NONE);
        return QN_OK;
    }
    rc = qn_host_open(&g->peer, o->workload.threads, &s->peer_step, &g->host, &error);
    if (rc == QN_EIO)
        snprintf(s->reason, sizeof(s->reason), "the peer's open() failed: %.100s", strerror(error));
    g->strategy = (struct qn_strategy){.name = o->strategy,
                                       .flags = qn_peers_flags(g->peer.flags),
                                       .kinds = o->kinds,
                                       .run = qn_host_run,
                                       .settle = qn_host_settle};
    return rc;
}

int qn_guest_prepare(struct qn_guest *g, const struct qn_order *o, struct qn_place_ctx *place,
                     struct qn_caller_config *config)
{
    const struct qn_host_config host = {.exec = config->exec,
                                        .place = place,
                                        .sched = qn_policy_workers(&o->policy),
                                        .n_workers = o->workload.workers};
    int rc;

    if (g->is_child) {
        config->strategy = &g->strategy;
        config->waits_fd = NULL; /* this process's thread only waits for the caller */
    }
    if (g->own)
        config->strategy = g->own;
    if (!g->host)
        return QN_OK;
    config->strategy = &g->strategy;
    rc = qn_host_prepare(g->host, &host);
    config->more_ledgers = qn_host_ledgers(g->host, &config->n_more);
    return rc;
}

void qn_guest_breach(const struct qn_guest *g, char *out, size_t bytes)
{
    if (g->host)
        (void)qn_host_breach(g->host, out, bytes);
    else if (g->is_child)
        snprintf(out, bytes, "%.*s", (int)bytes - 1, qn_outside_why());
}

void qn_guest_say_breach(const struct qn_guest *g, struct qn_shared *s)
{
    qn_guest_breach(g, s->reason, sizeof(s->reason));
}

int qn_guest_fill_block(const struct qn_guest *g, struct qn_block *b)
{
    if (!g->is_child)
        return QN_OK;
    b->is_child = 1;
    b->n_bound = 0; /* no thread by itself, the process as a whole */
    b->live_bytes = b->dirty_bytes = b->resident_bytes = (uint64_t)QN_NONE;
    b->preemptions = b->yields = b->faults = (uint64_t)QN_NONE;
    b->migrations = QN_NONE;
    return qn_outside_measure(&b->quantum_ns) == QN_OK ? QN_OK : QN_EBREACH;
}

void qn_guest_close(struct qn_guest *g)
{
    qn_host_close(g->host);
    if (g->is_child)
        qn_outside_close();
}
