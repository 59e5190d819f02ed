/* A comparison for programs: CSV and JSON from one table of columns. */
#include <math.h>
#include <stdlib.h>

#include "bench/base/csv.h"
#include "bench/base/json.h"
#include "bench/compare/parts.h"
#include "bench/schema/columns.h"
#include "bench/workload/arrival.h"

/* X(symbol, name, kind, value), as in bench/schema/columns.h; variables: cell; r, const struct
 * qn_compare_row *. An empty field in CSV is null in JSON. */
#define COLUMNS(X) \
    QN_CELL_COLUMNS(X) \
    X(METRIC, "metric", text, r->metric->info->name) \
    X(CONDITION, "condition", text, qn_condition_name(r->metric->failed_only)) \
    X(N_A, "n_a", whole, (int64_t)r->effect.n_a) \
    X(N_B, "n_b", whole, (int64_t)r->effect.n_b) \
    X(RATIO, "ratio", number, or_none(r->effect.ratio)) \
    X(LO, "lo", number, or_none(r->effect.lo)) \
    X(HI, "hi", number, or_none(r->effect.hi)) \
    X(P, "p", number, or_none(r->reason ? NAN : r->effect.p)) \
    X(P_HOLM, "p_holm", number, or_none(r->p_holm)) \
    X(VERDICT, "verdict", text, r->reason ? NULL : qn_effect_text(r->word)) \
    X(REASON, "reason", text, r->reason) \
    X(DESIGN, "design", text, r->is_paired ? "paired" : "unpaired") \
    X(BASE, "base", text, r->base == QN_BASE_DRAIN ? "drain" : "none") \
    X(UNIT, "unit", text, r->base == QN_BASE_DRAIN ? "ratio" : r->metric->info->unit) \
    X(A, "a", number, or_none(r->a)) \
    X(B, "b", number, or_none(r->b))

static double or_none(double value)
{
    return isfinite(value) ? value : NAN;
}

#define NAME(symbol, name, kind, value) name,
static const char *const columns[] = {COLUMNS(NAME)};

int qn_comparison_csv(const struct qn_comparison *c, FILE *file)
{
    qn_csv_put_header(file, columns, QN_ARRAY_LEN(columns));
    for (size_t i = 0; i < c->n_rows; i++) {
        const struct qn_compare_row *r = &c->rows[i];
        const struct qn_cell *cell = &c->a.tables.plan.cells[r->match->a];
        const char *comma = "";

#define PUT_CSV(symbol, name, kind, value) \
    fputs(comma, file); \
    qn_csv_put_##kind(file, value); \
    comma = ",";
        COLUMNS(PUT_CSV)
        putc('\n', file);
    }
    return QN_OK;
}

static cJSON *row_json(const struct qn_comparison *c, const struct qn_compare_row *r)
{
    const struct qn_cell *cell = &c->a.tables.plan.cells[r->match->a];
    cJSON *row = cJSON_CreateObject();

#define PUT_JSON(symbol, name, kind, value) qn_json_put_##kind(row, name, value);
    COLUMNS(PUT_JSON)
    return row;
}

static cJSON *drift_json(const struct qn_compare_drift *d)
{
    cJSON *drift = cJSON_CreateObject();

    qn_json_put_whole(drift, "cells", (int64_t)d->n);
    qn_json_put_number(drift, "median", d->n ? d->median : NAN);
    qn_json_put_number(drift, "least", d->n ? d->least : NAN);
    qn_json_put_number(drift, "most", d->n ? d->most : NAN);
    return drift;
}

QN_JSON_LIST(notes_json, char *const, qn_json_text(*v))

int qn_comparison_json(const struct qn_comparison *c, FILE *file)
{
    cJSON *root = cJSON_CreateObject(), *rows = cJSON_CreateArray();

    qn_json_put_text(root, "a", c->a.tables.dir);
    qn_json_put_text(root, "b", c->b.tables.dir);
    qn_json_put_number(root, "level", QN_COMPARE_LEVEL);
    qn_json_put_number(root, "noise", c->noise);
    qn_json_put_whole(root, "n_rows", (int64_t)c->n_rows);
    qn_json_put_whole(root, "n_judged", (int64_t)c->n_judged);
    qn_json_put_whole(root, "n_better", (int64_t)c->n_better);
    qn_json_put_whole(root, "n_worse", (int64_t)c->n_worse);
    qn_json_put_item(root, "drain_return_at", drift_json(&c->drift));
    qn_json_put_item(root, "notes", notes_json(c->notes, c->n_notes));
    for (size_t i = 0; i < c->n_rows; i++)
        cJSON_AddItemToArray(rows, row_json(c, &c->rows[i]));
    qn_json_put_item(root, "rows", rows);
    return qn_json_print(root, file);
}
