#include "bench/page.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/complain.h"
#include "bench/judgement.h"
#include "bench/pictures.h"
#include "bench/results.h"
#include "bench/sentences.h"
#include "strategies/strategy.h"

#define PATH_BYTES 4096
#define SENTENCE_BYTES 4096

static const char style[] =
    ":root{color-scheme:light dark;--bg:#fff;--fg:#1a1a1a;--dim:#595959;--line:#d4d4d4;--card:#fff;"
    "--accent:#0b5394}"
    "@media(prefers-color-scheme:dark){:root{--bg:#16181c;--fg:#e8e8e8;--dim:#a8a8a8;--line:#3a3d44;"
    "--accent:#8ab4f8}}"
    "body{background:var(--bg);color:var(--fg);font:16px/1.55 system-ui,'DejaVu Sans',sans-serif;"
    "max-width:1120px;margin:0 auto;padding:1.2rem}"
    "h1{font-size:1.7rem;margin:.2rem 0}h2{margin-top:2.6rem;border-bottom:1px solid var(--line)}"
    "h3{margin:2rem 0 .4rem}p{max-width:75ch}.dim{color:var(--dim)}"
    ".finding{border-left:4px solid var(--accent);padding:.1rem 0 .1rem 1rem;margin:1rem 0}"
    "figure{margin:.6rem 0;background:#fff;border:1px solid var(--line);border-radius:6px;padding:6px}"
    "figure img{width:100%;height:auto;display:block}"
    ".scroll{overflow-x:auto}table{border-collapse:collapse;font-size:.92rem}"
    "th,td{text-align:left;padding:.25rem .8rem .25rem 0;border-bottom:1px solid var(--line);"
    "vertical-align:top}td.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}"
    "code{font-size:.9em;overflow-wrap:anywhere}a{color:var(--accent)}";

static const char *const glossary[][2] = {
    {"error_at", "the first worker failure happens"},
    {"error_seen", "the caller holds the first error it receives"},
    {"cancel_at", "the token is raised, or the channel for leaving is closed"},
    {"return_at", "the strategy's call returns"},
    {"stop_at", "the last worker stops computing"},
    {"settle_at", "the call's last resource is released: messages, results, working sets, channel, call"},
    {"wasted", "work done after error_at, in nominal time: counted quanta of 250 ns, so preemption does "
               "not inflate it"},
    {"discarded", "work of workers that had succeeded before error_at, when the call returned an error"},
    {"retained", "usable bytes that the call holds"},
    {"leaked", "a worker is blocked for ever or can never begin; booked from the state, not a time-out"},
    {"interval", "95 %: of medians by order statistics over processes, of means by Student's t over "
                 "processes, of ratios by Fieller"},
};

static void escape(FILE *f, const char *text)
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

static void paragraph(FILE *f, const char *text)
{
    if (!*text)
        return;
    fputs("<p>", f);
    escape(f, text);
    fputs("</p>\n", f);
}

/* Pictures, inside the page. */

static void put_base64(FILE *in, FILE *out)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    unsigned char b[3];
    size_t n;

    while ((n = fread(b, 1, sizeof(b), in)) > 0) {
        unsigned word = (unsigned)b[0] << 16 | (n > 1 ? (unsigned)b[1] << 8 : 0) | (n > 2 ? b[2] : 0);

        putc(digits[word >> 18 & 63], out);
        putc(digits[word >> 12 & 63], out);
        putc(n > 1 ? digits[word >> 6 & 63] : '=', out);
        putc(n > 2 ? digits[word & 63] : '=', out);
    }
}

static bool put_picture(const struct qn_tables *t, const struct qn_scene *g, const char *name,
                        const char *alt, FILE *f)
{
    char path[PATH_BYTES], file[PATH_BYTES + 8];
    FILE *svg;

    qn_picture_path(g, name, path, sizeof(path));
    snprintf(file, sizeof(file), "%s.svg", path);
    svg = qn_results_open(t->dir, file, "re");
    if (!svg)
        return false;
    fputs("<figure><img alt=\"", f);
    escape(f, alt);
    fputs("\" src=\"data:image/svg+xml;base64,", f);
    put_base64(svg, f);
    fputs("\"></figure>\n", f);
    fclose(svg);
    return true;
}

