/* From options to a plan: cells in shuffled rounds, and policies. */
#include <math.h>

#include "bench/options/parse.h"
#include "bench/options/plan.h"
#include "bench/options/policy.h"
#include "bench/options/profiles.h"
#include "bench/report/question/answer.h"
#include "bench/schema/plan.h"
#include "bench/theory/models.h"
#include "runtime/base.h"
#include "tests/cmocka_all.h"

static void test_plan_is_whole_and_shuffled(void **unused)
{
    char *argv[] = {"run",     "--strategies", "drain,cancel", "--workload",
                    "default", "--poll",       "1us,4us",      "--failure-rates",
                    "0.1,0.2", "--workers",    "4,8",          "--processes",
                    "3"};
    struct qn_run_options o;
    struct qn_plan plan;
    size_t n_moved = 0;

    (void)unused;
    assert_int_equal(qn_run_options_parse(QN_ARRAY_LEN(argv), argv, &o), QN_OK);
    assert_int_equal(qn_plan_build(&o, &plan), QN_OK);
    assert_int_equal(plan.n_cells,
                     2 * 2 * (1 + 2)); /* workers × rates × (drain, and cancel at two polls) */
    assert_int_equal(plan.n_processes, 3 * plan.n_cells);
    for (uint32_t p = 0; p < 3; p++) {
        unsigned seen[64] = {0};

        for (size_t i = 0; i < plan.n_cells; i++) {
            const struct qn_process *process = &plan.processes[p * plan.n_cells + i];

            assert_int_equal(process->number, p);
            seen[process->cell]++;
            n_moved += process->cell != i;
        }
        for (size_t c = 0; c < plan.n_cells; c++)
            assert_int_equal(seen[c], 1); /* a round holds each cell once */
    }
    assert_true(n_moved > plan.n_cells);
    qn_plan_fini(&plan);
    qn_run_options_fini(&o);
}

/* The rate of a cell is that at which the share of its calls fails, to the six digits that are kept. */
static void test_rates_of_failing_calls(void **unused)
{
    char *argv[] = {"run",       "--strategies", "drain",           "--workload", "default",
                    "--workers", "16,200",       "--failing-calls", "2%,1e-6"};
    struct qn_run_options o;
    struct qn_plan plan;

    (void)unused;
    assert_int_equal(qn_run_options_parse(QN_ARRAY_LEN(argv), argv, &o), QN_OK);
    assert_int_equal(qn_plan_build(&o, &plan), QN_OK);
    assert_int_equal(plan.n_cells, 4);
    for (size_t i = 0; i < plan.n_cells; i++) {
        const struct qn_workload *w = &plan.cells[i].workload;
        double share = qn_model_call_fails(w->workers, w->failure_rate);

        assert_int_equal(w->workers, i < 2 ? 16 : 200);
        assert_true(fabs(share / (i % 2 ? 1e-6 : 0.02) - 1) < 1e-5);
    }
    qn_plan_fini(&plan);
    qn_run_options_fini(&o);
}

static void test_policies(void **unused)
{
    const struct qn_strategy *cancel = qn_strategy_find("cancel");
    const struct qn_strategy *owner = qn_strategy_find("owner-close");
    const struct qn_strategy *drain = qn_strategy_find("drain");
    struct qn_policy p;
    const char *why;
    char text[160];

    (void)unused;
    qn_policy_default(cancel, &p);
    assert_int_equal(p.canceller, QN_CANCELLER_CALLER);
    assert_int_equal(qn_policy_format(cancel, &p, text, sizeof(text)), QN_OK);
    assert_string_equal(text, "");
    assert_int_equal(qn_policy_set(cancel, &p, "canceller", "worker", &why), QN_OK);
    assert_int_equal(qn_policy_set(cancel, &p, "error_policy", "last", &why), QN_EINVAL);
    assert_int_equal(qn_policy_format(cancel, &p, text, sizeof(text)), QN_OK);
    assert_string_equal(text, "canceller=worker");
    qn_policy_default(drain, &p);
    assert_int_equal(qn_policy_set(drain, &p, "error_policy", "log", &why), QN_OK);
    assert_int_equal(qn_policy_set(drain, &p, "canceller", "worker", &why), QN_EINVAL);
    qn_policy_default(owner, &p);
    assert_int_equal(qn_policy_set(owner, &p, "owner_delay", "1500us", &why), QN_OK);
    assert_int_equal(p.owner_delay_ns, 1500000);
    assert_int_equal(qn_policy_format(owner, &p, text, sizeof(text)), QN_OK);
    assert_string_equal(text, "owner_delay=1500us");
    assert_int_equal(qn_policy_set(owner, &p, "canceller", "worker", &why), QN_EINVAL);
    assert_int_equal(qn_policy_set(owner, &p, "colour", "red", &why), QN_ENOENT);
}

