/* Traces that were damaged: thousands of texts, each changed in some places. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/base/rng.h"
#include "bench/fanouts/trace/traces_bed.h"
#include "bench/fanouts/trials.h"
#include "strategies/strategy.h"

/* Begins and ends, and asynchronous ones. */
#define MORE \
    ", B main 1 200, b call 7 210, b w 7 211, b w 7 212 !, e w 7 215, e w 7 216, e call 7 220, E main 1 230, s go 1 5, f go 1 9"

static uint64_t next(uint64_t *state)
{
    return qn_rng_mix(0, (*state)++);
}

/* Replaces, removes, doubles and cuts bytes of a text; returns the new length. */
static size_t mutate(char *text, size_t n, size_t cap, uint64_t *state)
{
    static const char signs[] = "{}[]\",:0123456789-.eE\\u tfn\x01\xff";
    unsigned n_changes = 1 + (unsigned)(next(state) % 8);

    while (n_changes-- > 0 && n > 8) {
        size_t at = next(state) % n, length = 1 + next(state) % 40;

        if (length > n - at)
            length = n - at;
        switch (next(state) % 5) {
        case 0:
            text[at] = signs[next(state) % (sizeof(signs) - 1)];
            break;
        case 1:
            text[at] = (char)next(state);
            break;
        case 2: /* remove */
            memmove(text + at, text + at + length, n - at - length);
            n -= length;
            break;
        case 3: /* double */
            if (n + length > cap)
                break;
            memmove(text + at + length, text + at, n - at);
            n += length;
            break;
        default: /* now and then, cut */
            n = next(state) % 8 == 0 ? at : n;
        }
    }
    return n;
}

/* What was read, as the rows of a folder. */
static void make_rows(void)
{
    struct qn_fanouts list = {0};
    struct qn_fanout_plan plan;

    assert_int_equal(qn_spans_hand_over(&bed_got.spans, &bed_got.groups, "traced", &list), QN_OK);
    assert_int_equal(list.n, bed_got.groups.n);
    assert_int_equal(qn_fanout_plan_make(&list, &plan), QN_OK);
    for (size_t i = 0; i < plan.plan.n_processes; i++) {
        struct qn_fanout_rows rows;
        int rc = qn_fanout_rows_make(&plan.groups[i], 0, qn_strategies[0], &rows);

        assert_true(rc == QN_OK || rc == QN_EOVERFLOW);
        qn_fanout_rows_fini(&rows);
    }
    qn_fanout_plan_fini(&plan);
    qn_fanouts_fini(&list);
}

/* No text, however damaged, is read beyond its end, or is more than refused. */
static void test_damaged_texts(void **unused)
{
    char text[8192], damaged[sizeof(text) + 64];
    uint64_t state = 1;
    unsigned n_texts = getenv("QUENCH_TEST_DEEP") ? 20000 : 600, n_read = 0;
    int kept = dup(STDERR_FILENO), null = open("/dev/null", O_WRONLY);

    (void)unused;
    assert_true(kept >= 0 && null >= 0 && dup2(null, STDERR_FILENO) >= 0);
    for (unsigned i = 0; i < n_texts; i++) {
        size_t n;

        if (i % 2)
            snprintf(text, sizeof(text), "[%s]", bed_events(FAN_OUT MORE));
        else
            snprintf(text, sizeof(text), SPANS_BEGIN "%s" SPANS_END, bed_spans(SPAN_OUT));
        n = strlen(text);
        memcpy(damaged, text, n);
        n = mutate(damaged, n, sizeof(damaged), &state);
        bed_take_bytes(damaged, n, 1, i % 3 == 0);
        assert_true(bed_got.rc == QN_OK || bed_got.rc == QN_EINVAL);
        if (bed_got.rc == QN_OK && bed_got.groups.n > 0)
            make_rows();
        n_read += bed_got.rc == QN_OK && bed_got.groups.n > 0;
        if (bed_got.rc == QN_OK)
            assert_int_equal(qn_spans_say_waste(&bed_got.spans, &bed_got.groups), QN_OK);
        bed_forget();
    }
    assert_true(dup2(kept, STDERR_FILENO) >= 0);
    close(kept);
    close(null);
    assert_true(n_read > n_texts / 20); /* else they were damaged too much to test anything */
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_damaged_texts)};

    return cmocka_run_group_tests(tests, bed_begin, bed_end);
}
