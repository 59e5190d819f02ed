/* How far runs are trusted, on folders made here. */
#include <stdint.h>

#include "bench/report/trust.h"
#include "runtime/base.h"
#include "runtime/err.h"
#include "tests/tree.h"

#define GOOD "{\"name\":\"swap\",\"seen\":\"off\",\"verdict\":\"good\",\"advice\":\"\"}"
#define NOTE "{\"name\":\"smt\",\"seen\":\"active\",\"verdict\":\"note\",\"advice\":\"spread\"}"
#define UNKNOWN "{\"name\":\"turbo\",\"seen\":\"unknown\",\"verdict\":\"unknown\",\"advice\":\"-\"}"
#define SPOILS \
    "{\"name\":\"other-load\",\"seen\":\"50 % <busy>\",\"verdict\":\"spoils\",\"advice\":\"a & " \
    "b\"}"
#define THREE_ON_TWO "{\"place\":{\"cores\":2,\"pus\":[0,1,0]}}"
#define FOUR_ON_TWO "{\"place\":{\"cores\":2,\"pus\":[0,1,0,1]}}"
#define FACTS(list) "{\"facts\":[" list "]}"
#define TEN "a,1,\na,2,\na,3,\na,4,\na,5,\na,6,\na,7,\na,8,\n"

static const struct {
    const char *what, *manifest, *blocks; /* NULL: no such file */
    enum qn_verdict verdict;
    const char *says[4], *says_not;
} cases[] = {
    {"all is well",
     FACTS(GOOD),
     "cell_id,process,mark\n" TEN,
     QN_FACT_GOOD,
     {"they can be trusted.", "0 of 8 blocks are marked."},
     "Unknown"},
    {"a note",
     FACTS(GOOD "," NOTE "," UNKNOWN),
     "cell_id,process,mark\n" TEN,
     QN_FACT_NOTE,
     {"with care.", "Note: smt.", "Unknown: turbo."},
     "Spoiled"},
    {"unknown alone takes nothing away",
     FACTS(UNKNOWN),
     "cell_id,process,mark\n" TEN,
     QN_FACT_GOOD,
     {"they can be trusted.", "Unknown: turbo."},
     "Note"},
    {"a fact that spoils",
     FACTS(NOTE "," SPOILS),
     "cell_id,process,mark\n" TEN,
     QN_FACT_SPOILS,
     {"only for ratios within it.", "Spoiled by other-load (50 % <busy>).", "Note: smt."},
     "Unknown"},
    {"one of twenty: at the limit",
     FACTS(GOOD),
     "cell_id,process,mark\n" TEN TEN "a,1,\na,2,\na,3,\na,4,drift\n",
     QN_FACT_GOOD,
     {"1 of 20 blocks is marked: drift 1."},
     "Spoiled"},
    {"one of nineteen: beyond it",
     FACTS(GOOD),
     "cell_id,process,mark\n" TEN TEN "a,1,\na,2,\na,4,drift\n",
     QN_FACT_NOTE,
     {"with care.", "1 of 19 blocks is marked: drift 1."},
     "Spoiled"},
    {"two of ten: at the limit",
     FACTS(GOOD),
     "cell_id,process,mark\n" TEN "b,1,steal\nb,2,drift;steal\n",
     QN_FACT_NOTE,
     {"2 of 10 blocks are marked: drift 1, steal 2."},
     "Spoiled"},
    {"three of ten: beyond it",
     FACTS(GOOD),
     "cell_id,process,mark\na,1,\na,2,\na,3,\na,4,\na,5,\na,6,\na,7,\nb,1,unsteady\nb,2,"
     "preemptions\n"
     "b,3,unsteady\n",
     QN_FACT_SPOILS,
     {"3 of 10 blocks are marked: preemptions 1, unsteady 2."},
     "Spoiled"},
    {"an older folder",
     "{\"run\":{}}",
     "cell_id,process,preemptions\na,1,5\n",
     QN_FACT_UNKNOWN,
     {"unknown.", "Its blocks carry no marks", "The folder has no facts about its machine."},
     "Spoiled"},
    {"facts without marks",
     FACTS(NOTE),
     NULL,
     QN_FACT_NOTE,
     {"with care.", "Its blocks carry no marks"},
     "no facts"},
    {"marks without facts",
     NULL,
     "cell_id,process,mark\na,1,drift\n",
     QN_FACT_SPOILS,
     {"1 of 1 block is marked", "The folder has no facts"},
     "Spoiled"},
    {"nothing", NULL, NULL, QN_FACT_UNKNOWN, {"unknown."}, "Spoiled"},
    {"rubbish",
     "{\"facts\":[7,{\"name\":3},{\"verdict\":\"note\"}]",
     "mark\n\"open\n",
     QN_FACT_UNKNOWN,
     {"unknown."},
     "Spoiled"},
    {"facts that are none",
     "{\"facts\":[7,{\"name\":3},{\"verdict\":\"odd\"}]}",
     NULL,
     QN_FACT_GOOD,
     {"they can be trusted."},
     "Spoiled"},
    {"threads beyond the cores, of one of two workloads",
     "{\"facts\":[" GOOD "],\"workloads\":[{\"place\":{\"pus\":[0,1],\"cores\":2}},"
     "{\"place\":{\"pus\":[0,1,0,1],\"cores\":2}}]}",
     "cell_id,process,mark\n" TEN,
     QN_FACT_GOOD,
     {"they can be trusted.", "Crowded: 4 threads on 2 cores take turns"},
     "2 threads"},
    {"threads and no word of cores, as earlier runs left it",
     "{\"facts\":[" GOOD "],\"workloads\":[{\"place\":{\"pus\":[0,1,0,1]}}]}",
     "cell_id,process,mark\n" TEN,
     QN_FACT_GOOD,
     {"they can be trusted."},
     "Crowded"},
    {"threads beyond the cores of workloads that take turns",
     "{\"workloads\":[" THREE_ON_TWO "," FOUR_ON_TWO "," THREE_ON_TWO "," FOUR_ON_TWO "]}",
     NULL,
     QN_FACT_UNKNOWN,
     {"Crowded: 3 threads on 2 cores", "(--threads 2 fits here). Crowded: 4 threads on 2 cores"},
     "of 4 cores (--threads 2 fits here). Crowded"},
    {"imported: nobody looked",
     "{\"imported\":[{\"path\":\"a\"}]}",
     NULL,
     QN_FACT_UNKNOWN,
     {"trusted: unknown. They were imported"},
     "blocks"},
};

