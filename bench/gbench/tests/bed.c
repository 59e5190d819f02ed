#include "bed.h"

struct seen seen;

int begin_seen(void **unused)
{
    (void)unused;
    seen_init(&seen);
    return 0;
}

int end_seen(void **unused)
{
    (void)unused;
    seen_free(&seen);
    gb_shutdown();
    return 0;
}

int clear_registered(void **unused)
{
    (void)unused;
    return gb_clear_registered();
}

gb_benchmark *add_named(const char *name)
{
    gb_benchmark *b = NULL;

    assert_int_equal(gb_register(name, seen_nothing, NULL, &b), GB_OK);
    assert_non_null(b);
    return b;
}

gb_benchmark *add_quick(const char *name)
{
    gb_benchmark *b = add_named(name);

    assert_int_equal(gb_benchmark_iterations(b, 1), GB_OK);
    return b;
}

gb_benchmark *add_body(gb_fn *fn, void *user, int64_t iterations)
{
    gb_benchmark *b = NULL;

    assert_int_equal(gb_register("b", fn, user, &b), GB_OK);
    assert_int_equal(gb_benchmark_iterations(b, iterations), GB_OK);
    return b;
}

const gb_run *run_one(void)
{
    assert_int_equal(seen_run(&seen, ""), 1);
    assert_int_equal(seen.n, 1);
    return &seen.runs[0].run;
}

void expect_failure(const char *message)
{
    assert_true(run_one()->has_error);
    assert_true(run_one()->is_skipped);
    assert_string_equal(seen.runs[0].message, message);
}
