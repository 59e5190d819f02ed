/* Placement as lists of PUs, on other machines. */
#include <stdio.h>
#include <stdlib.h>

#include "bench/machine/place.h"
#include "runtime/topo.h"
#include "tests/cmocka_all.h"

#define MAX_THREADS 8

/* clang-format off */
static const struct {
    const char *what, *synthetic, *xml, *restrict_to;
    enum qn_placement placement;
    enum qn_caller_place caller;
    unsigned n_threads;
    int pus[MAX_THREADS];
    int caller_pu; /* -1: shared; -2: refused */
    bool oversubscribed, uneven;
} cases[] = {
    /* two packages of four cores of two PUs: PUs 2k and 2k+1 are core k */
    {"spread over packages", "pack:2 core:4 pu:2", NULL, NULL, QN_SPREAD, QN_CALLER_SHARED, 2, {0, 8}, -1, false, false},
    {"spread four", "pack:2 core:4 pu:2", NULL, NULL, QN_SPREAD, QN_CALLER_SHARED, 4, {0, 4, 8, 12}, -1, false, false},
    {"compact four", "pack:2 core:4 pu:2", NULL, NULL, QN_COMPACT, QN_CALLER_SHARED, 4, {0, 2, 4, 6}, -1, false, false},
    {"smt four", "pack:2 core:4 pu:2", NULL, NULL, QN_SMT, QN_CALLER_SHARED, 4, {0, 1, 2, 3}, -1, false, false},
    {"own: the far end", "pack:2 core:4 pu:2", NULL, NULL, QN_COMPACT, QN_CALLER_OWN, 4, {0, 2, 4, 6}, 14, false, false},
    {"default is own where a core is free", "pack:2 core:4 pu:2", NULL, NULL, QN_COMPACT, QN_CALLER_DEFAULT, 2, {0, 2}, 14, false, false},
    {"default is shared where none is", "pack:2 core:4 pu:2", NULL, NULL, QN_SPREAD, QN_CALLER_DEFAULT, 8, {0, 2, 4, 6, 8, 10, 12, 14}, -1, false, false},
    {"own can't fit", "pack:2 core:4 pu:2", NULL, NULL, QN_SPREAD, QN_CALLER_OWN, 8, {0}, -2, false, false},
    /* one core */
    {"one core", "core:1 pu:1", NULL, NULL, QN_SPREAD, QN_CALLER_DEFAULT, 1, {0}, -1, true, false},
    {"one core, three threads", "core:1 pu:1", NULL, NULL, QN_SPREAD, QN_CALLER_DEFAULT, 3, {0, 0, 0}, -1, true, false},
    {"one core, own", "core:1 pu:1", NULL, NULL, QN_SPREAD, QN_CALLER_OWN, 1, {0}, -2, false, false},
    /* two cores, no SMT */
    {"two cores, one thread", "core:2 pu:1", NULL, NULL, QN_SPREAD, QN_CALLER_DEFAULT, 1, {0}, 1, false, false},
    {"two cores, two threads", "core:2 pu:1", NULL, NULL, QN_SPREAD, QN_CALLER_DEFAULT, 2, {0, 1}, -1, true, false},
    {"two cores, three threads", "core:2 pu:1", NULL, NULL, QN_COMPACT, QN_CALLER_DEFAULT, 3, {0, 1, 0}, -1, true, true},
    /* restricted as by a cpuset */
    {"restricted to one package", "pack:2 core:4 pu:1", NULL, "4-7", QN_SPREAD, QN_CALLER_DEFAULT, 2, {4, 6}, 7, false, false},
    {"restricted to a core's PUs", "core:4 pu:2", NULL, "2,3", QN_SMT, QN_CALLER_DEFAULT, 2, {2, 3}, -1, true, false},
    /* caches split a package */
    {"spread over caches", "pack:1 l3:2 core:3 pu:1", NULL, NULL, QN_SPREAD, QN_CALLER_SHARED, 2, {0, 3}, -1, false, false},
    {"compact within a cache", "pack:1 l3:2 core:3 pu:1", NULL, NULL, QN_COMPACT, QN_CALLER_SHARED, 3, {0, 1, 2}, -1, false, false},
    /* recorded: packages of four cores and of one */
    {"asymmetric, spread", NULL, "asymmetric-4+1.xml", NULL, QN_SPREAD, QN_CALLER_SHARED, 5, {0, 1, 2, 3, 4}, -1, true, true},
    {"asymmetric, compact", NULL, "asymmetric-4+1.xml", NULL, QN_COMPACT, QN_CALLER_OWN, 3, {0, 1, 2}, 4, false, false},
    /* recorded: two fast cores (0, 1) and four slow ones (2 to 5) */
    {"hybrid, the fast ones", NULL, "hybrid-2p4e.xml", NULL, QN_COMPACT, QN_CALLER_SHARED, 2, {0, 1}, -1, true, false},
    {"hybrid, too many for the fast", NULL, "hybrid-2p4e.xml", NULL, QN_COMPACT, QN_CALLER_SHARED, 3, {2, 3, 4}, -1, false, false},
    {"hybrid, too many for any kind", NULL, "hybrid-2p4e.xml", NULL, QN_COMPACT, QN_CALLER_SHARED, 5, {0, 1, 0, 1, 0}, -1, true, true},
};
/* clang-format on */

