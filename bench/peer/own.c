#include "bench/peer/own.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#include "bench/base/module.h"
#include "bench/peer/module.h"
#include "include/quench/strategy.h"
#include "runtime/err.h"
#include "strategies/foreign.h"

static int check_stamp(const struct quench_strategy_module *module, char *why)
{
    if (strcmp(module->abi, QUENCH_STRATEGY_ABI) == 0)
        return QN_OK;
    return QN_MODULE_REFUSE(
        "built against the headers of Quench %.40s, this program has those of %s: build it again",
        module->abi, QUENCH_STRATEGY_ABI);
}

/* A module that lacks a function may be one of another build, which its stamp tells. */
static void look_at_stamp(const char *path, char *why)
{
    void *module = dlopen(path, RTLD_LAZY | RTLD_LOCAL);
    const void *symbol = module ? dlsym(module, QUENCH_STRATEGY_SYMBOL) : NULL;

    if (symbol)
        (void)(check_stamp(symbol, why) == QN_OK);
}

int qn_own_load(const char *path, const struct qn_strategy *const **out, char *why)
{
    const struct quench_strategy_module *module;
    void *symbol;
    int rc = qn_module_symbol(path, QUENCH_STRATEGY_SYMBOL, &symbol, why);

    if (rc == QN_EINVAL)
        look_at_stamp(path, why);
    else if (rc == QN_ENOENT)
        why[0] = '\0';
    if (rc != QN_OK)
        return rc;
    module = symbol;
    *out = module->strategies;
    return check_stamp(module, why);
}

int qn_own_strategy(const struct qn_strategy *const *list, uint32_t i,
                    const struct qn_strategy **out, char *why)
{
    const struct qn_strategy *s = list[i];

    if (!s)
        return QN_ENOENT;
    if (i == QN_MODULE_MAX_PEERS)
        return QN_MODULE_REFUSE("lists more than %u strategies", QN_MODULE_MAX_PEERS);
    if (!s->name || !qn_foreign_is_name(s->name))
        return QN_MODULE_REFUSE(
            "the name of its strategy %u is '%.64s': 1 to %u of a-z, 0-9 and '-' are allowed", i,
            s->name ? s->name : "", QN_FOREIGN_NAME_MAX);
    if (!qn_module_is_line(s->summary) || !qn_module_is_line(s->source) ||
        !qn_module_is_line(s->kinds_reason))
        return QN_MODULE_REFUSE("strategy %s: its texts must be one line of UTF-8 each", s->name);
    if (s->flags & (QN_OWN_THREADS | QN_CHILD))
        return QN_MODULE_REFUSE(
            "strategy %s: flags PEER and CHILD are not for strategies; see quench/peer.h", s->name);
    if (!s->run)
        return QN_MODULE_REFUSE("strategy %s: no run()", s->name);
    if (!s->release != !(s->flags & QN_OWNER_RELEASES))
        return QN_MODULE_REFUSE("strategy %s: flag OWNER and release() go together", s->name);
    *out = s;
    return QN_OK;
}