/* Sets the i-th value of the table, of a count or duration one that is not its default. */
static bool has_set(const struct qn_strategy *s, size_t i, struct qn_policy *p)
{
    const struct qn_policy_info *info = qn_policy_info(i);
    const char *value = strcmp(info->value, "N") == 0          ? "3"
                        : strcmp(info->value, "DURATION") == 0 ? "3ms"
                                                               : info->value;
    const char *why;

    return qn_policy_set(s, p, info->key, value, &why) == QN_OK;
}

/* A value that a strategy can have may need one of another key, but then one that it can have. */
static bool can_be_had(const struct qn_strategy *s, size_t i)
{
    struct qn_policy p;
    const char *why;

    for (size_t j = 0; j < qn_n_policies; j++) {
        qn_policy_default(s, &p);
        (void)has_set(s, j, &p);
        if (has_set(s, i, &p) && qn_policy_check(&p, &why) == QN_OK)
            return true;
    }
    return false;
}

static size_t place_of(const char *key)
{
    size_t i = 0;

    while (strcmp(qn_policy_info(i)->key, key) != 0)
        i++;
    return i;
}

static void test_what_is_listed_can_be_had(void **unused)
{
    (void)unused;
    for (size_t k = 0; k < qn_n_strategies; k++)
        for (size_t i = 0; i < qn_n_policies; i++)
            if (!qn_policy_refusal(qn_strategies[k], i) && !can_be_had(qn_strategies[k], i))
                fail_msg("%s can't have %s", qn_strategies[k]->name, qn_policy_info(i)->key);
    assert_non_null(qn_policy_refusal(qn_strategy_find("tree-root"), place_of("join_limit")));
    assert_null(qn_policy_refusal(qn_strategy_find("drain"), place_of("join_limit")));
}

static bool has_cell(const struct qn_plan *plan, const struct qn_pick *pick)
{
    for (size_t i = 0; i < plan->n_cells; i++) {
        const struct qn_cell *cell = &plan->cells[i];

        if ((!pick->workload || strcmp(cell->workload.name, pick->workload) == 0) &&
            strcmp(cell->strategy, pick->strategy) == 0 && strcmp(cell->policy, pick->policy) == 0)
            return true;
    }
    return false;
}

/* A misspelt cell would only leave a statement out of the answer. */
static void check_question(const struct qn_question *q)
{
    char *argv[] = {"run", "--profile", (char *)q->profile};
    struct qn_run_options o;
    struct qn_plan plan;

    assert_int_equal(qn_run_options_parse(QN_ARRAY_LEN(argv), argv, &o), QN_OK);
    assert_int_equal(qn_plan_build(&o, &plan), QN_OK);
    for (size_t i = 0; i < q->n_statements; i++) {
        const struct qn_statement *s = &q->statements[i];

        if (!has_cell(&plan, &s->a) || (s->b.strategy && !has_cell(&plan, &s->b)))
            fail_msg("%s: statement %zu has a cell that profile %s doesn't measure", q->id, i + 1,
                     q->profile);
    }
    qn_plan_fini(&plan);
    qn_run_options_fini(&o);
}

static void test_profiles_measure_what_questions_compare(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < qn_n_questions; i++)
        check_question(&qn_questions[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plan_is_whole_and_shuffled),
        cmocka_unit_test(test_rates_of_failing_calls),
        cmocka_unit_test(test_policies),
        cmocka_unit_test(test_what_is_listed_can_be_had),
        cmocka_unit_test(test_profiles_measure_what_questions_compare),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