static struct qn_topo *load(size_t i)
{
    struct qn_topo *topo;
    char path[512];

    if (cases[i].xml) {
        snprintf(path, sizeof(path), "%s/tests/topologies/%s", QN_SOURCE_DIR, cases[i].xml);
        assert_int_equal(qn_topo_load_xml(path, &topo), QN_OK);
    } else {
        assert_int_equal(qn_topo_load_synthetic(cases[i].synthetic, &topo), QN_OK);
    }
    if (cases[i].restrict_to)
        assert_int_equal(qn_topo_restrict(topo, cases[i].restrict_to), QN_OK);
    return topo;
}

/* The clocks of all CPUs that any workload's threads use are compared. */
static void test_cpus_of_all_places(void **unused)
{
    static const int expected[] = {0, 14, 0, 4, 8, 12, 14};
    struct qn_place_ctx places[2] = {0};
    struct qn_topo *topo;
    const char *why;
    unsigned n;
    int *cpus;

    (void)unused;
    assert_int_equal(qn_topo_load_synthetic("pack:2 core:4 pu:2", &topo), QN_OK);
    for (unsigned i = 0; i < 2; i++)
        assert_int_equal(
            qn_topo_place(topo, QN_SPREAD, i == 0 ? 1 : 4, QN_CALLER_OWN, &places[i].place, &why),
            QN_OK);
    cpus = qn_place_cpus(places, 2, &n);
    assert_non_null(cpus);
    assert_int_equal(n, QN_ARRAY_LEN(expected));
    for (unsigned i = 0; i < n; i++)
        assert_int_equal(cpus[i], expected[i]);
    free(cpus);
    for (unsigned i = 0; i < 2; i++)
        qn_place_clear(&places[i].place);
    qn_topo_destroy(topo);
}

static void test_placement(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(cases); i++) {
        struct qn_topo *topo = load(i);
        struct qn_place place;
        const char *why;
        int rc = qn_topo_place(topo, cases[i].placement, cases[i].n_threads, cases[i].caller,
                               &place, &why);

        print_message("%s\n", cases[i].what);
        if (cases[i].caller_pu == -2) {
            assert_int_equal(rc, QN_EINVAL);
            assert_non_null(strstr(why, "fewer than"));
        } else {
            assert_int_equal(rc, QN_OK);
            for (unsigned t = 0; t < cases[i].n_threads; t++)
                assert_int_equal(place.pus[t], cases[i].pus[t]);
            assert_int_equal(place.caller_pu, cases[i].caller_pu);
            assert_int_equal(place.oversubscribed, cases[i].oversubscribed);
            assert_int_equal(place.uneven, cases[i].uneven);
            qn_place_clear(&place);
        }
        qn_topo_destroy(topo);
    }
}

static void test_bad_topologies(void **unused)
{
    struct qn_topo *topo;

    (void)unused;
    assert_int_equal(qn_topo_load_synthetic("rubbish", &topo), QN_EINVAL);
    assert_int_equal(qn_topo_load_synthetic("core:2 pu:1", &topo), QN_OK);
    assert_int_equal(qn_topo_restrict(topo, "7"), QN_EINVAL);
    qn_topo_destroy(topo);
}

static void test_binding_is_verified(void **unused)
{
    struct qn_topo *topo;
    struct qn_place place;
    const char *why;

    (void)unused;
    assert_int_equal(qn_topo_load(&topo), QN_OK);
    assert_int_equal(qn_topo_place(topo, QN_SPREAD, 1, QN_CALLER_SHARED, &place, &why), QN_OK);
    assert_int_equal(qn_topo_bind_self(topo, (int)place.pus[0]), QN_OK);
    assert_int_equal(qn_topo_bind_self(topo, -1), QN_OK);
    assert_int_equal(qn_topo_bind_self(topo, 100000), QN_EINVAL);
    qn_place_clear(&place);
    qn_topo_destroy(topo);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_placement),
        cmocka_unit_test(test_cpus_of_all_places),
        cmocka_unit_test(test_bad_topologies),
        cmocka_unit_test(test_binding_is_verified),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
