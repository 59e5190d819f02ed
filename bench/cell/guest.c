#include "bench/cell/guest.h"

#include <stdio.h>
#include <string.h>

#include "bench/peer/host.h"
#include "bench/peer/module.h"
#include "bench/peer/peers.h"

/* Finds the peer of that name in the module. */
static int load(const char *path, const char *name, struct quench_peer *out, char *why)
{
    qn_module_entry *entry;
    int rc = qn_module_load(path, &entry, why);

    for (uint32_t i = 0; rc == QN_OK; i++)
        if ((rc = qn_module_peer(entry, i, out, why)) == QN_OK && strcmp(out->name, name) == 0)
            return QN_OK;
    if (rc == QN_ENOENT)
        snprintf(why, QN_MODULE_WHY_BYTES, "it has no peer of that name any more");
    return QN_EIO;
}

int qn_guest_open(struct qn_guest *g, struct qn_shared *s)
{
    const struct qn_order *o = &s->order;
    char why[QN_MODULE_WHY_BYTES];
    int rc, error;

    *g = (struct qn_guest){.host = NULL};
    if (!o->module[0])
        return QN_OK;
    atomic_store(&s->peer_step, QN_PEER_STEP_LOAD);
    if ((rc = load(o->module, o->strategy, &g->peer, why)) != QN_OK) {
        snprintf(s->reason, sizeof(s->reason), "the peer's module: %.140s", why);
        return rc;
    }
    rc = qn_host_open(&g->peer, o->workload.threads, &s->peer_step, &g->host, &error);
    if (rc == QN_EIO)
        snprintf(s->reason, sizeof(s->reason), "the peer's open() failed: %.100s", strerror(error));
    g->strategy = (struct qn_strategy){.name = o->strategy,
                                       .flags = qn_peers_flags(g->peer.flags),
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

    if (!g->host)
        return QN_OK;
    config->strategy = &g->strategy;
    rc = qn_host_prepare(g->host, &host);
    config->more_ledgers = qn_host_ledgers(g->host, &config->n_more);
    return rc;
}

void qn_guest_say_breach(const struct qn_guest *g, struct qn_shared *s)
{
    if (g->host)
        (void)qn_host_breach(g->host, s->reason, sizeof(s->reason));
}

void qn_guest_close(struct qn_guest *g)
{
    qn_host_close(g->host);
}