/* The run. */

static cJSON *read_manifest(const char *dir)
{
    FILE *f = qn_results_open(dir, "manifest.json", "re");
    char *text = NULL;
    size_t cap = 0;
    cJSON *root = NULL;

    if (!f)
        return NULL;
    if (getdelim(&text, &cap, '\0', f) > 0)
        root = cJSON_Parse(text);
    free(text);
    fclose(f);
    return root;
}

static void put_fact(FILE *f, const cJSON *root, const char *section, const char *key,
                     const char *label)
{
    const cJSON *item = cJSON_GetObjectItem(cJSON_GetObjectItem(root, section), key);

    if (!item || cJSON_IsNull(item))
        return;
    fprintf(f, "<tr><th>%s</th><td>", label);
    if (cJSON_IsString(item))
        escape(f, item->valuestring);
    else if (cJSON_IsNumber(item))
        fprintf(f, "%.10g", item->valuedouble);
    fputs("</td></tr>\n", f);
}

static void put_facts(const struct qn_tables *t, FILE *f)
{
    static const char *const facts[][3] = {
        {"run", "command", "command"},           {"run", "date", "date"},
        {"machine", "host", "host"},             {"machine", "cpu", "processor"},
        {"machine", "cores", "allowed cores"},   {"machine", "kernel", "kernel"},
        {"run", "seed", "seed"},                 {"run", "trials", "calls a process"},
        {"run", "processes", "processes a cell"}, {"clock", "source", "clock"},
        {"clock", "read_ns", "a clock read, ns"}, {"clock", "offset_ns", "clock offset between cores, ns"},
        {"recorder", "ns_a_worker", "writing one worker down, ns"},
        {"quantum", "measured_ns", "a quantum of 250 ns measured, ns"},
        {"build", "allocator", "jemalloc"},
    };
    cJSON *root = read_manifest(t->dir);
    size_t n_calls = 0;

    for (size_t i = 0; i < t->plan.n_cells; i++)
        n_calls += t->n_trials[i];
    fprintf(f, "<p>%zu cells, %zu processes, %zu calls. Everything below is of this one run on this "
               "machine.</p>\n<details><summary>The run</summary><div class=\"scroll\"><table>\n",
            t->plan.n_cells, t->plan.n_replicas, n_calls);
    for (size_t i = 0; root && i < QN_ARRAY_LEN(facts); i++)
        put_fact(f, root, facts[i][0], facts[i][1], facts[i][2]);
    fputs("</table></div><p>The rest is in manifest.json, topology.xml and blocks.csv.</p></details>\n",
          f);
    cJSON_Delete(root);
}

/* The finding: what closing and cancelling do to the waste. */

static size_t line_named(const struct qn_tables *t, const struct qn_scene *g, const char *strategy)
{
    size_t i = 0;

    while (i < g->n_lines && strcmp(t->plan.cells[g->lines[i]].strategy, strategy) != 0)
        i++;
    return i;
}

static void put_ratio_cell(const struct qn_ratio *r, FILE *f)
{
    char value[32], lo[32], hi[32];

    if (r->n_calls == 0) {
        fputs("<td></td>", f);
        return;
    }
    qn_say_number(r->ratio.value, value, sizeof(value));
    qn_say_number(r->ratio.lo, lo, sizeof(lo));
    qn_say_number(r->ratio.hi, hi, sizeof(hi));
    if (r->ratio.has_interval)
        fprintf(f, "<td class=\"n\">%s [%s, %s]</td>", value, lo, hi);
    else
        fprintf(f, "<td class=\"n\">%s</td>", value);
}

static const char *const compared[] = {"close", "cancel", "cancel-wait", "drain", "owner-close"};

