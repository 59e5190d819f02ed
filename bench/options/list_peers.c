/* quench list peers: those of this source tree and those of the folder of modules, with what stands behind each. */
#include "bench/options/list_peers.h"

#include <stdio.h>
#include <string.h>

#include "bench/peer/known.h"
#include "bench/peer/peers.h"
#include "runtime/base.h"
#include "strategies/foreign.h"

enum { NAME, PACKAGES, LIBRARY, VERSION, LICENCE, COMPUTES, REACH, TRAITS, ENV, STATE, SUMMARY };

static const char available[] = "available";

static void fill(const struct qn_foreign *f, const char **fields)
{
    fields[NAME] = f->strategy.name;
    fields[LIBRARY] = f->library;
    fields[VERSION] = f->version;
    fields[LICENCE] = f->licence;
    fields[COMPUTES] = qn_peers_computes(f);
    fields[REACH] = f->reach;
    fields[TRAITS] = f->traits;
    fields[ENV] = f->env;
    fields[STATE] = available;
    fields[SUMMARY] = f->strategy.summary;
}

/* The n-th of the registered peers that can be run and that the source tree doesn't have. */
static const struct qn_foreign *find_other(size_t n)
{
    for (size_t i = 0; i < qn_foreign_count(); i++) {
        const struct qn_foreign *f = qn_foreign_at(i);

        if (*f->module && !qn_known_peer(f->strategy.name) && n-- == 0)
            return f;
    }
    return NULL;
}

bool qn_row_of_peers(size_t i, const char **fields)
{
    const struct qn_known_peer *known = i < qn_n_known_peers ? &qn_known_peers[i] : NULL;
    const struct qn_foreign *f;

    if (i == 0)
        qn_peers_take_all();
    f = known ? qn_foreign_find(known->name) : find_other(i - qn_n_known_peers);
    if (!f && !known)
        return false;
    for (size_t c = 0; c < QN_PEER_COLUMNS; c++)
        fields[c] = "";
    if (known) {
        fields[NAME] = known->name;
        fields[PACKAGES] = known->packages;
        fields[LIBRARY] = known->needs;
        fields[STATE] = qn_peers_why_missing(known);
    }
    if (f && *f->module)
        fill(f, fields);
    return true;
}

/* "  LABEL: TEXT", unless there is none. */
static void tell(const char *label, const char *text)
{
    if (*text)
        printf("    %s: %s\n", label, text);
}

void qn_tell_peers(void)
{
    const char *f[QN_PEER_COLUMNS];

    for (size_t i = 0; qn_row_of_peers(i, f); i++) {
        puts(f[NAME]);
        if (f[STATE] != available) {
            printf("    %s\n", f[STATE]);
            continue;
        }
        if (*f[SUMMARY])
            printf("    %s\n", f[SUMMARY]);
        printf("    %s%s%s%s%s\n", f[LIBRARY], *f[VERSION] ? " " : "", f[VERSION],
               *f[LICENCE] ? ", " : "", f[LICENCE]);
        tell("computes", f[COMPUTES]);
        tell("a stop reaches running work by", f[REACH]);
        tell("says of itself", f[TRAITS]);
        tell("environment", f[ENV]);
    }
}
