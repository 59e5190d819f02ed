/* A comparison for programs: CSV and JSON. */
#include <math.h>
#include <stdlib.h>

#include "bench/base/csv.h"
#include "bench/base/units.h"
#include "bench/compare/parts.h"
#include "bench/schema/columns.h"
#include "bench/workload/arrival.h"

#define COLUMN_NAME(symbol, name, kind, value) name ","
#define COLUMNS_OF_CELL QN_CELL_COLUMNS(COLUMN_NAME)
#define FIELD_BYTES 64

static const char *base_text(const struct qn_compare_row *row)
{
    return row->base == QN_BASE_DRAIN ? "drain" : "none";
}

static const char *design_text(const struct qn_compare_row *row)
{
    return row->is_paired ? "paired" : "unpaired";
}

static void put_number(double value, FILE *file)
{
    char text[FIELD_BYTES] = "";

    if (isfinite(value))
        qn_format_number(value, text, sizeof(text));
    fprintf(file, ",%s", text);
}

int qn_comparison_csv(const struct qn_comparison *c, FILE *file)
{
    fputs(COLUMNS_OF_CELL
          "metric,condition,n_a,n_b,ratio,lo,hi,p,p_holm,verdict,reason,design,base,"
          "unit,a,b\n",
          file);
    for (size_t i = 0; i < c->n_rows; i++) {
        const struct qn_compare_row *r = &c->rows[i];

        qn_cell_write(&c->a.tables.plan.cells[r->match->a], file);
        fprintf(file, ",%s,%s,%zu,%zu", r->metric->info->name,
                qn_condition_name(r->metric->failed_only), r->effect.n_a, r->effect.n_b);
        put_number(r->effect.ratio, file);
        put_number(r->effect.lo, file);
        put_number(r->effect.hi, file);
        put_number(r->reason ? NAN : r->effect.p, file);
        put_number(r->p_holm, file);
        fprintf(file, ",%s,", r->reason ? "" : qn_effect_text(r->word));
        qn_csv_put_text(file, r->reason ? r->reason : "");
        fprintf(file, ",%s,%s,%s", design_text(r), base_text(r),
                r->base == QN_BASE_DRAIN ? "ratio" : r->metric->info->unit);
        put_number(r->a, file);
        put_number(r->b, file);
        putc('\n', file);
    }
    return QN_OK;
}

/* JSON: what is an empty field there is null here. */

static void add_number(cJSON *to, const char *key, double value)
{
    cJSON_AddItemToObject(to, key,
                          isfinite(value) ? cJSON_CreateNumber(value) : cJSON_CreateNull());
}

static void add_string(cJSON *to, const char *key, const char *value)
{
    cJSON_AddItemToObject(to, key, value ? cJSON_CreateString(value) : cJSON_CreateNull());
}

static void add_cell(cJSON *to, const struct qn_cell *cell)
{
    const struct qn_workload *w = &cell->workload;
    char arrival[QN_ARRIVAL_BYTES];

    add_string(to, "strategy", cell->strategy);
    add_string(to, "workload", w->name);
    add_string(to, "kind", qn_kind_name(w->kind));
    add_number(to, "workers", w->workers);
    add_number(to, "threads", w->threads);
    add_number(to, "failure_rate", w->failure_rate);
    add_number(to, "poll_ns", cell->polls ? (double)w->poll_ns : NAN);
    add_string(to, "arrival", qn_arrival_text(w, arrival, sizeof(arrival)));
    add_string(to, "policy", cell->policy);
}

static cJSON *row_json(const struct qn_comparison *c, const struct qn_compare_row *r)
{
    cJSON *row = cJSON_CreateObject();

    add_cell(row, &c->a.tables.plan.cells[r->match->a]);
    add_string(row, "metric", r->metric->info->name);
    add_string(row, "condition", qn_condition_name(r->metric->failed_only));
    add_number(row, "n_a", (double)r->effect.n_a);
    add_number(row, "n_b", (double)r->effect.n_b);
    add_number(row, "ratio", r->effect.ratio);
    add_number(row, "lo", r->effect.lo);
    add_number(row, "hi", r->effect.hi);
    add_number(row, "p", r->reason ? NAN : r->effect.p);
    add_number(row, "p_holm", r->p_holm);
    add_string(row, "verdict", r->reason ? NULL : qn_effect_text(r->word));
    add_string(row, "reason", r->reason);
    add_string(row, "design", design_text(r));
    add_string(row, "base", base_text(r));
    add_string(row, "unit", r->base == QN_BASE_DRAIN ? "ratio" : r->metric->info->unit);
    add_number(row, "a", r->a);
    add_number(row, "b", r->b);
    return row;
}

static void add_head(cJSON *root, const struct qn_comparison *c)
{
    cJSON *drift, *notes;

    add_string(root, "a", c->a.tables.dir);
    add_string(root, "b", c->b.tables.dir);
    add_number(root, "level", QN_COMPARE_LEVEL);
    add_number(root, "noise", c->noise);
    add_number(root, "n_rows", (double)c->n_rows);
    add_number(root, "n_judged", (double)c->n_judged);
    add_number(root, "n_better", (double)c->n_better);
    add_number(root, "n_worse", (double)c->n_worse);
    drift = cJSON_AddObjectToObject(root, "drain_return_at");
    add_number(drift, "cells", (double)c->drift.n);
    add_number(drift, "median", c->drift.n ? c->drift.median : NAN);
    add_number(drift, "least", c->drift.n ? c->drift.least : NAN);
    add_number(drift, "most", c->drift.n ? c->drift.most : NAN);
    notes = cJSON_AddArrayToObject(root, "notes");
    for (size_t i = 0; i < c->n_notes; i++)
        cJSON_AddItemToArray(notes, cJSON_CreateString(c->notes[i]));
}

int qn_comparison_json(const struct qn_comparison *c, FILE *file)
{
    cJSON *root = cJSON_CreateObject(), *rows = cJSON_CreateArray();
    char *text = NULL;

    if (root && rows) {
        add_head(root, c);
        for (size_t i = 0; i < c->n_rows; i++)
            cJSON_AddItemToArray(rows, row_json(c, &c->rows[i]));
        cJSON_AddItemToObject(root, "rows", rows);
        rows = NULL;
        text = cJSON_Print(root);
    }
    if (text)
        fprintf(file, "%s\n", text);
    cJSON_free(text);
    cJSON_Delete(rows);
    cJSON_Delete(root);
    return text ? QN_OK : QN_ENOMEM;
}
