/* Other differences between the runs: noted, never a reason to refuse. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/json.h"
#include "bench/base/text.h"
#include "bench/compare/parts.h"
#include "bench/folder/gbench.h"
#include "bench/folder/manifest.h"
#include "bench/stats/numbers.h"

#define NOTE_BYTES 1024
#define VALUE_BYTES 80
#define NAMES_SHOWN 3

static int note(struct qn_comparison *c, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static int note(struct qn_comparison *c, const char *format, ...)
{
    char **grown = realloc(c->notes, (c->n_notes + 1) * sizeof(*grown));
    va_list args;
    int n;

    if (!grown)
        return QN_ENOMEM;
    c->notes = grown;
    va_start(args, format);
    n = vasprintf(&grown[c->n_notes], format, args);
    va_end(args);
    c->n_notes += n >= 0;
    return n >= 0 ? QN_OK : QN_ENOMEM;
}

/* Cells. */

static bool is_matched(const struct qn_comparison *c, size_t cell, bool is_a)
{
    for (size_t i = 0; i < c->n_matches; i++)
        if ((is_a ? c->matches[i].a : c->matches[i].b) == cell)
            return true;
    return false;
}

static int note_lonely_cells(struct qn_comparison *c, bool is_a)
{
    const struct qn_plan *plan = is_a ? &c->a.tables.plan : &c->b.tables.plan;
    char names[NOTE_BYTES] = "";
    size_t n = 0;

    for (size_t i = 0; i < plan->n_cells; i++) {
        char name[QN_GBENCH_NAME_BYTES];

        if (is_matched(c, i, is_a) || n++ >= NAMES_SHOWN)
            continue;
        qn_gbench_name(&plan->cells[i], name, sizeof(name));
        qn_text_add(names, sizeof(names), "%s%s", *names ? ", " : "", name);
    }
    if (n == 0)
        return QN_OK;
    return note(c, "%zu %s in %s only: %s%s", n, qn_plural(n, "cell is", "cells are"),
                is_a ? "A" : "B", names, n > NAMES_SHOWN ? " and others" : "");
}

static int note_side(struct qn_comparison *c, bool is_a)
{
    const struct qn_side *side = is_a ? &c->a : &c->b;
    const char *name = is_a ? "A" : "B";
    int rc = QN_OK;

    if (side->n_failed > 0)
        rc = note(c, "%zu of %zu planned %s of %s %s not measured or failed", side->n_failed,
                  side->tables.plan.n_processes,
                  qn_plural(side->tables.plan.n_processes, "process", "processes"), name,
                  qn_plural(side->n_failed, "was", "were"));
    if (rc == QN_OK && side->n_marked > 0)
        rc = note(c, "%zu of %zu %s of %s %s marked for exceeding a limit (mark in blocks.csv)",
                  side->n_marked, side->tables.plan.n_processes,
                  qn_plural(side->tables.plan.n_processes, "process", "processes"), name,
                  qn_plural(side->n_marked, "is", "are"));
    return rc;
}

/* The manifests. */

static void value_text(const cJSON *value, char *out, size_t bytes)
{
    char *text = value ? cJSON_PrintUnformatted(value) : NULL;

    snprintf(out, bytes, "%s", text ? text : "nothing");
    if (text && strlen(text) >= bytes)
        memcpy(out + bytes - sizeof("..."), "...", sizeof("..."));
    cJSON_free(text);
}

static int note_value(struct qn_comparison *c, const char *where, const cJSON *a, const cJSON *b)
{
    char text_a[VALUE_BYTES], text_b[VALUE_BYTES];

    if ((!a && !b) || (a && b && cJSON_Compare(a, b, true)))
        return QN_OK;
    value_text(a, text_a, sizeof(text_a));
    value_text(b, text_b, sizeof(text_b));
    return note(c, "%s differs: %s in A, %s in B", where, text_a, text_b);
}

static int note_manifests(struct qn_comparison *c)
{
    static const enum qn_manifest_field told[] = {
        QN_MANIFEST_SEED,           QN_MANIFEST_TRIALS,
        QN_MANIFEST_WAIT,           QN_MANIFEST_PLACEMENT,
        QN_MANIFEST_CALLER,         QN_MANIFEST_BENCHMARK_ARGS,
        QN_MANIFEST_HOST,           QN_MANIFEST_CPU,
        QN_MANIFEST_CORES,          QN_MANIFEST_PUS,
        QN_MANIFEST_KERNEL,         QN_MANIFEST_COMPILER,
        QN_MANIFEST_BUILD_TYPE,     QN_MANIFEST_VERSION,
        QN_MANIFEST_ALLOCATOR,      QN_MANIFEST_DIRTY_DECAY_MS,
        QN_MANIFEST_MUZZY_DECAY_MS, QN_MANIFEST_BACKGROUND_THREAD,
        QN_MANIFEST_CLOCK_SOURCE,
    };

    for (size_t i = 0; i < QN_ARRAY_LEN(told); i++) {
        const struct qn_manifest_name *name = &qn_manifest_names[told[i]];
        char where[VALUE_BYTES];
        int rc;

        snprintf(where, sizeof(where), "%s.%s", name->section, name->name);
        rc = note_value(c, where, qn_manifest_item(c->a.manifest, told[i]),
                        qn_manifest_item(c->b.manifest, told[i]));
        if (rc != QN_OK)
            return rc;
    }
    return QN_OK;
}

