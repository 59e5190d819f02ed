#include "bench/selftest/report.h"

#include <inttypes.h>
#include <stdio.h>

#include "bench/base/json.h"
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
            "  expected in %g %% of self-tests  %zu to %zu: %s\n",
            s->n, qn_plural(s->n, "comparison", "comparisons"), s->processes, QN_SAMENESS_TRIALS,
            100 * QN_SAMENESS_LEVEL, s->n_different, s->n,
            100 * (double)s->n_different / (double)s->n, 100 * s->lo, 100 * s->hi,
            100 * QN_SAMENESS_AGREES_WITHIN, s->least, s->most, word);
    for (size_t i = 0; i < QN_SAMENESS_COUNT && s->of[i].n > 0; i++)
        fprintf(out, "%s%s %zu of %zu", i == 0 ? "  of them                        " : ", ",
                s->of[i].strategy, s->of[i].n_different, s->of[i].n);
    putc('\n', out);
}

/* All findings of a cell, the one that identifies its fault first. */
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

    fprintf(out,
            "\nInjected faults: %zu cells, in an order unknown to the comparing code, against a "
            "sound one; up to %" PRIu32 " processes of %u calls each\n",
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
    fprintf(out, "  probability of a false alarm: at most %g %%%s\n", 100 * QN_DETECTION_LEVEL,
            r->is_quick ? "; 3 % slower is not tried, since detecting it depends on noise" : "");
}

static void print_text(const struct qn_selftest_result *r, FILE *out)
{
    print_sameness(r, out);
    print_detection(r, out);
    fprintf(out, "\nself-test %s (seed %" PRIu64 ", %.0f s)\n",
            qn_selftest_passed(r) ? "passed" : "FAILED", r->seed, r->took_s);
}

/* JSON. */

static cJSON *strategy_json(const struct qn_sameness_count *s)
{
    cJSON *o = cJSON_CreateObject();

    qn_json_put_text(o, "strategy", s->strategy);
    qn_json_put_whole(o, "comparisons", (int64_t)s->n);
    qn_json_put_whole(o, "different", (int64_t)s->n_different);
    return o;
}

QN_JSON_LIST(strategies_json, const struct qn_sameness_count, strategy_json(v))

static cJSON *sameness_json(const struct qn_selftest_result *r)
{
    const struct qn_sameness *s = &r->sameness;
    cJSON *o = cJSON_CreateObject();
    size_t n = 0;

    while (n < QN_SAMENESS_COUNT && s->of[n].n > 0)
        n++;
    qn_json_put_text(o, "metric", qn_observation_metrics[QN_OBSERVATION_RETURN_LATENCY].info->name);
    qn_json_put_whole(o, "processes", s->processes);
    qn_json_put_whole(o, "calls", QN_SAMENESS_TRIALS);
    qn_json_put_number(o, "level", QN_SAMENESS_LEVEL);
    qn_json_put_whole(o, "comparisons", (int64_t)s->n);
    qn_json_put_whole(o, "different", (int64_t)s->n_different);
    qn_json_put_number(o, "share", (double)s->n_different / (double)s->n);
    qn_json_put_number(o, "share_lo", s->lo);
    qn_json_put_number(o, "share_hi", s->hi);
    qn_json_put_whole(o, "expected_least", (int64_t)s->least);
    qn_json_put_whole(o, "expected_most", (int64_t)s->most);
    if (!r->is_quick)
        qn_json_put_flag(o, "agrees", s->agrees);
    qn_json_put_item(o, "strategies", strategies_json(s->of, n));
    return o;
}

static cJSON *found_json(const struct qn_detection *d, char label)
{
    cJSON *list = cJSON_CreateArray();

    for (size_t i = 0; i < d->n_findings; i++) {
        const struct qn_finding *f = &d->findings[i];
        cJSON *item;

        if (f->label != label)
            continue;
        item = cJSON_CreateObject();
        qn_json_put_text(item, "by", f->by);
        qn_json_put_text(item, "text", f->text);
        if (f->effect.has_interval) {
            qn_json_put_number(item, "ratio", f->effect.ratio);
            qn_json_put_number(item, "ratio_lo", f->effect.lo);
            qn_json_put_number(item, "ratio_hi", f->effect.hi);
            qn_json_put_number(item, "p", f->p);
        }
        cJSON_AddItemToArray(list, item);
    }
    return list;
}

static cJSON *detection_json(const struct qn_detection *d)
{
    cJSON *o = cJSON_CreateObject(), *cells = cJSON_CreateArray();

    qn_json_put_whole(o, "processes", d->processes);
    qn_json_put_whole(o, "calls", QN_FAULTY_TRIALS);
    qn_json_put_number(o, "false_alarm_at_most", QN_DETECTION_LEVEL);
    for (size_t i = 0; i < d->n_cells; i++) {
        const struct qn_judgement *j = &d->cells[i];
        const char label[] = {j->label, '\0'};
        cJSON *cell = cJSON_CreateObject();

        qn_json_put_text(cell, "cell", label);
        qn_json_put_text(cell, "strategy", qn_faulty_texts[j->fault]);
        qn_json_put_flag(cell, "right", j->is_right);
        qn_json_put_item(cell, "found", found_json(d, j->label));
        cJSON_AddItemToArray(cells, cell);
    }
    qn_json_put_item(o, "cells", cells);
    return o;
}

static int print_json(const struct qn_selftest_result *r, FILE *out)
{
    cJSON *root = cJSON_CreateObject();

    qn_json_put_flag(root, "passed", qn_selftest_passed(r));
    qn_json_put_flag(root, "quick", r->is_quick);
    qn_json_put_whole(root, "seed", (int64_t)r->seed);
    qn_json_put_number(root, "took_s", r->took_s);
    qn_json_put_item(root, "a_a", sameness_json(r));
    qn_json_put_item(root, "faults", detection_json(&r->detection));
    return qn_json_print(root, out);
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
