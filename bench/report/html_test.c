/* Text is escaped, and stays in the order of writing. */
#include <stdlib.h>

#include "bench/report/html.h"
#include "tests/cmocka_all.h"

static char *text;
static size_t bytes;
static FILE *page;
static struct qn_html html;

static void begin(void)
{
    page = open_memstream(&text, &bytes);
    assert_non_null(page);
    assert_int_equal(qn_html_init(&html, page), QN_OK);
}

static void assert_page(const char *expected)
{
    qn_html_fini(&html);
    assert_int_equal(fclose(page), 0);
    assert_string_equal(text, expected);
    free(text);
}

static void test_texts_are_escaped_and_in_order(void **unused)
{
    (void)unused;
    begin();
    qn_html_open(&html, "p.dim");
    fprintf(html.text, "a < %d & ", 2);
    qn_html_put(&html, "code", "%s", "\"b\" > c");
    fputs(".", html.text);
    qn_html_close(&html, "p.dim");
    assert_page("<p class=\"dim\">a &lt; 2 &amp; <code>&quot;b&quot; &gt; c</code>.</p>\n");
}

static void test_attributes_are_escaped(void **unused)
{
    (void)unused;
    begin();
    qn_html_heading(&html, 3, "my \"work\"", "<a>", "A & B");
    qn_html_link(&html, NULL, "<a>", "there");
    assert_page("<h3 id=\"my &quot;work&quot;-&lt;a&gt;\">A &amp; B</h3>\n"
                "<a href=\"#&lt;a&gt;\">there</a>");
}

static void test_a_paragraph_without_text_is_none(void **unused)
{
    (void)unused;
    begin();
    qn_html_open_paragraph(&html);
    fprintf(html.text, "%s", "");
    qn_html_close_paragraph(&html);
    qn_html_paragraph(&html, "");
    qn_html_open_paragraph(&html);
    fputs("one ", html.text);
    fputs("two", html.text);
    qn_html_close_paragraph(&html);
    qn_html_put(&html, "p", "%s", "");
    assert_page("<p>one two</p>\n<p></p>\n");
}

static void test_tables(void **unused)
{
    const struct qn_estimate e = {.value = 2000, .lo = 1900, .hi = 2100, .has_interval = true};

    (void)unused;
    begin();
    qn_html_open_table(&html);
    qn_html_row(&html, "th", "a", "b<", NULL);
    qn_html_open(&html, "tr");
    qn_html_estimate(&html, &e, 1000);
    qn_html_estimate(&html, NULL, 1000);
    qn_html_close(&html, "tr");
    qn_html_close_table(&html);
    assert_page(
        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"table\"><table>\n"
        "<tr><th>a</th><th>b&lt;</th></tr>\n"
        "<tr><td class=\"n\">2.00 [1.90, 2.10]</td><td></td></tr>\n</table></div>\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_texts_are_escaped_and_in_order),
        cmocka_unit_test(test_attributes_are_escaped),
        cmocka_unit_test(test_a_paragraph_without_text_is_none),
        cmocka_unit_test(test_tables),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
