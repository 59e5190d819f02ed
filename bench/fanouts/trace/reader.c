#include "bench/fanouts/trace/reader.h"

#include <string.h>

#include "bench/base/complain.h"
#include "bench/fanouts/trace/gather.h"
#include "bench/fanouts/trace/read.h"
#include "bench/stats/numbers.h"
#include "bench/workload/spec.h"
#include "runtime/err.h"

/* The strategy of a trace's fan-outs, unless another name is asked for. */
#define STRATEGY "traced"

/* JSON, or something compressed, which no other reader takes. */
static bool is_trace(const char *beginning, size_t bytes)
{
    static const char mark[] = "\xef\xbb\xbf", gzip[] = "\x1f\x8b";
    size_t at = bytes >= 3 && memcmp(beginning, mark, 3) == 0 ? 3 : 0;

    while (at < bytes && strchr(" \t\r\n", beginning[at]) && beginning[at])
        at++;
    return (at < bytes && (beginning[at] == '{' || beginning[at] == '[')) ||
           (bytes >= 2 && memcmp(beginning, gzip, 2) == 0);
}

static void warn_of_groups(const char *path, const struct qn_span_groups *g)
{
    if (g->n_open > 0)
        qn_complain("warning: %s: %zu %s not ended, and %s left out", path, g->n_open,
                    qn_plural(g->n_open, "fan-out had", "fan-outs had"),
                    qn_plural(g->n_open, "is", "are"));
    if (g->n_large > 0)
        qn_complain("warning: %s: %zu %s more than %u children, and %s left out", path, g->n_large,
                    qn_plural(g->n_large, "fan-out has", "fan-outs have"), QN_MAX_WORKERS,
                    qn_plural(g->n_large, "is", "are"));
    if (g->n_early > 0)
        qn_complain(
            "warning: %s: %zu %s a child that began before its parent, as clocks of different "
            "hosts show it, and %s left out",
            path, g->n_early, qn_plural(g->n_early, "fan-out has", "fan-outs have"),
            qn_plural(g->n_early, "is", "are"));
    if (g->n_long > 0)
        qn_complain("warning: %s: %zu %s times that are too large to be added up, and %s left out",
                    path, g->n_long, qn_plural(g->n_long, "fan-out has", "fan-outs have"),
                    qn_plural(g->n_long, "is", "are"));
    if (g->n_with_open > 0)
        qn_complain(
            "warning: %s: %zu %s of %zu %s had not ended: what these wasted is unknown, and not in "
            "the figures by name",
            path, g->n_open_children, qn_plural(g->n_open_children, "child", "children"),
            g->n_with_open, qn_plural(g->n_with_open, "fan-out", "fan-outs"));
}

/* How many spans were taken as cancelled, of which none may be what was meant. */
static void say_cancelled(const char *path, const struct qn_spans *s)
{
    size_t n = 0;

    for (size_t i = 0; i < s->n; i++)
        n += s->items[i].outcome == QN_SPAN_CANCELLED && !s->items[i].is_left_out;
    qn_note("%s: %zu of %zu %s taken as cancelled", path, n, s->n,
            qn_plural(s->n, "span is", "spans are"));
}

static int hand_over(const char *path, const struct qn_spans *spans, const char *strategy,
                     struct qn_fanouts *list)
{
    struct qn_span_groups groups;
    int rc = qn_spans_group(spans, &groups);

    if (rc != QN_OK)
        return rc;
    warn_of_groups(path, &groups);
    if (groups.n == 0) {
        qn_complain("%s: %zu %s, but none is the parent of two that overlap in time%s", path,
                    spans->n, qn_plural(spans->n, "span", "spans"),
                    spans->track_names.n > 1
                        ? "; --callers names those whose children are on other threads"
                        : "");
        rc = QN_EINVAL;
    }
    if (rc == QN_OK)
        rc = qn_spans_say_waste(spans, &groups);
    if (rc == QN_OK)
        rc = qn_spans_hand_over(spans, &groups, strategy, list);
    qn_spans_groups_fini(&groups);
    return rc;
}

static int read_trace(const char *path, const struct qn_import_request *request,
                      struct qn_fanouts *list)
{
    const struct qn_trace_options options = {
        .cancelled = {(const char *const *)request->cancelled, request->n_cancelled},
        .callers = {(const char *const *)request->callers, request->n_callers},
    };
    struct qn_spans spans = {0};
    int rc = qn_trace_read(path, &options, &spans);

    if (rc == QN_OK && request->n_cancelled > 0)
        say_cancelled(path, &spans);
    if (rc == QN_OK)
        rc = hand_over(path, &spans, request->name ? request->name : STRATEGY, list);
    qn_spans_fini(&spans);
    return rc;
}

const struct qn_fanouts_reader qn_traces = {
    .format = "a trace", .is_of = is_trace, .read = read_trace};