static void put_ratios(const struct qn_tables *t, const struct qn_scene *g, size_t base, FILE *f)
{
    fputs("<div class=\"scroll\"><table><tr><th>failure rate</th><th>failed calls</th>", f);
    for (size_t i = 0; i < QN_ARRAY_LEN(compared); i++)
        if (line_named(t, g, compared[i]) < g->n_lines)
            fprintf(f, "<th>%s / buffered</th>", compared[i]);
    fputs("</tr>\n", f);
    for (size_t r = 0; r < g->n_rates; r++) {
        size_t cell = qn_tables_cell(t, g, base, r), n_failed = 0;

        if (g->rates[r] == 0 || cell == SIZE_MAX)
            continue;
        for (size_t i = 0; i < t->n_trials[cell]; i++)
            n_failed += t->trials[cell][i].v[QN_COL_FAILED] == 1;
        if (isnan(g->rates[r]))
            fputs("<tr><td>as the workload says</td>", f);
        else
            fprintf(f, "<tr><td>%g</td>", g->rates[r]);
        fprintf(f, "<td class=\"n\">%zu</td>", n_failed);
        for (size_t i = 0; i < QN_ARRAY_LEN(compared); i++) {
            size_t line = line_named(t, g, compared[i]);
            struct qn_ratio ratio;

            if (line == g->n_lines)
                continue;
            ratio = qn_ratio_of(t, qn_tables_cell(t, g, line, r), cell, QN_COL_WASTED);
            put_ratio_cell(&ratio, f);
        }
        fputs("</tr>\n", f);
    }
    fputs("</table></div>\n<p class=\"dim\">Ratios of mean wasted work over the same failed calls, with "
          "Fieller's 95 % interval over processes.</p>\n",
          f);
}

static void put_finding(const struct qn_tables *t, const struct qn_scene *g, FILE *f)
{
    size_t base = line_named(t, g, "buffered"), rate = qn_picture_rate(g);
    char text[SENTENCE_BYTES];

    if (base == g->n_lines)
        return;
    fputs("<div class=\"finding\">\n", f);
    for (size_t i = 0; i < 2; i++) { /* close, then cancel */
        size_t line = line_named(t, g, compared[i]);
        struct qn_ratio r;

        if (line == g->n_lines)
            continue;
        r = qn_ratio_of(t, qn_tables_cell(t, g, line, rate), qn_tables_cell(t, g, base, rate),
                        QN_COL_WASTED);
        qn_say_ratio(&r, compared[i], "buffered", text, sizeof(text));
        if (!isnan(g->rates[rate]) && *text)
            fprintf(f, "<p>At a failure rate of %g, ", g->rates[rate]);
        else
            fputs("<p>", f);
        escape(f, text);
        if (i == 0 && r.n_calls > 0 && r.ratio.has_interval && r.ratio.lo >= 1 - QN_SAME_WITHIN &&
            r.ratio.hi <= 1 + QN_SAME_WITHIN)
            fputs(" <strong>Closing a channel stops no computation:</strong> it frees a blocked worker, "
                  "but work that does not look goes on to its end.",
                  f);
        fputs("</p>\n", f);
    }
    fputs("</div>\n", f);
    put_ratios(t, g, base, f);
}

/* Groups. */

static void put_leaks(const struct qn_tables *t, const struct qn_scene *g, FILE *f)
{
    bool any = false;

    for (size_t i = 0; i < g->n_lines; i++) {
        const struct qn_strategy *s = qn_strategy_find(t->plan.cells[g->lines[i]].strategy);

        if (!s || !(s->flags & QN_LEAKS))
            continue;
        fprintf(f, "%s<code>%s</code>", any ? ", " : "<p>Of these strategies, ", s->name);
        any = true;
    }
    if (any)
        fputs(" leak: after a failed call their waste counts only what ran before the pool's threads "
              "were blocked for good (pool dead), so a low line there is no merit. Calls that leaked "
              "have no settle latency, no memory integral and no occupied time.</p>\n",
              f);
}

