#include "bench/page_parts.h"

#include "bench/pictures.h"
#include "bench/results.h"
#include "bench/sentences.h"

#define PATH_BYTES 4096
#define NUMBER_BYTES 32

void qn_page_escape(FILE *f, const char *text)
{
    for (; *text; text++) {
        switch (*text) {
        case '<':
            fputs("&lt;", f);
            break;
        case '>':
            fputs("&gt;", f);
            break;
        case '&':
            fputs("&amp;", f);
            break;
        case '"':
            fputs("&quot;", f);
            break;
        default:
            putc(*text, f);
        }
    }
}

void qn_page_paragraph(FILE *f, const char *text)
{
    if (!*text)
        return;
    fputs("<p>", f);
    qn_page_escape(f, text);
    fputs("</p>\n", f);
}

void qn_page_heading(FILE *f, int level, const char *slug, const char *name, const char *title)
{
    fprintf(f, "<h%d id=\"%s%s%s\">", level, slug ? slug : "", slug ? "-" : "", name);
    qn_page_escape(f, title);
    fprintf(f, "</h%d>\n", level);
}

static void put_base64(FILE *in, FILE *out)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    unsigned char b[3];
    size_t n;

    while ((n = fread(b, 1, sizeof(b), in)) > 0) {
        unsigned word =
            (unsigned)b[0] << 16 | (n > 1 ? (unsigned)b[1] << 8 : 0) | (n > 2 ? b[2] : 0);

        putc(digits[word >> 18 & 63], out);
        putc(digits[word >> 12 & 63], out);
        putc(n > 1 ? digits[word >> 6 & 63] : '=', out);
        putc(n > 2 ? digits[word & 63] : '=', out);
    }
}

bool qn_page_picture(const struct qn_tables *t, const struct qn_scene *g, const char *name,
                     const char *title, const char *subtitle, FILE *f)
{
    char path[PATH_BYTES], file[PATH_BYTES + 8];
    FILE *svg;

    qn_picture_path(g, name, path, sizeof(path));
    snprintf(file, sizeof(file), "%s.svg", path);
    svg = qn_results_open(t->dir, file, "re");
    if (!svg)
        return false;
    fputs("<figure><img alt=\"", f);
    qn_page_escape(f, title);
    fputs(": ", f);
    qn_page_escape(f, subtitle);
    fputs("\" src=\"data:image/svg+xml;base64,", f);
    put_base64(svg, f);
    fputs("\"></figure>\n", f);
    fclose(svg);
    return true;
}

void qn_page_estimate(FILE *f, const struct qn_estimate *e, double unit)
{
    char value[NUMBER_BYTES], lo[NUMBER_BYTES], hi[NUMBER_BYTES];

    if (!e) {
        fputs("<td></td>", f);
        return;
    }
    qn_say_number(e->value / unit, value, sizeof(value));
    qn_say_number(e->lo / unit, lo, sizeof(lo));
    qn_say_number(e->hi / unit, hi, sizeof(hi));
    if (e->has_interval)
        fprintf(f, "<td class=\"n\">%s [%s, %s]</td>", value, lo, hi);
    else
        fprintf(f, "<td class=\"n\">%s</td>", value);
}
