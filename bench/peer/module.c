#include "bench/peer/module.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "bench/base/module.h"
#include "bench/base/text.h"
#include "bench/peer/own.h"
#include "runtime/err.h"
#include "strategies/foreign.h"

#define ALL_FLAGS ((QUENCH_PROCESS_WIDE << 1) - 1u)

/* Up to here a peer's struct must go; what comes after has a default. */
#define LEAST_BYTES (offsetof(struct quench_peer, call) + sizeof(((struct quench_peer *)0)->call))

int qn_module_load(const char *path, struct qn_module *out, char *why)
{
    void *symbol;
    int rc;

    *out = (struct qn_module){.peers = NULL};
    if ((rc = qn_own_load(path, &out->strategies, why)) != QN_ENOENT)
        return rc;
    if ((rc = qn_module_symbol(path, QUENCH_PEER_SYMBOL, &symbol, why)) == QN_OK)
        memcpy(&out->peers, &symbol, sizeof(symbol)); /* ISO C has no cast to a function */
    else if (rc == QN_ENOENT)
        qn_text_add(why, QN_MODULE_WHY_BYTES, ", so it is no peer's module (quench/peer.h)");
    return rc == QN_OK ? rc : QN_EINVAL;
}

/* Whether it is NAME=VALUE, without blanks: lists of them are joined by blanks. */
static bool is_setting(const char *text)
{
    const char *equals = strchr(text, '=');

    return equals && equals > text && qn_module_is_line(text) && !strchr(text, ' ');
}

static int check(const struct quench_peer *p, uint32_t i, char *why)
{
    if (!p->name || !qn_foreign_is_name(p->name))
        return QN_MODULE_REFUSE(
            "the name of its peer %u is '%.64s': 1 to %u of a-z, 0-9 and '-' are allowed", i,
            p->name ? p->name : "", QN_FOREIGN_NAME_MAX);
    if (!qn_module_is_line(p->summary) || !qn_module_is_line(p->library) ||
        !qn_module_is_line(p->licence) || !qn_module_is_line(p->reach))
        return QN_MODULE_REFUSE("peer %s: its texts must be one line of UTF-8 each", p->name);
    if (p->flags & ~ALL_FLAGS)
        return QN_MODULE_REFUSE("peer %s: flags 0x%x are unknown here: 0x%x are allowed", p->name,
                                p->flags & ~ALL_FLAGS, ALL_FLAGS);
    if (p->reserved != 0)
        return QN_MODULE_REFUSE("peer %s: reserved is %u, but must be 0", p->name, p->reserved);
    if (!p->call)
        return QN_MODULE_REFUSE("peer %s: no call()", p->name);
    if (!p->settle && !(p->flags & QUENCH_WAITS_ALL))
        return QN_MODULE_REFUSE(
            "peer %s: no settle(), which only a peer that says WAITS_ALL may lack", p->name);
    for (const char *const *e = p->env; e && *e; e++)
        if (!is_setting(*e))
            return QN_MODULE_REFUSE(
                "peer %s: its environment has '%.64s': NAME=VALUE without blanks, in UTF-8, is allowed",
                p->name, *e);
    return QN_OK;
}

int qn_module_peer(qn_module_entry *entry, uint32_t i, struct quench_peer *out, char *why)
{
    const struct quench_peer *p = entry(i);

    if (!p)
        return QN_ENOENT;
    if (i == QN_MODULE_MAX_PEERS)
        return QN_MODULE_REFUSE("lists more than %u peers", QN_MODULE_MAX_PEERS);
    if (p->abi != QUENCH_PEER_ABI)
        return QN_MODULE_REFUSE(
            "its peer %u is built for ABI %u, this program has %u: build it again", i, p->abi,
            QUENCH_PEER_ABI);
    if (p->size < LEAST_BYTES)
        return QN_MODULE_REFUSE("its peer %u has a size of %u bytes: at least %zu are needed", i,
                                p->size, LEAST_BYTES);
    *out = (struct quench_peer){0};
    memcpy(out, p, p->size < sizeof(*out) ? p->size : sizeof(*out));
    return check(out, i, why);
}
