/* Bounds that are refused before anything is measured. */
#include <stdio.h>
#include <unistd.h>

#include "bench/options/parse.h"
#include "bench/tune/command.h"
#include "bench/tune/possible.h"
#include "runtime/err.h"
#include "tests/cmocka_all.h"

/* Parses, discarding error messages. */
static int parse_quietly(int argc, char **argv)
{
    struct qn_tuning_request request;
    struct qn_run_options options;
    FILE *words = tmpfile();
    int old = dup(STDERR_FILENO), rc;

    assert_non_null(words);
    fflush(stderr);
    dup2(fileno(words), STDERR_FILENO);
    rc = qn_tune_options_parse(argc, argv, &request, &options);
    fflush(stderr);
    dup2(old, STDERR_FILENO);
    close(old);
    fclose(words);
    if (rc == QN_OK)
        qn_run_options_fini(&options);
    return rc;
}

static void test_bounds_on_the_clock_are_refused_of_scaled_work(void **unused)
{
    static const char *const refused[] = {
        "return_latency_p90<=40us", "detection_p50<=1ms", "return_at_p99<=1s", "overhead_p50<=5%",
        "occupied_mean<=1ms",       "retained<=1MiB.s",   "goodput>=10"};
    static const char *const taken[] = {
        "wasted_mean<=1ms",   "polling_mean<=1ms",   "retained_at_return_max<=1MiB",
        "errors_lost_max<=1", "error_fidelity>=0.5", "cancelling_p50<=1ms"};
    char *argv[] = {"tune",  "--arrival", "back-to-back", "--service", "exp:2500us",
                    "--slo", NULL,        "--scale",      "0.04",      NULL};

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(refused); i++) {
        argv[6] = (char *)(uintptr_t)refused[i];
        argv[8] = "0.04";
        assert_int_equal(parse_quietly(9, argv), QN_EINVAL);
        argv[8] = "1";
        assert_int_equal(parse_quietly(9, argv), QN_OK);
    }
    argv[8] = "0.04";
    for (size_t i = 0; i < QN_ARRAY_LEN(taken); i++) {
        argv[6] = (char *)(uintptr_t)taken[i];
        assert_int_equal(parse_quietly(9, argv), QN_OK);
    }
}

/* 13 x 40 ms are 520 ms: 260 ms on two cores, 40 ms on 13. */
static void test_what_work_alone_exceeds_is_impossible(void **unused)
{
    static const struct {
        const char *bound;
        unsigned n_cores;
        int rc;
    } cases[] = {
        {"return_at_p99<=200ms", 2, QN_EINVAL}, {"return_at_p99<=300ms", 2, QN_OK},
        {"return_at_p99<=200ms", 13, QN_OK},    {"return_at_p99<=30ms", 13, QN_EINVAL},
        {"return_at_max<=200ms", 2, QN_EINVAL}, {"settle_at_p50<=200ms", 2, QN_EINVAL},
        {"stop_at_mean<=200ms", 2, QN_EINVAL},  {"return_at_p99>=200ms", 2, QN_OK},
        {"return_latency_p99<=1ms", 2, QN_OK},  {"return_at_p99@failed<=200ms", 2, QN_OK},
    };
    char *argv[] = {"tune",      "--workers",  "13",     "--threads", "13",
                    "--service", "const:40ms", "--rate", "0.001",     NULL};

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(cases); i++) {
        struct qn_tuning_request request;
        struct qn_run_options options;
        FILE *words = tmpfile();
        int old = dup(STDERR_FILENO), rc;

        assert_int_equal(qn_tune_options_parse(9, argv, &request, &options), QN_OK);
        assert_int_equal(qn_bound_parse("--slo", cases[i].bound, &request.bounds[0]), QN_OK);
        request.n_bounds = 1;
        fflush(stderr);
        dup2(fileno(words), STDERR_FILENO);
        rc = qn_possible_check(&request, &options, cases[i].n_cores);
        fflush(stderr);
        dup2(old, STDERR_FILENO);
        close(old);
        fclose(words);
        if (rc != cases[i].rc)
            fail_msg("%s on %u cores: %d", cases[i].bound, cases[i].n_cores, rc);
        qn_run_options_fini(&options);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bounds_on_the_clock_are_refused_of_scaled_work),
        cmocka_unit_test(test_what_work_alone_exceeds_is_impossible),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
