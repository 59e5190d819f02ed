#include "bench/selftest/report.h"

#include <cjson/cJSON.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench/cell/faulty.h"
#include "bench/stats/numbers.h"

bool qn_selftest_passed(const struct qn_selftest_result *r)
{
    return r->detection.n_missed == 0 && r->detection.n_false == 0 &&
           (r->is_quick || r->sameness.agrees);
}

/* Text. */

static void print_sameness(const struct qn_selftest_result *r, FILE *out)
{
    const struct qn_sameness *s = &r->sameness;
    const char *word = r->is_quick ? "too few to judge" : s->agrees ? "agrees" : "DISAGREES";

    fprintf(out,
            "A/A: one strategy under two names, %zu %s of return_latency, 2 x %" PRIu32
            " processes of %u calls each\n"
            "  different at the %g %% level   %zu of %zu = %.1f %% [%.1f %%, %.1f %%]\n"
            "  expected of %g %% of self-tests  %zu to %zu: %s\n",
            s->n, qn_plural(s->n, "comparison", "comparisons"), s->processes, QN_SAMENESS_TRIALS,
            100 * QN_SAMENESS_LEVEL, s->n_different, s->n,
            100 * (double)s->n_different / (double)s->n, 100 * s->lo, 100 * s->hi,
            100 * QN_SAMENESS_AGREES_WITHIN, s->least, s->most, word);
    for (size_t i = 0; i < QN_SAMENESS_COUNT && s->of[i].n > 0; i++)
        fprintf(out, "%s%s %zu of %zu", i == 0 ? "  of them                        " : ", ",
                s->of[i].strategy, s->of[i].n_different, s->of[i].n);
    putc('\n', out);
}

/* Everything that was found with a cell, what names its fault first. */
static void print_found(const struct qn_detection *b, const struct qn_judgement *j, FILE *out)
{
    if (j->by)
        fprintf(out, "%s, %s", j->by->by, j->by->text);
    for (size_t i = 0; i < b->n_findings; i++)
        if (b->findings[i].label == j->label && &b->findings[i] != j->by)
            fprintf(out, "; also %s, %s", b->findings[i].by, b->findings[i].text);
    putc('\n', out);
}

static void print_detection(const struct qn_selftest_result *r, FILE *out)
{
    const struct qn_detection *b = &r->detection;

    fprintf(
        out,
        "\nInjected faults: %zu cells, unknown to what compares them, against a sound one; up to "
        "%" PRIu32 " processes of %u calls each\n",
        b->n_cells, b->processes, QN_FAULTY_TRIALS);
    for (int fault = QN_FAULTY_COUNT - 1; fault >= 0; fault--)
        for (size_t i = 0; i < b->n_cells; i++) {
            const struct qn_judgement *j = &b->cells[i];

            if (j->fault != (enum qn_faulty)fault)
                continue;
            fprintf(out, "  cell %c, %-15s ", j->label, qn_faulty_texts[fault]);
            if (fault == QN_FAULTY_NONE)
                fputs(j->is_right ? "nothing found" : "FALSE ALARM by ", out);
            else
                fputs(j->is_right ? "found by " : "NOT FOUND", out);
            if (fault == QN_FAULTY_SLOW && !j->is_right)
                fprintf(out, "; the machine is too noisy: return_at, ratio %.3f [%.3f, %.3f]",
                        b->return_at[i].ratio, b->return_at[i].lo, b->return_at[i].hi);
            print_found(b, j, out);
        }
    fprintf(out, "  chance of a false alarm: at most %g %%%s\n", 100 * QN_DETECTION_LEVEL,
            r->is_quick ? "; 3 % slower is not tried: whether it is found is a matter of noise"
                        : "");
}

static void print_text(const struct qn_selftest_result *r, FILE *out)
{
    print_sameness(r, out);
    print_detection(r, out);
    fprintf(out, "\nself-test %s (seed %" PRIu64 ", %.0f s)\n",
            qn_selftest_passed(r) ? "passed" : "FAILED", r->seed, r->took_s);
}

/* JSON. */

