/* Looks: strategies are distinguishable in every picture, both in bench/report/picture/looks.c and
 * in what gnuplot makes of it. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/data_dir.h"
#include "bench/options/parse.h"
#include "bench/report/picture/looks.h"
#include "strategies/strategy.h"
#include "tests/cmocka_all.h"

#define MOST 64

static size_t list_names(const char **names)
{
    for (size_t i = 0; i < qn_n_strategies; i++)
        names[i] = qn_strategies[i]->name;
    return qn_n_strategies;
}

static bool is_same(const struct qn_look *a, const struct qn_look *b)
{
    return strcmp(a->colour, b->colour) == 0 && a->dash == b->dash && a->mark == b->mark;
}

/* What distinguishes marks without lines, where filled and hollow have a meaning of their own. */
static bool is_same_mark(const struct qn_look *a, const struct qn_look *b)
{
    return strcmp(a->colour, b->colour) == 0 && (a->mark | 1) == (b->mark | 1);
}

static void assert_all_differ(const char *const *names, const struct qn_look *looks, size_t n)
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++) {
            if (is_same_mark(&looks[i], &looks[j]))
                print_message("%s and %s look alike\n", names[i], names[j]);
            assert_false(is_same_mark(&looks[i], &looks[j]));
        }
}

/* drain and null once shared colour, dash and mark. */
static void test_no_two_strategies_look_alike(void **unused)
{
    const char *names[MOST] = {0};
    struct qn_look looks[MOST];
    size_t n = list_names(names);

    (void)unused;
    assert_true(n < MOST);
    qn_looks_of(names, n, looks);
    assert_all_differ(names, looks, n);
    for (size_t i = 0; i < n; i++) {
        if (!qn_look_is_fixed(names[i]))
            print_message("%s has no look in bench/report/picture/looks.c\n", names[i]);
        assert_true(qn_look_is_fixed(names[i]));
    }
}

/* A strategy's look depends neither on its place in the list nor on the other strategies of a picture. */
static void test_a_new_strategy_changes_no_other(void **unused)
{
    const char *names[MOST] = {0}, *more[MOST];
    struct qn_look looks[MOST], with[MOST];
    size_t n = list_names(names);

    (void)unused;
    qn_looks_of(names, n, looks);
    for (size_t at = 0; at <= n; at++) {
        memcpy(more, names, at * sizeof(*names));
        more[at] = "mine";
        memcpy(more + at + 1, names + at, (n - at) * sizeof(*names));
        qn_looks_of(more, n + 1, with);
        assert_all_differ(more, with, n + 1);
        for (size_t i = 0; i < n; i++)
            assert_true(is_same(&looks[i], &with[i + (i >= at)]));
    }
    for (size_t i = 0; i < n; i++) {
        qn_looks_of(&names[i], 1, with); /* alone in its picture */
        assert_true(is_same(&looks[i], with));
    }
}

/* Unknown names, and one strategy under several policies. */
static void test_further_lines_look_like_no_strategy(void **unused)
{
    static const char *const names[] = {"go-errgroup", "drain", "drain",   "drain",
                                        "tbb-throw",   "null",  "omp-for", "drain"};
    const char *all[MOST] = {0};
    struct qn_look looks[QN_ARRAY_LEN(names)], listed[MOST], alone;
    size_t n = list_names(all);

    (void)unused;
    qn_looks_of(names, QN_ARRAY_LEN(names), looks);
    assert_all_differ(names, looks, QN_ARRAY_LEN(names));
    qn_looks_of(all, n, listed);
    for (size_t i = 0; i < QN_ARRAY_LEN(names); i++)
        for (size_t j = 0; j < n; j++)
            assert_true(!is_same_mark(&looks[i], &listed[j]) || strcmp(names[i], all[j]) == 0);
    qn_looks_of(&names[0], 1, &alone);
    assert_true(is_same(&alone, &looks[0])); /* the same in every picture */
}

/* The line styles that common.gp makes of them, as gnuplot itself reports them. */
static void test_gnuplot_takes_them_apart(void **unused)
{
    const char *names[MOST] = {0};
    struct qn_look looks[MOST];
    char command[8192], colours[2048] = "", dashes[512] = "", marks[512] = "", line[512];
    char styles[MOST][256];
    size_t n = list_names(names), n_styles = 0;
    FILE *f;

    (void)unused;
    qn_looks_of(names, n, looks);
    for (size_t i = 0; i < n; i++) {
        snprintf(colours + strlen(colours), sizeof(colours) - strlen(colours), "%s ",
                 looks[i].colour);
        snprintf(dashes + strlen(dashes), sizeof(dashes) - strlen(dashes), "%d ", looks[i].dash);
        snprintf(marks + strlen(marks), sizeof(marks) - strlen(marks), "%d ", looks[i].mark);
    }
    snprintf(command, sizeof(command),
             "gnuplot -e \"line_colours='%s'; line_dashes='%s'; line_marks='%s'\" -e \"load "
             "'%s/plots/common.gp'; show style line\" 2>&1",
             colours, dashes, marks, qn_data_dir());
    f = popen(command, "re");
    assert_non_null(f);
    while (fgets(line, sizeof(line), f)) {
        static const char begin[] = "\tlinestyle ";
        char *end = line;

        if (strncmp(line, begin, strlen(begin)) != 0 || strtoul(line + strlen(begin), &end, 10) > n)
            continue;
        assert_true(n_styles < MOST);
        snprintf(styles[n_styles++], sizeof(styles[0]), "%.200s", end);
    }
    assert_int_equal(pclose(f), 0);
    assert_int_equal(n_styles, n);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(styles[i], styles[j]);
}

/* A script that numbers its lines itself would give a strategy a different look in each picture. */
static void test_scripts_leave_looks_to_the_table(void **unused)
{
    char path[4096], line[2048];
    struct dirent *entry;
    unsigned n = 0;
    DIR *dir;

    (void)unused;
    snprintf(path, sizeof(path), "%s/plots", qn_data_dir());
    dir = opendir(path);
    assert_non_null(dir);
    while ((entry = readdir(dir))) {
        size_t length = strlen(entry->d_name);
        FILE *f;

        if (length < 4 || strcmp(entry->d_name + length - 3, ".gp") != 0)
            continue;
        n++;
        snprintf(path, sizeof(path), "%s/plots/%s", qn_data_dir(), entry->d_name);
        f = fopen(path, "re");
        assert_non_null(f);
        while (fgets(line, sizeof(line), f)) {
            bool numbers_lines = strstr(line, "ls i") || strstr(line, "lt i");

            if (numbers_lines)
                print_message("%s: %s", entry->d_name, line);
            assert_false(numbers_lines);
        }
        fclose(f);
    }
    closedir(dir);
    assert_true(n > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_two_strategies_look_alike),
        cmocka_unit_test(test_a_new_strategy_changes_no_other),
        cmocka_unit_test(test_further_lines_look_like_no_strategy),
        cmocka_unit_test(test_gnuplot_takes_them_apart),
        cmocka_unit_test(test_scripts_leave_looks_to_the_table),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