static void put_group(const struct qn_tables *t, const struct qn_scene *g, FILE *f)
{
    size_t rate = qn_picture_rate(g);
    char text[SENTENCE_BYTES];

    fprintf(f, "<h2 id=\"%s\">", g->slug);
    escape(f, g->title);
    fputs("</h2>\n", f);
    put_finding(t, g, f);
    put_leaks(t, g, f);
    fputs("<h3>One failed call</h3>\n", f);
    if (put_picture(t, g, "timeline", "timeline of one failed call under each strategy", f))
        paragraph(f, "The same call, with the same tasks and the same failures, under each strategy. "
                     "What lies to the right of error_at is what the strategy makes of the failure; "
                     "bars that end in a dark block are workers stuck in a send.");
    for (size_t i = 0; i < qn_n_pictures; i++) {
        const struct qn_picture *p = &qn_pictures[i];

        if (p->metric && g->n_rates < 2)
            continue;
        fputs("<h3>", f);
        escape(f, p->title);
        fputs("</h3>\n", f);
        put_picture(t, g, p->name, p->title, f);
        paragraph(f, p->what);
        qn_say_extremes(t, g, p, rate, text, sizeof(text));
        paragraph(f, text);
        qn_say_theory(t, g, p, rate, text, sizeof(text));
        paragraph(f, text);
    }
}

/* What was not measured. */

static void put_missing(const struct qn_tables *t, FILE *f)
{
    size_t n = 0;

    fputs("<h2>What was planned and not measured</h2>\n", f);
    for (size_t i = 0; i < t->plan.n_replicas; i++) {
        const struct qn_replica *r = &t->plan.replicas[i];
        const struct qn_cell *cell = &t->plan.cells[r->cell];

        if (r->status == QN_STATUS_DONE)
            continue;
        if (n++ == 0)
            fputs("<div class=\"scroll\"><table><tr><th>cell</th><th>strategy</th><th>workload</th>"
                  "<th>process</th><th>status</th><th>reason</th></tr>\n",
                  f);
        fprintf(f, "<tr><td>%s</td><td>%s</td><td>", cell->id, cell->strategy);
        escape(f, cell->workload.name);
        fprintf(f, "</td><td>%u</td><td>%s</td><td>", r->process, qn_status_names[r->status]);
        escape(f, r->reason);
        fputs("</td></tr>\n", f);
    }
    if (n > 0)
        fputs("</table></div>\n", f);
    else
        fprintf(f, "<p>Nothing: all %zu planned processes were measured.</p>\n", t->plan.n_replicas);
}

static void put_glossary(FILE *f)
{
    fputs("<h2>Words</h2><div class=\"scroll\"><table>\n", f);
    for (size_t i = 0; i < QN_ARRAY_LEN(glossary); i++)
        fprintf(f, "<tr><th>%s</th><td>%s</td></tr>\n", glossary[i][0], glossary[i][1]);
    fputs("</table></div>\n", f);
}

int qn_page_write(const struct qn_tables *t)
{
    FILE *f = qn_results_open(t->dir, "index.html", "we");
    bool ok;

    if (!f) {
        qn_complain("%s/index.html: %s", t->dir, strerror(errno));
        return QN_EIO;
    }
    fprintf(f,
            "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
            "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
            "<title>Quench: when one worker fails</title><style>%s</style></head><body>\n"
            "<h1>When one worker of a fan-out fails</h1>\n"
            "<p class=\"dim\">Which error comes back, how soon, how much work goes on for nothing, what "
            "memory stays behind.</p>\n",
            style);
    qn_judgement_put(t->dir, f);
    put_facts(t, f);
    if (t->n_groups > 1) {
        fputs("<p>Workloads: ", f);
        for (size_t i = 0; i < t->n_groups; i++) {
            fprintf(f, "%s<a href=\"#%s\">", i ? ", " : "", t->groups[i].slug);
            escape(f, t->groups[i].title);
            fputs("</a>", f);
        }
        fputs("</p>\n", f);
    }
    for (size_t i = 0; i < t->n_groups; i++)
        put_group(t, &t->groups[i], f);
    put_missing(t, f);
    put_glossary(f);
    fputs("</body></html>\n", f);
    ok = !ferror(f);
    if (fclose(f) != 0 || !ok) {
        qn_complain("%s/index.html: %s", t->dir, strerror(errno));
        return QN_EIO;
    }
    return QN_OK;
}
