#include "bench/peer/module.h"

#include <dlfcn.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "runtime/err.h"
#include "strategies/foreign.h"

#define ALL_FLAGS ((QUENCH_PROCESS_WIDE << 1) - 1u)

#define REFUSE(...) (snprintf(why, QN_MODULE_WHY_BYTES, __VA_ARGS__), QN_EINVAL)

/* Up to here a peer's struct must go; what comes after has a default. */
#define LEAST_BYTES (offsetof(struct quench_peer, call) + sizeof(((struct quench_peer *)0)->call))

int qn_module_load(const char *path, qn_module_entry **out, char *why)
{
    void *module = dlopen(path, RTLD_NOW | RTLD_LOCAL), *symbol;
    const char *error = module ? NULL : dlerror();

    if (!module) /* dlerror begins with the path */
        return REFUSE("can't be loaded: %s",
                      error && strncmp(error, path, strlen(path)) == 0
                          ? error + strlen(path) + strspn(error + strlen(path), ": ")
                      : error ? error
                              : "no reason given");
    symbol = dlsym(module, QUENCH_PEER_SYMBOL);
    if (!symbol)
        return REFUSE("no symbol " QUENCH_PEER_SYMBOL
                      ", so it is no peer's module (quench/peer.h)");
    memcpy(out, &symbol, sizeof(symbol)); /* ISO C has no cast to a function */
    return QN_OK;
}

/* A line of text, without control characters. */
static bool is_line(const char *text)
{
    for (; text && *text; text++)
        if ((unsigned char)*text < ' ' || *text == 0x7f)
            return false;
    return true;
}

/* Whether it is NAME=VALUE, without blanks: lists of them are joined by blanks. */
static bool is_setting(const char *text)
{
    const char *equals = strchr(text, '=');

    return equals && equals > text && is_line(text) && !strchr(text, ' ');
}

static int check(const struct quench_peer *p, uint32_t i, char *why)
{
    if (!p->name || !qn_foreign_is_name(p->name))
        return REFUSE("the name of its peer %u is '%.64s': 1 to %u of a-z, 0-9 and '-' are allowed",
                      i, p->name ? p->name : "", QN_FOREIGN_NAME_MAX);
    if (!is_line(p->summary) || !is_line(p->library) || !is_line(p->licence) || !is_line(p->reach))
        return REFUSE("peer %s: its texts must be one line each", p->name);
    if (p->flags & ~ALL_FLAGS)
        return REFUSE("peer %s: flags 0x%x are unknown here: 0x%x are allowed", p->name,
                      p->flags & ~ALL_FLAGS, ALL_FLAGS);
    if (p->reserved != 0)
        return REFUSE("peer %s: reserved is %u, but must be 0", p->name, p->reserved);
    if (!p->call)
        return REFUSE("peer %s: no call()", p->name);
    if (!p->settle && !(p->flags & QUENCH_WAITS_ALL))
        return REFUSE("peer %s: no settle(), which only a peer that says WAITS_ALL may lack",
                      p->name);
    for (const char *const *e = p->env; e && *e; e++)
        if (!is_setting(*e))
            return REFUSE(
                "peer %s: its environment has '%.64s': NAME=VALUE without blanks is allowed",
                p->name, *e);
    return QN_OK;
}

int qn_module_peer(qn_module_entry *entry, uint32_t i, struct quench_peer *out, char *why)
{
    const struct quench_peer *p = entry(i);

    if (!p)
        return QN_ENOENT;
    if (i == QN_MODULE_MAX_PEERS)
        return REFUSE("lists more than %u peers", QN_MODULE_MAX_PEERS);
    if (p->abi != QUENCH_PEER_ABI)
        return REFUSE("its peer %u is built for ABI %u, this program has %u: build it again", i,
                      p->abi, QUENCH_PEER_ABI);
    if (p->size < LEAST_BYTES)
        return REFUSE("its peer %u has a size of %u bytes: at least %zu are needed", i, p->size,
                      LEAST_BYTES);
    *out = (struct quench_peer){0};
    memcpy(out, p, p->size < sizeof(*out) ? p->size : sizeof(*out));
    return check(out, i, why);
}
