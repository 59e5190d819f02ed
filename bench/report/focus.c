#include "bench/report/focus.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bench/base/path.h"
#include "strategies/strategy.h"

#define US 1e3
#define KIB 1024.0

const struct qn_ratio_metric qn_ratio_metrics[] = {
    {"error_seen", QN_METRIC_ERROR_SEEN, US, "µs"},
    {"return_at", QN_METRIC_RETURN_AT, US, "µs"},
    {"settle latency", QN_METRIC_SETTLE_LATENCY, US, "µs"},
    {"wasted", QN_METRIC_WASTED, US, "µs"},
    {"retained at return", QN_METRIC_RETAINED_AT_RETURN, KIB, "KiB"},
};
const size_t qn_n_ratio_metrics = QN_ARRAY_LEN(qn_ratio_metrics);

const struct qn_reversal_metric qn_reversal_metrics[] = {
    {"return_at", "all", "return_at", "all", false, US, US, "µs", "µs"},
    {"error_seen", "failed", "error_seen", "failed", false, US, US, "µs", "µs"},
    {"return_at", "all", "goodput", "all", true, US, 1, "µs", "calls/s"},
};
const size_t qn_n_reversal_metrics = QN_ARRAY_LEN(qn_reversal_metrics);

size_t qn_picture_rate(const struct qn_scene *g)
{
    size_t first = 0;

    while (first + 1 < g->n_rates && g->rates[first] == 0)
        first++;
    return first + (g->n_rates - first) / 2 - ((g->n_rates - first) % 2 == 0 ? 1 : 0);
}

bool qn_picture_is_candidate(const struct qn_cell *cell)
{
    const struct qn_strategy *s = qn_strategy_find(cell->strategy);

    return !s || !(s->flags & (QN_LEAKS | QN_RETURNS_NO_ERROR));
}

size_t qn_picture_base(const struct qn_tables *t, const struct qn_scene *g)
{
    static const char *const bases[] = {"drain", "buffered"};

    for (size_t b = 0; b < QN_ARRAY_LEN(bases); b++)
        for (size_t i = 0; i < g->n_lines; i++) {
            const struct qn_cell *cell = &t->plan.cells[g->lines[i]];

            if (strcmp(cell->strategy, bases[b]) == 0 && cell->policy[0] == '\0')
                return i;
        }
    for (size_t i = 0; i < g->n_lines; i++) {
        const struct qn_cell *cell = &t->plan.cells[g->lines[i]];

        if (cell->policy[0] == '\0' && qn_picture_is_candidate(cell))
            return i;
    }
    return g->n_lines;
}

void qn_picture_path(const struct qn_scene *g, const char *name, char *out, size_t bytes)
{
    snprintf(out, bytes, "plots/%s-%s", g ? g->slug : "run", name);
}

bool qn_picture_is_there(const struct qn_tables *t, const struct qn_scene *g, const char *name)
{
    char path[QN_PATH_BYTES], file[QN_PATH_BYTES];

    qn_picture_path(g, name, path, sizeof(path));
    return qn_path(file, "%s/%s.svg", t->dir, path) == QN_OK && access(file, R_OK) == 0;
}