/* The fields that either has, but those that tell cells apart. */
static int note_fields(struct qn_comparison *c, const char *name, const cJSON *a, const cJSON *b)
{
    const cJSON *const sides[] = {a, b};

    for (int i = 0; i < 2; i++) {
        const cJSON *field;

        cJSON_ArrayForEach(field, sides[i])
        {
            const cJSON *of_a = cJSON_GetObjectItemCaseSensitive(a, field->string);
            char where[2 * VALUE_BYTES];
            int rc;

            if ((of_a && i == 1) || qn_manifest_is_of_cells(field->string))
                continue;
            snprintf(where, sizeof(where), "%s of workload %s", field->string, name);
            rc = note_value(c, where, of_a, cJSON_GetObjectItemCaseSensitive(b, field->string));
            if (rc != QN_OK)
                return rc;
        }
    }
    return QN_OK;
}

static int note_workload(struct qn_comparison *c, const cJSON *a)
{
    const char *name = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(a, "name"));
    const cJSON *b =
        name ? qn_json_find(qn_manifest_item(c->b.manifest, QN_MANIFEST_WORKLOADS), "name", name)
             : NULL;

    return b ? note_fields(c, name, a, b) : QN_OK;
}

static int note_workloads(struct qn_comparison *c)
{
    const cJSON *w;

    cJSON_ArrayForEach(w, qn_manifest_item(c->a.manifest, QN_MANIFEST_WORKLOADS))
    {
        int rc = note_workload(c, w);

        if (rc != QN_OK)
            return rc;
    }
    return QN_OK;
}

/* Facts about a machine's set-up; the others are measured and never the same twice. */
static bool is_setting(const char *fact)
{
    static const char *const settings[] = {
        "frequency-scaling", "turbo",          "idle-states", "smt",         "allowed-cpus",
        "isolated-cpus",     "clock-source",   "cpu-quota",   "huge-pages",  "numa-balancing",
        "mitigations",       "virtualisation", "swap",        "timer-slack", "memory-limit"};

    for (size_t i = 0; i < QN_ARRAY_LEN(settings); i++)
        if (strcmp(settings[i], fact) == 0)
            return true;
    return false;
}

/* Facts of both machines (or of one at both times) whose verdict or setting differs. */
static int note_facts(struct qn_comparison *c)
{
    const cJSON *a;

    cJSON_ArrayForEach(a, qn_manifest_item(c->a.manifest, QN_MANIFEST_FACTS))
    {
        const char *name = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(a, "name"));
        const cJSON *b =
            name ? qn_json_find(qn_manifest_item(c->b.manifest, QN_MANIFEST_FACTS), "name", name)
                 : NULL;
        const cJSON *seen = cJSON_GetObjectItemCaseSensitive(a, "seen");
        int rc;

        if (!b || (!is_setting(name) &&
                   cJSON_Compare(cJSON_GetObjectItemCaseSensitive(a, "verdict"),
                                 cJSON_GetObjectItemCaseSensitive(b, "verdict"), true)))
            continue;
        rc = note_value(c, name, seen, cJSON_GetObjectItemCaseSensitive(b, "seen"));
        if (rc != QN_OK)
            return rc;
    }
    return QN_OK;
}

/* Pairs. */

static int note_design(struct qn_comparison *c)
{
    size_t n_paired = 0;

    for (size_t i = 0; i < c->n_rows; i++)
        n_paired += !c->rows[i].reason && c->rows[i].is_paired;
    if (n_paired == c->n_judged)
        return QN_OK;
    return note(c,
                "in %zu of %zu %s the processes did not run the same calls (another seed, other "
                "sizes or a missing call): not paired, so only larger differences show",
                c->n_judged - n_paired, c->n_judged, qn_plural(c->n_judged, "row", "rows"));
}

int qn_comparison_note(struct qn_comparison *c)
{
    int rc;

    if ((rc = note_lonely_cells(c, true)) != QN_OK || (rc = note_lonely_cells(c, false)) != QN_OK ||
        (rc = note_side(c, true)) != QN_OK || (rc = note_side(c, false)) != QN_OK ||
        (rc = note_design(c)) != QN_OK || (rc = note_manifests(c)) != QN_OK ||
        (rc = note_facts(c)) != QN_OK)
        return rc;
    return note_workloads(c);
}
