#include "tests/stepped/explore.h"

#include <stdlib.h>

#include "tests/cmocka_all.h"

#define MAX_STEPS 2000
#define MAX_FIBERS 16

/* The choices of one run: at step i the chosen'th of n ways to go on. */
struct path {
    unsigned char chosen[MAX_STEPS], n[MAX_STEPS];
    unsigned length;
};

/* The fibers that may run next, the previous one first; only that one if no preemption is left. */
static unsigned ways(struct qn_stepper *s, unsigned last, bool may_preempt, unsigned *ids)
{
    unsigned n = 0;
    bool last_can = last < qn_stepper_n_fibers(s) && qn_stepper_can_run(s, last);

    if (last_can)
        ids[n++] = last;
    for (unsigned i = 0; i < qn_stepper_n_fibers(s); i++)
        if (i != last && qn_stepper_can_run(s, i) && (!last_can || may_preempt))
            ids[n++] = i;
    return n;
}

static void run_once(const struct qn_scenario *sc, struct path *path, unsigned n_preemptions)
{
    struct qn_stepper *s;
    unsigned ids[MAX_FIBERS], last = UINT32_MAX, used = 0, n, i = 0;

    memset(sc->state, 0, sc->state_bytes);
    assert_int_equal(qn_stepper_create(sc->n_threads, 1, &s), QN_OK);
    sc->set_up(s, sc->state);
    for (; (n = ways(s, last, used < n_preemptions, ids)) > 0; i++) {
        unsigned chosen = i < path->length ? path->chosen[i] : 0;

        assert_true(i < MAX_STEPS);
        if (chosen > 0 && ids[0] == last)
            used++;
        path->chosen[i] = (unsigned char)chosen;
        path->n[i] = (unsigned char)n;
        last = ids[chosen];
        qn_stepper_resume(s, last);
    }
    path->length = i;
    sc->check(s, sc->state);
    qn_stepper_destroy(s);
}

/* Advances to the next path; false if this was the last. */
static bool next_path(struct path *path)
{
    while (path->length > 0) {
        unsigned i = path->length - 1;

        if (path->chosen[i] + 1 < path->n[i]) {
            path->chosen[i]++;
            return true;
        }
        path->length--;
    }
    return false;
}

unsigned qn_explore(const struct qn_scenario *sc, unsigned n_preemptions)
{
    static struct path path;
    unsigned n = 0;

    path.length = 0;
    do {
        run_once(sc, &path, n_preemptions);
        n++;
    } while (next_path(&path));
    print_message("%s: %u orders\n", sc->name, n);
    assert_true(n > 1);
    return n;
}

unsigned qn_explore_depth(void)
{
    return getenv("QUENCH_TEST_DEEP") ? 3 : 2;
}

void qn_assert_all_done(struct qn_stepper *s)
{
    for (unsigned i = 0; i < qn_stepper_n_fibers(s); i++)
        if (qn_stepper_thread(s, i)->index < 0)
            assert_string_equal(qn_stepper_point(s, i), "done");
}
