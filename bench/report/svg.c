#include "bench/report/svg.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Attributes of gnuplot's groups that are the standard, or given once for all (GIVEN); the first is one of other elements, too. */
#define FONT " font-family=\"DejaVu Sans\""
static const char *const needless[] = {
    FONT,
    " fill=\"none\"",
    " stroke=\"currentColor\"",
    " stroke-width=\"1.00\"",
    " stroke-linecap=\"butt\"",
    " stroke-linejoin=\"miter\"",
};
#define CANVAS "<g id=\"gnuplot_canvas\">"
#define GIVEN \
    "<style>g[color]{stroke:currentColor}</style><g id=\"gnuplot_canvas\" fill=\"none\"" FONT ">"

/* Names for programs that edit SVG. */
#define NAMED "<g id=\"gnuplot_plot_"

/* Elements that nothing shows: filters are for labels in boxes, which no plot has. */
static const char *const unseen[][2] = {
    {"<title>", "</title>"}, {"<desc>", "</desc>"}, {"<filter ", "</filter>"}};

/* The whole file with a NUL; NULL: see *rc. */
static char *read_all(FILE *f, int *rc)
{
    size_t n = 0, cap = 1 << 16;
    char *text = malloc(cap), *grown;

    *rc = text ? QN_OK : QN_ENOMEM;
    while (*rc == QN_OK) {
        n += fread(text + n, 1, cap - n - 1, f);
        if (n < cap - 1)
            break;
        grown = realloc(text, cap *= 2);
        if (!grown)
            *rc = QN_ENOMEM;
        else
            text = grown;
    }
    if (*rc == QN_OK && ferror(f))
        *rc = QN_EIO;
    if (*rc == QN_OK) {
        text[n] = '\0';
        return text;
    }
    free(text);
    return NULL;
}

/* Whether a tag of n bytes opens or closes this element. */
static bool is_tag(const char *tag, const char *name)
{
    size_t n = strlen(name);

    return strncmp(tag, name, n) == 0 && (tag[n] == ' ' || tag[n] == '>');
}

static bool is_digit(char c)
{
    return isdigit((unsigned char)c);
}

static bool is_space(char c)
{
    return isspace((unsigned char)c);
}

/* How much of a tag can be left out at `from`, which isn't its first byte. */
static size_t needless_at(const char *from, size_t n_needless)
{
    for (size_t i = 0; *from == ' ' && i < n_needless; i++)
        if (strncmp(from, needless[i], strlen(needless[i])) == 0)
            return strlen(needless[i]);
    if (from[0] == '.' && is_digit(from[1]) && is_digit(from[2]) && !is_digit(from[3]))
        return 3;
    /* one blank is enough, and none in "rgb( 86, 180, 233)" and at the end */
    return is_space(from[0]) && (is_space(from[1]) || from[1] == '>' || from[-1] == '(' ||
                                 (from[-1] == ',' && is_digit(from[1])));
}

/* Copies a tag, up to its '>', without what is needless; of two decimals the second is a hundredth of a pixel. Returns
 * the copy's end. */
static char *copy_tag(const char *from, const char *end, char *to)
{
    bool is_group = strncmp(from, "<g fill=\"none\" color=", 21) == 0;

    if (strncmp(from, CANVAS, strlen(CANVAS)) == 0)
        return stpcpy(to, GIVEN);
    if (strncmp(from, NAMED, strlen(NAMED)) == 0)
        return stpcpy(to, "<g>");
    *to++ = *from++;
    while (from < end) {
        size_t skip = needless_at(from, is_group ? QN_ARRAY_LEN(needless) : 1);

        if (skip == 3 && *from == '.' && from[1] != '0') {
            *to++ = from[0];
            *to++ = from[1];
        } else if (skip == 0) {
            *to++ = is_space(*from) ? ' ' : *from;
        }
        from += skip ? skip : 1;
    }
    return to;
}

/* Removes the element that ends here if it is an empty group. Returns the text's end. */
static char *drop_empty(char *text, char *end)
{
    char *open = end;

    if (end == text || end[-1] != '>')
        return NULL;
    while (open > text && *--open != '<')
        continue;
    return is_tag(open, "<g") ? open : NULL;
}

/* The end of an element that begins here and that nothing shows; NULL: it is another. */
static const char *end_of_unseen(const char *from)
{
    for (size_t i = 0; i < QN_ARRAY_LEN(unseen); i++) {
        const char *end = strncmp(from, unseen[i][0], strlen(unseen[i][0])) == 0
                              ? strstr(from, unseen[i][1])
                              : NULL;

        if (end)
            return end + strlen(unseen[i][1]);
    }
    return NULL;
}

/* Writes the text small: no step makes it longer but GIVEN, for which there must be room. */
static void squeeze(const char *from, char *to)
{
    char *start = to, *shorter;

    while (*from) {
        const char *seen = end_of_unseen(from);

        if (seen) {
            from = seen;
            continue;
        }
        const char *end = *from == '<' ? strchr(from, '>') : from + strcspn(from, "<");

        if (!end)
            break;
        if (*from != '<') {
            bool is_between = strspn(from, " \t\r\n") >= (size_t)(end - from) &&
                              memchr(from, '\n', (size_t)(end - from));

            for (; from < end && !is_between; from++)
                *to++ = *from == '\n' || *from == '\t' ? ' ' : *from;
            from = end;
            continue;
        }
        end++;
        shorter = is_tag(from, "</g") ? drop_empty(start, to) : NULL;
        if (shorter)
            to = shorter;
        else if (from[1] != '?') /* the XML declaration; a URL says what it is */
            to = copy_tag(from, end, to);
        from = end;
    }
    *to = '\0';
}

/* In a URL and in HTML; tags' quotes become single ones. */
static void put_url(const char *text, FILE *out)
{
    bool is_in_tag = false;

    for (; *text; text++) {
        is_in_tag = *text == '<' || (is_in_tag && *text != '>');
        switch (*text) {
        case '%':
            fputs("%25", out);
            break;
        case '#':
            fputs("%23", out);
            break;
        case '&':
            fputs("&amp;", out);
            break;
        case '"':
            fputs(is_in_tag ? "'" : "%22", out);
            break;
        default:
            putc(*text, out);
        }
    }
}

int qn_svg_write_url(FILE *svg, FILE *out)
{
    int rc;
    char *text = read_all(svg, &rc), *small = text ? malloc(strlen(text) + sizeof(GIVEN)) : NULL;

    if (small) {
        squeeze(text, small);
        fputs("data:image/svg+xml;charset=utf-8,", out);
        put_url(small, out);
    }
    if (text && !small)
        rc = QN_ENOMEM;
    free(small);
    free(text);
    return rc;
}
