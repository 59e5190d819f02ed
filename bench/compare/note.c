/* What else tells two runs apart: said beside the rows, never a reason to refuse. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/text.h"
#include "bench/compare/parts.h"
#include "bench/folder/gbench.h"
#include "bench/stats/numbers.h"

#define NOTE_BYTES 1024
#define VALUE_BYTES 80
#define NAMES_SHOWN 3

static int note(struct qn_comparison *c, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static int note(struct qn_comparison *c, const char *format, ...)
{
    char **grown = realloc(c->notes, (c->n_notes + 1) * sizeof(*grown));
    char text[NOTE_BYTES];
    va_list args;

    if (!grown)
        return QN_ENOMEM;
    c->notes = grown;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    grown[c->n_notes] = strdup(text);
    return grown[c->n_notes++] ? QN_OK : QN_ENOMEM;
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
        rc = note(c, "%zu of %zu planned %s of %s %s not measured, or failed", side->n_failed,
                  side->tables.plan.n_replicas,
                  qn_plural(side->tables.plan.n_replicas, "process", "processes"), name,
                  qn_plural(side->n_failed, "was", "were"));
    if (rc == QN_OK && side->n_marked > 0)
        rc = note(c, "%zu of %zu %s of %s %s marked as beyond a limit (mark in blocks.csv)",
                  side->n_marked, side->tables.plan.n_replicas,
                  qn_plural(side->tables.plan.n_replicas, "process", "processes"), name,
                  qn_plural(side->n_marked, "is", "are"));
    return rc;
}

/* The manifests. */

static const cJSON *item(const cJSON *root, const char *part, const char *key)
{
    return cJSON_GetObjectItemCaseSensitive(cJSON_GetObjectItemCaseSensitive(root, part), key);
}

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
    static const char *const paths[][2] = {{"run", "seed"},
                                           {"run", "trials"},
                                           {"run", "wait"},
                                           {"run", "placement"},
                                           {"run", "caller"},
                                           {"run", "benchmark_args"},
                                           {"machine", "host"},
                                           {"machine", "cpu"},
                                           {"machine", "cores"},
                                           {"machine", "pus"},
                                           {"machine", "kernel"},
                                           {"build", "compiler"},
                                           {"build", "type"},
                                           {"build", "version"},
                                           {"build", "allocator"},
                                           {"build", "dirty_decay_ms"},
                                           {"build", "muzzy_decay_ms"},
                                           {"build", "background_thread"},
                                           {"clock", "source"}};

    for (size_t i = 0; i < QN_ARRAY_LEN(paths); i++) {
        char where[VALUE_BYTES];
        int rc;

        snprintf(where, sizeof(where), "%s.%s", paths[i][0], paths[i][1]);
        rc = note_value(c, where, item(c->a.manifest, paths[i][0], paths[i][1]),
                        item(c->b.manifest, paths[i][0], paths[i][1]));
        if (rc != QN_OK)
            return rc;
    }
    return QN_OK;
}

/* What makes cells tell of itself: columns of the cell. */
static bool is_list_of_cells(const char *key)
{
    static const char *const keys[] = {"name",     "kind",          "workers",  "threads",
                                       "polls_ns", "failure_rates", "arrivals", "arrival"};

    for (size_t i = 0; i < QN_ARRAY_LEN(keys); i++)
        if (strcmp(keys[i], key) == 0)
            return true;
    return false;
}

/* The object of a list that has this name, or NULL. */
static const cJSON *find_named(const cJSON *list, const char *name)
{
    const cJSON *object;

    cJSON_ArrayForEach(object, list)
    {
        const char *other = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, "name"));

        if (other && strcmp(other, name) == 0)
            return object;
    }
    return NULL;
}

static const cJSON *list_of(const struct qn_side *side, const char *key)
{
    return cJSON_GetObjectItemCaseSensitive(side->manifest, key);
}

static int note_workload(struct qn_comparison *c, const cJSON *a)
{
    const char *name = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(a, "name"));
    const cJSON *b = name ? find_named(list_of(&c->b, "workloads"), name) : NULL, *value;

    if (!b)
        return QN_OK;
    cJSON_ArrayForEach(value, a)
    {
        char where[2 * VALUE_BYTES];
        int rc;

        if (is_list_of_cells(value->string))
            continue;
        snprintf(where, sizeof(where), "%s of workload %s", value->string, name);
        rc = note_value(c, where, value, cJSON_GetObjectItemCaseSensitive(b, value->string));
        if (rc != QN_OK)
            return rc;
    }
    return QN_OK;
}

static int note_workloads(struct qn_comparison *c)
{
    const cJSON *w;

    cJSON_ArrayForEach(w, list_of(&c->a, "workloads"))
    {
        int rc = note_workload(c, w);

        if (rc != QN_OK)
            return rc;
    }
    return QN_OK;
}

/* How a machine is set up; other facts are measured, and never the same twice. */
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

/* What the two machines, or the machine at both times, were found to be, where the judgement or a
 * setting differs. */
static int note_facts(struct qn_comparison *c)
{
    const cJSON *a;

    cJSON_ArrayForEach(a, list_of(&c->a, "facts"))
    {
        const char *name = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(a, "name"));
        const cJSON *b = name ? find_named(list_of(&c->b, "facts"), name) : NULL;
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
                "in %zu of %zu %s the processes did not meet the same calls (another seed, other "
                "sizes or a call missing): not paired, so less is shown",
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
