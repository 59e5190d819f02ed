#include "bench/report/page/parts.h"

#include "bench/base/path.h"
#include "bench/report/focus.h"
#include "bench/schema/metrics.h"

bool qn_page_picture(const struct qn_tables *t, const struct qn_scene *g, const char *name,
                     const char *title, const char *subtitle, struct qn_html *h)
{
    char path[QN_PATH_BYTES];

    qn_picture_path(g, name, path, sizeof(path));
    return qn_html_figure(h, t->dir, path, title, subtitle);
}

const struct qn_estimate *qn_page_figure(const struct qn_tables *t, size_t cell,
                                         const struct qn_page_column *column)
{
    const struct qn_summary_row *row =
        cell == SIZE_MAX
            ? NULL
            : qn_tables_find(t, cell, column->metric, qn_condition_name(!column->is_of_all));

    return !row ? NULL : column->is_mean ? &row->mean : &row->p50;
}

void qn_page_headings(struct qn_html *h, const struct qn_page_column *columns, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const struct qn_metric_info *metric = qn_metric_find(columns[i].metric);

        qn_html_open(h, "th.n");
        qn_html_abbreviation(h, columns[i].heading, metric ? metric->meaning : "");
        qn_html_close(h, "th.n");
    }
}

void qn_page_figures(struct qn_html *h, const struct qn_tables *t, size_t cell,
                     const struct qn_page_column *columns, size_t n)
{
    for (size_t i = 0; i < n; i++)
        qn_html_estimate(h, qn_page_figure(t, cell, &columns[i]), columns[i].unit);
}
