#include "bench/report/html.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include "bench/base/cause.h"
#include "bench/base/complain.h"
#include "bench/base/path.h"
#include "bench/base/replace.h"
#include "bench/folder/writer.h"
#include "bench/report/svg.h"
#include "bench/stats/numbers.h"
#include "page_script.h"

#define NUMBER_BYTES 96

static const char style[] =
    ":root{color-scheme:light dark;--bg:#fff;--fg:#1a1a1a;--dim:#595959;--line:#d4d4d4;--card:#fff;"
    "--accent:#0b5394;--shade:rgba(0,0,0,.38)}"
    "@media(prefers-color-scheme:dark){:root{--bg:#16181c;--fg:#e8e8e8;--dim:#a8a8a8;--line:#"
    "3a3d44;"
    "--accent:#8ab4f8;--shade:rgba(255,255,255,.42)}}"
    "body{background:var(--bg);color:var(--fg);font:16px/1.55 system-ui,'DejaVu Sans',sans-serif;"
    "max-width:1120px;margin:0 auto;padding:.8rem 1.2rem;overflow-wrap:anywhere}"
    "h1{font-size:1.6rem;margin:0}h1+p{margin:.1rem 0 .5rem}h2{margin-top:2.6rem;border-bottom:1px solid var(--line)}"
    "h3{margin:2rem 0 .4rem}p{max-width:75ch}.dim{color:var(--dim)}"
    ".judgement,.advice p{max-width:none;margin:.4rem 0}.advice{font-size:.92rem;line-height:1.42}"
    ".finding{border-left:4px solid var(--accent);padding:.1rem 0 .1rem 1rem;margin:1rem 0}"
    "figure{margin:.6rem 0;background:#fff;border:1px solid "
    "var(--line);border-radius:6px;padding:6px;"
    "overflow-x:auto}figure img{width:100%;min-width:680px;height:auto;display:block}"
    /* the outer layers are shadows and stay in place; the inner ones scroll, and hide them at the
     * ends */
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
    "th button{all:unset;cursor:pointer;text-decoration:underline "
    "dotted;text-underline-offset:.2em}"
    "th button:focus-visible{outline:2px solid var(--accent);outline-offset:2px}"
    "th[aria-sort=ascending] button::after{content:' \\25b2'}"
    "th[aria-sort=descending] button::after{content:' \\25bc'}"
    ".filter input{font:inherit;background:var(--bg);color:var(--fg);border:1px solid "
    "var(--dim);border-radius:4px;padding:.1rem .4rem}abbr{text-decoration:none}"
    "@media print{.filter{display:none}th button{text-decoration:none}body{max-width:none}"
    ".scroll,figure{overflow:visible}.scroll table{min-width:0;font-size:.7rem}"
    "figure img{min-width:0}figure,tr{break-inside:avoid}h2,h3{break-after:avoid}}"
    "pre{overflow-x:auto;border:1px solid "
    "var(--line);border-radius:6px;padding:.6rem;font-size:.85rem;"
    "overflow-wrap:normal}code{font-size:.9em;overflow-wrap:anywhere}a{color:var(--accent)}";

/* The stream of text. */

static ssize_t escape(void *html, const char *text, size_t n)
{
    struct qn_html *h = html;
    FILE *page = h->page;

    if (n > 0 && h->is_empty) {
        h->is_empty = false;
        qn_html_open(h, "p");
    }
    for (size_t i = 0; i < n; i++) {
        switch (text[i]) {
        case '<':
            fputs("&lt;", page);
            break;
        case '>':
            fputs("&gt;", page);
            break;
        case '&':
            fputs("&amp;", page);
            break;
        case '"':
            fputs("&quot;", page);
            break;
        default:
            putc(text[i], page);
        }
    }
    return (ssize_t)n; /* the page's stream remembers the error */
}

int qn_html_init(struct qn_html *h, FILE *page)
{
    *h = (struct qn_html){.page = page,
                          .text = fopencookie(h, "w", (cookie_io_functions_t){.write = escape})};
    if (!h->text)
        return QN_ENOMEM;
    setvbuf(h->text, NULL, _IONBF, 0); /* keeps texts and elements in the order of writing */
    return QN_OK;
}

void qn_html_fini(struct qn_html *h)
{
    fclose(h->text);
}

int qn_html_begin(struct qn_html *h, const char *dir, const char *title, const char *heading,
                  const char *lead)
{
    FILE *page = qn_results_open(dir, "index.html", "we");

    if (!page) {
        qn_complain("%s/index.html: %s", dir, strerror(errno));
        return QN_EIO;
    }
    if (qn_html_init(h, page) != QN_OK) {
        fclose(page);
        return QN_ENOMEM;
    }
    fputs("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
          "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">",
          page);
    qn_html_put(h, "title", "%s", title);
    fprintf(page, "<style>%s</style></head><body>\n", style);
    qn_html_put(h, "h1", "%s", heading);
    qn_html_put(h, "p.dim", "%s", lead);
    return QN_OK;
}

int qn_html_end(struct qn_html *h, const char *dir)
{
    qn_html_fini(h);
    fprintf(h->page, "<script>%s</script></body></html>\n", page_script);
    if (qn_close_whole(h->page) == QN_OK)
        return QN_OK;
    qn_complain("%s/index.html: %s", dir, qn_cause(errno));
    return QN_EIO;
}

/* Elements. */