static void add_sameness(cJSON *root, const struct qn_selftest_result *r)
{
    const struct qn_sameness *s = &r->sameness;
    cJSON *o = cJSON_AddObjectToObject(root, "a_a");
    cJSON *list;

    cJSON_AddStringToObject(o, "metric",
                            qn_observation_metrics[QN_OBSERVATION_RETURN_LATENCY].info->name);
    cJSON_AddNumberToObject(o, "processes", s->processes);
    cJSON_AddNumberToObject(o, "calls", QN_SAMENESS_TRIALS);
    cJSON_AddNumberToObject(o, "level", QN_SAMENESS_LEVEL);
    cJSON_AddNumberToObject(o, "comparisons", (double)s->n);
    cJSON_AddNumberToObject(o, "different", (double)s->n_different);
    cJSON_AddNumberToObject(o, "share", (double)s->n_different / (double)s->n);
    cJSON_AddNumberToObject(o, "share_lo", s->lo);
    cJSON_AddNumberToObject(o, "share_hi", s->hi);
    cJSON_AddNumberToObject(o, "expected_least", (double)s->least);
    cJSON_AddNumberToObject(o, "expected_most", (double)s->most);
    if (!r->is_quick)
        cJSON_AddBoolToObject(o, "agrees", s->agrees);
    list = cJSON_AddArrayToObject(o, "strategies");
    for (size_t i = 0; i < QN_SAMENESS_COUNT && s->of[i].n > 0; i++) {
        cJSON *item = cJSON_CreateObject();

        cJSON_AddStringToObject(item, "strategy", s->of[i].strategy);
        cJSON_AddNumberToObject(item, "comparisons", (double)s->of[i].n);
        cJSON_AddNumberToObject(item, "different", (double)s->of[i].n_different);
        cJSON_AddItemToArray(list, item);
    }
}

static void add_found(cJSON *list, const struct qn_finding *a)
{
    cJSON *item = cJSON_CreateObject();

    cJSON_AddStringToObject(item, "by", a->by);
    cJSON_AddStringToObject(item, "text", a->text);
    if (a->effect.has_interval) {
        cJSON_AddNumberToObject(item, "ratio", a->effect.ratio);
        cJSON_AddNumberToObject(item, "ratio_lo", a->effect.lo);
        cJSON_AddNumberToObject(item, "ratio_hi", a->effect.hi);
        cJSON_AddNumberToObject(item, "p", a->p);
    }
    cJSON_AddItemToArray(list, item);
}

static void add_detection(cJSON *root, const struct qn_detection *b)
{
    cJSON *o = cJSON_AddObjectToObject(root, "faults");
    cJSON *cells;

    cJSON_AddNumberToObject(o, "processes", b->processes);
    cJSON_AddNumberToObject(o, "calls", QN_FAULTY_TRIALS);
    cJSON_AddNumberToObject(o, "false_alarm_at_most", QN_DETECTION_LEVEL);
    cells = cJSON_AddArrayToObject(o, "cells");
    for (size_t i = 0; i < b->n_cells; i++) {
        const struct qn_judgement *j = &b->cells[i];
        const char label[] = {j->label, '\0'};
        cJSON *cell = cJSON_CreateObject(), *found;

        cJSON_AddStringToObject(cell, "cell", label);
        cJSON_AddStringToObject(cell, "strategy", qn_faulty_texts[j->fault]);
        cJSON_AddBoolToObject(cell, "right", j->is_right);
        found = cJSON_AddArrayToObject(cell, "found");
        for (size_t k = 0; k < b->n_findings; k++)
            if (b->findings[k].label == j->label)
                add_found(found, &b->findings[k]);
        cJSON_AddItemToArray(cells, cell);
    }
}

static int print_json(const struct qn_selftest_result *r, FILE *out)
{
    cJSON *root = cJSON_CreateObject();
    char *text;

    cJSON_AddBoolToObject(root, "passed", qn_selftest_passed(r));
    cJSON_AddBoolToObject(root, "quick", r->is_quick);
    cJSON_AddNumberToObject(root, "seed", (double)r->seed);
    cJSON_AddNumberToObject(root, "took_s", r->took_s);
    add_sameness(root, r);
    add_detection(root, &r->detection);
    text = cJSON_Print(root);
    cJSON_Delete(root);
    if (!text)
        return QN_ENOMEM;
    fprintf(out, "%s\n", text);
    free(text);
    return QN_OK;
}

int qn_selftest_report(const struct qn_selftest_result *r, bool is_json, FILE *out)
{
    int rc = QN_OK;

    if (is_json)
        rc = print_json(r, out);
    else
        print_text(r, out);
    if (rc == QN_OK && (fflush(out) != 0 || ferror(out)))
        rc = QN_EIO;
    return rc;
}
