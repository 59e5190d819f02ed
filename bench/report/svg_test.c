/* An SVG in a page: smaller, the same to see, and nothing in it ends the attribute that it stands in. */
#include <stdlib.h>

#include "bench/report/svg.h"
#include "tests/cmocka_all.h"

static void assert_url(char *svg, const char *expected)
{
    FILE *in = fmemopen(svg, strlen(svg), "re");
    char *text = NULL;
    size_t bytes = 0;
    FILE *out = open_memstream(&text, &bytes);

    assert_non_null(in);
    assert_non_null(out);
    assert_int_equal(qn_svg_write_url(in, out), QN_OK);
    fclose(in);
    assert_int_equal(fclose(out), 0);
    assert_string_equal(text, expected);
    free(text);
}

#define GROUP(colour, width) \
    "<g fill=\"none\" color=\"" colour "\" stroke=\"currentColor\" stroke-width=\"" width \
    "\" stroke-linecap=\"butt\" stroke-linejoin=\"miter\">\n"

static void test_what_all_groups_have_is_given_once(void **unused)
{
    char svg[] =
        "<?xml version=\"1.0\"?>\n<svg \n viewBox=\"0 0 1100 620\"\n>\n\n<title>Gnuplot</title>\n"
        "<g id=\"gnuplot_canvas\">\n" GROUP("gray", "1.00") "</g>\n" GROUP(
            "black",
            "2.00") "\t<path stroke='rgb( 86, 180, 233)' d='M90.75,234.58 L102.00,8.178  '/>\t<g stroke=\"none\" "
                    "font-family=\"DejaVu Sans\" font-size=\"15.00\" >\n\t\t<text> a  b</text>\n\t</g>\n</g>\n"
                    "<g id=\"gnuplot_plot_1\" ><title>plot 1</title>\n</g>\n</g>\n</svg>\n";

    (void)unused;
    assert_url(svg,
               "data:image/svg+xml;charset=utf-8,<svg viewBox='0 0 1100 620'>"
               "<style>g[color]{stroke:currentColor}</style><g id='gnuplot_canvas' fill='none' "
               "font-family='DejaVu Sans'><g color='black' stroke-width='2'>"
               "<path stroke='rgb(86,180,233)' d='M90.7,234.5 L102,8.178 '/> "
               "<g stroke='none' font-size='15'><text> a  b</text></g></g></g></svg>");
}

static void test_text_stays_text(void **unused)
{
    char svg[] = "<svg><text>5 % of \"#1\" &lt; µs</text></svg>";

    (void)unused;
    assert_url(
        svg,
        "data:image/svg+xml;charset=utf-8,<svg><text>5 %25 of %22%231%22 &amp;lt; µs</text></svg>");
}

static void test_what_is_no_svg_is_written_all_the_same(void **unused)
{
    char cut[] = "<svg><g fill=\"none\" color=", empty[] = " ";

    (void)unused;
    assert_url(cut, "data:image/svg+xml;charset=utf-8,<svg>");
    assert_url(empty, "data:image/svg+xml;charset=utf-8, ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_all_groups_have_is_given_once),
        cmocka_unit_test(test_text_stays_text),
        cmocka_unit_test(test_what_is_no_svg_is_written_all_the_same),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
