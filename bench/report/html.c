#include "bench/report/page/parts.h"

#include <errno.h>
#include <string.h>

#include "bench/base/cause.h"
#include "bench/base/complain.h"
#include "bench/base/replace.h"
#include "bench/folder/writer.h"
#include "bench/report/picture/list.h"
#include "bench/stats/numbers.h"

#define PATH_BYTES 4096
#define NUMBER_BYTES 32

static const char style[] =
    ":root{color-scheme:light dark;--bg:#fff;--fg:#1a1a1a;--dim:#595959;--line:#d4d4d4;--card:#fff;"
    "--accent:#0b5394;--shade:rgba(0,0,0,.38)}"
    "@media(prefers-color-scheme:dark){:root{--bg:#16181c;--fg:#e8e8e8;--dim:#a8a8a8;--line:#"
    "3a3d44;"
    "--accent:#8ab4f8;--shade:rgba(255,255,255,.42)}}"
    "body{background:var(--bg);color:var(--fg);font:16px/1.55 system-ui,'DejaVu Sans',sans-serif;"
    "max-width:1120px;margin:0 auto;padding:1.2rem;overflow-wrap:anywhere}"
    "h1{font-size:1.7rem;margin:.2rem 0}h2{margin-top:2.6rem;border-bottom:1px solid var(--line)}"
    "h3{margin:2rem 0 .4rem}p{max-width:75ch}.dim{color:var(--dim)}"
    ".finding{border-left:4px solid var(--accent);padding:.1rem 0 .1rem 1rem;margin:1rem 0}"
    "figure{margin:.6rem 0;background:#fff;border:1px solid "
    "var(--line);border-radius:6px;padding:6px;"
    "overflow-x:auto}figure img{width:100%;min-width:680px;height:auto;display:block}"
    /* the outer layers stay where they are and are shadows; those inside scroll, and hide them at
       the ends */
    ".scroll{overflow-x:auto;background:"
    "linear-gradient(to right,var(--bg) 40%,transparent) 0 0/3rem 100% local no-repeat,"
    "linear-gradient(to left,var(--bg) 40%,transparent) 100% 0/3rem 100% local no-repeat,"
    "linear-gradient(to right,var(--shade),transparent) 0 0/1.1rem 100% scroll no-repeat,"
    "linear-gradient(to left,var(--shade),transparent) 100% 0/1.1rem 100% scroll no-repeat}"
    ".scroll table{min-width:36rem}"
    ".scroll td:first-child,.scroll th:first-child{position:sticky;left:0;background:var(--bg);"
    "min-width:6rem;max-width:13rem;overflow-wrap:break-word}"
    "@media(max-width:46rem){.scroll::before,figure::before{content:'scrolls sideways \\2192';"
    "position:sticky;left:0;display:block;width:max-content;font-size:.8rem;color:var(--dim)}"
    "figure::before{color:#595959}}"
    "table{border-collapse:collapse;font-size:.92rem}"
    "th,td{text-align:left;overflow-wrap:normal;padding:.25rem .8rem .25rem 0;border-bottom:1px "
    "solid var(--line);"
    "vertical-align:top}td.n,th.n{text-align:right}td.n{font-variant-numeric:tabular-nums;white-"
    "space:nowrap}"
    "pre{overflow-x:auto;border:1px solid "
    "var(--line);border-radius:6px;padding:.6rem;font-size:.85rem;"
    "overflow-wrap:normal}code{font-size:.9em;overflow-wrap:anywhere}a{color:var(--accent)}";

void qn_page_begin(FILE *f, const char *title, const char *heading, const char *lead)
{
    fprintf(f,
            "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
            "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
            "<title>%s</title><style>%s</style></head><body>\n"
            "<h1>%s</h1>\n<p class=\"dim\">%s</p>\n",
            title, style, heading, lead);
}

int qn_page_end(const char *dir, FILE *f)
{
    fputs("</body></html>\n", f);
    if (qn_close_whole(f) == QN_OK)
        return QN_OK;
    qn_complain("%s/index.html: %s", dir, qn_cause(errno));
    return QN_EIO;
}

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

bool qn_page_figure(const char *dir, const char *path, const char *title, const char *subtitle,
                    FILE *f)
{
    char file[PATH_BYTES + 8];
    FILE *svg;

    snprintf(file, sizeof(file), "%s.svg", path);
    svg = qn_results_open(dir, file, "re");
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

bool qn_page_picture(const struct qn_tables *t, const struct qn_scene *g, const char *name,
                     const char *title, const char *subtitle, FILE *f)
{
    char path[PATH_BYTES];

    qn_picture_path(g, name, path, sizeof(path));
    return qn_page_figure(t->dir, path, title, subtitle, f);
}

void qn_page_estimate(FILE *f, const struct qn_estimate *e, double unit)
{
    char text[3 * NUMBER_BYTES];

    if (!e) {
        fputs("<td></td>", f);
        return;
    }
    qn_say_interval(e, unit, text, sizeof(text));
    fprintf(f, "<td class=\"n\">%s</td>", text);
}