/* Without line breaks they would share one line of the file. */
static bool ends_line(const char *tag, size_t n)
{
    static const char *const tags[] = {"p",       "li",    "ul",      "tr",    "h1",
                                       "h2",      "h3",    "div",     "nav",   "pre",
                                       "section", "table", "details", "figure"};

    for (size_t i = 0; i < QN_ARRAY_LEN(tags); i++)
        if (strlen(tags[i]) == n && memcmp(tags[i], tag, n) == 0)
            return true;
    return false;
}

void qn_html_open(struct qn_html *h, const char *element)
{
    size_t n = strcspn(element, ".");

    fprintf(h->page, "<%.*s", (int)n, element);
    if (element[n])
        fprintf(h->page, " class=\"%s\"", element + n + 1);
    putc('>', h->page);
}

void qn_html_close(struct qn_html *h, const char *element)
{
    size_t n = strcspn(element, ".");

    fprintf(h->page, "</%.*s>%s", (int)n, element, ends_line(element, n) ? "\n" : "");
}

void qn_html_put(struct qn_html *h, const char *element, const char *format, ...)
{
    va_list ap;

    qn_html_open(h, element);
    va_start(ap, format);
    vfprintf(h->text, format, ap);
    va_end(ap);
    qn_html_close(h, element);
}

void qn_html_open_paragraph(struct qn_html *h)
{
    h->is_empty = true;
}

void qn_html_close_paragraph(struct qn_html *h)
{
    if (!h->is_empty)
        qn_html_close(h, "p");
    h->is_empty = false;
}

void qn_html_paragraph(struct qn_html *h, const char *text)
{
    qn_html_open_paragraph(h);
    fputs(text, h->text);
    qn_html_close_paragraph(h);
}

void qn_html_break(struct qn_html *h)
{
    fputs("<br>", h->page);
}

/* name or slug-name. */
static void put_id(struct qn_html *h, const char *slug, const char *name)
{
    fprintf(h->text, "%s%s%s", slug ? slug : "", slug ? "-" : "", name);
}

void qn_html_heading(struct qn_html *h, int level, const char *slug, const char *name,
                     const char *title)
{
    fprintf(h->page, "<h%d id=\"", level);
    put_id(h, slug, name);
    fputs("\">", h->page);
    fputs(title, h->text);
    fprintf(h->page, "</h%d>\n", level);
}

void qn_html_link(struct qn_html *h, const char *slug, const char *name, const char *text)
{
    fputs("<a href=\"#", h->page);
    put_id(h, slug, name);
    fputs("\">", h->page);
    fputs(text, h->text);
    fputs("</a>", h->page);
}

void qn_html_open_nav(struct qn_html *h, const char *label)
{
    fprintf(h->page, "<nav aria-label=\"%s\">", label);
}

void qn_html_open_details(struct qn_html *h, const char *summary)
{
    qn_html_open(h, "details");
    qn_html_put(h, "summary", "%s", summary);
}

void qn_html_open_details_at(struct qn_html *h, const char *slug, const char *name,
                             const char *summary)
{
    fputs("<details id=\"", h->page);
    put_id(h, slug, name);
    fputs("\">", h->page);
    qn_html_put(h, "summary", "%s", summary);
}

/* Tables. */

void qn_html_open_table(struct qn_html *h)
{
    fputs("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"table\"><table>\n",
          h->page);
}

void qn_html_close_table(struct qn_html *h)
{
    fputs("</table></div>\n", h->page);
}

static void put_cells(struct qn_html *h, const char *element, va_list ap)
{
    const char *text;

    while ((text = va_arg(ap, const char *)))
        qn_html_put(h, element, "%s", text);
}

void qn_html_cells(struct qn_html *h, const char *element, ...)
{
    va_list ap;

    va_start(ap, element);
    put_cells(h, element, ap);
    va_end(ap);
}

void qn_html_row(struct qn_html *h, const char *element, ...)
{
    va_list ap;

    qn_html_open(h, "tr");
    va_start(ap, element);
    put_cells(h, element, ap);
    va_end(ap);
    qn_html_close(h, "tr");
}

void qn_html_estimate(struct qn_html *h, const struct qn_estimate *e, double unit)
{
    char text[NUMBER_BYTES];

    if (!e) {
        qn_html_put(h, "td", "%s", "");
        return;
    }
    qn_say_interval(e, unit, text, sizeof(text));
    qn_html_put(h, "td.n", "%s", text);
}

void qn_html_abbreviation(struct qn_html *h, const char *text, const char *meaning)
{
    fputs("<abbr title=\"", h->page);
    fputs(meaning, h->text);
    fputs("\">", h->page);
    fputs(text, h->text);
    fputs("</abbr>", h->page);
}

/* Pictures. */

bool qn_html_figure(struct qn_html *h, const char *dir, const char *path, const char *title,
                    const char *subtitle)
{
    char file[QN_PATH_BYTES + 8];
    FILE *svg;
    int rc;

    snprintf(file, sizeof(file), "%s.svg", path);
    svg = qn_results_open(dir, file, "re");
    if (!svg)
        return false;
    fputs("<figure><img alt=\"", h->page);
    fprintf(h->text, "%s: %s", title, subtitle);
    fputs("\" src=\"", h->page);
    rc = qn_svg_write_url(svg, h->page);
    fputs("\"></figure>\n", h->page);
    fclose(svg);
    return rc == QN_OK;
}
