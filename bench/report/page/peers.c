#include <string.h>

#include "bench/peer/peers.h"
#include "bench/report/page/parts.h"
#include "strategies/foreign.h"

/* The peer of a cell, if it is its first cell and was here; imported strategies are none. */
static const struct qn_foreign *foreign_of(const struct qn_tables *t, size_t cell)
{
    const struct qn_foreign *f = qn_foreign_find(t->plan.cells[cell].strategy);

    if (f && (*f->missing || (!*f->library && !*f->traits)))
        return NULL;
    for (size_t i = 0; f && i < cell; i++)
        if (strcmp(t->plan.cells[i].strategy, f->strategy.name) == 0)
            return NULL;
    return f;
}

bool qn_page_has_peers(const struct qn_tables *t)
{
    for (size_t i = 0; i < t->plan.n_cells; i++)
        if (foreign_of(t, i))
            return true;
    return false;
}

void qn_page_peers(const struct qn_tables *t, struct qn_html *h)
{
    if (!qn_page_has_peers(t))
        return;
    qn_html_heading(h, 2, NULL, "run-peers", QN_PAGE_PEERS_TITLE);
    qn_html_paragraph(
        h,
        "Peers run the same drawn calls with threads of their own: P of them compute, with the "
        "caller where it is one of them. Their pools are made before the first call, their environment "
        "is set before the process starts, and each thread is bound, at its first worker, to one of the cores "
        "on which our pool's threads would run. Stragglers are joined in the peer's own way between calls. "
        "Peers begin their workers in different orders, so their errors happen at different times, where the first "
        "workers fail (failure-at first=K) more than where failures are drawn: read waste beside error_at, and "
        "compare the work, which counts everything that was done until the call had settled. Idle threads wait as "
        "the library does by default, unless the environment here says otherwise (OMP_WAIT_POLICY).");
    qn_html_open_table(h);
    qn_html_row(h, "th", "peer", "library", "version", "licence", "what computes",
                "how a stop reaches running work", "it says of itself", "environment", NULL);
    for (size_t i = 0; i < t->plan.n_cells; i++) {
        const struct qn_foreign *f = foreign_of(t, i);

        if (f)
            qn_html_row(h, "td", f->strategy.name, f->library, f->version, f->licence,
                        qn_peers_computes(f), f->reach, f->traits, f->env, NULL);
    }
    qn_html_close_table(h);
}