static void lay_out(size_t i, struct tree *tree)
{
    tree_init(tree);
    if (cases[i].manifest)
        tree_put(tree, "/manifest.json", cases[i].manifest);
    if (cases[i].blocks)
        tree_put(tree, "/blocks.csv", cases[i].blocks);
}

static void test_lines(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(cases); i++) {
        struct qn_trust j;
        struct tree tree;

        lay_out(i, &tree);
        assert_int_equal(qn_trust_make(tree.root, &j), QN_OK);
        tree_fini(&tree);
        print_message("%s: %s\n", cases[i].what, j.line);
        assert_int_equal(j.verdict, cases[i].verdict);
        assert_null(strchr(j.line, '\n'));
        for (size_t s = 0; s < QN_ARRAY_LEN(cases[i].says) && cases[i].says[s]; s++)
            assert_non_null(strstr(j.line, cases[i].says[s]));
        assert_null(strstr(j.line, cases[i].says_not));
        free(j.line);
    }
}

static char *put(size_t i)
{
    char *text = NULL;
    struct tree tree;
    size_t bytes;
    FILE *f = open_memstream(&text, &bytes);
    struct qn_html page;

    assert_non_null(f);
    assert_int_equal(qn_html_init(&page, f), QN_OK);
    lay_out(i, &tree);
    qn_trust_put(tree.root, &page);
    qn_trust_put_facts(tree.root, &page);
    tree_fini(&tree);
    qn_html_fini(&page);
    assert_int_equal(fclose(f), 0);
    return text;
}

static void test_page(void **unused)
{
    char *with = put(3), *without = put(8);

    (void)unused;
    assert_non_null(strstr(with, "<strong>How far"));
    assert_non_null(strstr(with, "50 % &lt;busy&gt;"));
    assert_non_null(strstr(with, "<td>a &amp; b</td>"));
    assert_true(strstr(with, "<th>other-load</th>") < strstr(with, "<th>smt</th>"));
    assert_null(strstr(with, "<busy>"));
    assert_non_null(strstr(without, "<strong>How far"));
    assert_null(strstr(without, "<details>"));
    free(with);
    free(without);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines),
        cmocka_unit_test(test_page),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
