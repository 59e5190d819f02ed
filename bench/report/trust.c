#include "bench/report/trust.h"

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/text.h"
#include "bench/folder/blocks.h"
#include "bench/folder/manifest.h"
#include "bench/machine/crowding.h"
#include "bench/schema/marks.h"
#include "bench/stats/numbers.h"
#include "runtime/err.h"

/* How many blocks there are, how many are marked, and for what. */
struct marks {
    bool are_there;
    size_t n_blocks, n_marked;
    size_t n_of[QN_MARK_COUNT];
};

static const char *word_of(const cJSON *fact, const char *key)
{
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItem(fact, key));

    return text ? text : "";
}

/* Marks. */

static void count_mark(struct marks *m, const char *mark)
{
    m->n_blocks++;
    m->n_marked += *mark != '\0';
    while (*mark) {
        size_t len = strcspn(mark, ";");

        for (int i = 0; i < QN_MARK_COUNT; i++)
            if (strlen(qn_mark_infos[i].name) == len &&
                strncmp(qn_mark_infos[i].name, mark, len) == 0)
                m->n_of[i]++;
        mark += len;
        mark += *mark == ';';
    }
}

static void read_marks(const char *dir, struct marks *m)
{
    struct qn_block_row *blocks;
    size_t n;

    *m = (struct marks){0};
    if (qn_blocks_read(dir, NULL, &blocks, &n) == QN_OK)
        for (size_t i = 0; i < n && blocks[i].has_mark; i++)
            count_mark(m, blocks[i].mark);
    m->are_there = m->n_blocks > 0;
    free(blocks);
}

static double marked_share(const struct marks *m)
{
    return m->are_there ? (double)m->n_marked / (double)m->n_blocks : 0;
}

/* The line. */

static size_t count_facts(const cJSON *facts, enum qn_verdict verdict)
{
    const cJSON *fact;
    size_t n = 0;

    cJSON_ArrayForEach(fact, facts) n +=
        strcmp(word_of(fact, "verdict"), qn_verdict_names[verdict]) == 0;
    return n;
}

static enum qn_verdict judge(const cJSON *facts, const struct marks *m)
{
    if (!cJSON_IsArray(facts) && !m->are_there)
        return QN_FACT_UNKNOWN;
    if (count_facts(facts, QN_FACT_SPOILS) > 0 || marked_share(m) > QN_MARKED_SPOILS)
        return QN_FACT_SPOILS;
    if (count_facts(facts, QN_FACT_NOTE) > 0 || marked_share(m) > QN_MARKED_NOTE)
        return QN_FACT_NOTE;
    return QN_FACT_GOOD;
}

/* Lists the facts of a verdict by name, the worst with what was seen. */
static void say_facts(const cJSON *facts, enum qn_verdict verdict, const char *intro, FILE *f)
{
    const cJSON *fact;
    bool is_first = true;

    cJSON_ArrayForEach(fact, facts)
    {
        if (strcmp(word_of(fact, "verdict"), qn_verdict_names[verdict]) != 0)
            continue;
        fprintf(f, "%s%s", is_first ? intro : ", ", word_of(fact, "name"));
        if (verdict == QN_FACT_SPOILS)
            fprintf(f, " (%s)", word_of(fact, "seen"));
        is_first = false;
    }
    if (!is_first)
        fputc('.', f);
}

static void say_marks(const struct marks *m, FILE *f)
{
    bool is_first = true;

    if (!m->are_there) {
        fputs(" Its blocks carry no marks: the folder predates them, or has no blocks.", f);
        return;
    }
    fprintf(f, " %zu of %zu %s %s marked", m->n_marked, m->n_blocks,
            qn_plural(m->n_blocks, "block", "blocks"), qn_plural(m->n_marked, "is", "are"));
    for (int i = 0; i < QN_MARK_COUNT; i++)
        if (m->n_of[i] > 0) {
            fprintf(f, "%s%s %zu", is_first ? ": " : ", ", qn_mark_infos[i].name, m->n_of[i]);
            is_first = false;
        }
    fputc('.', f);
}

static void say(const cJSON *facts, const struct marks *m, enum qn_verdict verdict, FILE *f)
{
    static const char *const trust[QN_VERDICT_COUNT] = {[QN_FACT_GOOD] = "they can be trusted.",
                                                        [QN_FACT_UNKNOWN] = "unknown.",
                                                        [QN_FACT_NOTE] = "with care.",
                                                        [QN_FACT_SPOILS] =
                                                            "only for ratios within it."};

    fprintf(f, "How far this run's figures can be trusted: %s", trust[verdict]);
    say_facts(facts, QN_FACT_SPOILS, " Spoiled by ", f);
    say_marks(m, f);
    if (!cJSON_IsArray(facts))
        fputs(" The folder has no facts about its machine.", f);
    say_facts(facts, QN_FACT_NOTE, " Note: ", f);
    say_facts(facts, QN_FACT_UNKNOWN, " Unknown: ", f);
}

/* As qn_crowding_say, for a workload in the manifest. */
static bool crowding_of(const cJSON *workload, char text[QN_CROWDING_BYTES])
{
    const cJSON *place = cJSON_GetObjectItem(workload, "place");
    const cJSON *cores = cJSON_GetObjectItem(place, "cores");

    return cJSON_IsNumber(cores) &&
           qn_crowding_say((unsigned)cJSON_GetArraySize(cJSON_GetObjectItem(place, "pus")),
                           (unsigned)cores->valueint, text);
}

/* Workloads with more threads than cores; the same text only once. */
static void say_crowding(const cJSON *manifest, FILE *f)
{
    const cJSON *workloads = qn_manifest_item(manifest, QN_MANIFEST_WORKLOADS), *workload, *before;
    char text[QN_CROWDING_BYTES], said[QN_CROWDING_BYTES];

    cJSON_ArrayForEach(workload, workloads)
    {
        if (!crowding_of(workload, text))
            continue;
        before = workloads->child;
        while (before != workload && !(crowding_of(before, said) && strcmp(said, text) == 0))
            before = before->next;
        if (before == workload)
            fprintf(f, " Crowded: %s.", text);
    }
}

static int make_line(const char *dir, const cJSON *manifest, struct qn_trust *out)
{
    const cJSON *facts = qn_manifest_item(manifest, QN_MANIFEST_FACTS);
    struct marks marks;
    struct qn_text line;
    FILE *f = qn_text_begin(&line);

    if (!f)
        return QN_ENOMEM;
    read_marks(dir, &marks);
    if (qn_manifest_is_imported(manifest)) {
        fputs(
            "How far these figures can be trusted: unknown. They were imported, and nobody looked "
            "at the machine while they were recorded.",
            f);
    } else {
        out->verdict = judge(facts, &marks);
        say(facts, &marks, out->verdict, f);
    }
    say_crowding(manifest, f);
    out->line = qn_text_end(&line);
    return out->line ? QN_OK : QN_ENOMEM;
}

int qn_trust_make(const char *dir, struct qn_trust *out)
{
    cJSON *manifest = qn_manifest_read(dir);
    int rc;

    *out = (struct qn_trust){.verdict = QN_FACT_UNKNOWN};
    rc = make_line(dir, manifest, out);
    cJSON_Delete(manifest);
    return rc;
}

/* The page. */

static void put_table(const cJSON *facts, struct qn_html *h)
{
    const cJSON *fact;

    qn_html_open_details(h, "What on this machine spoils figures");
    qn_html_open_table(h);
    qn_html_row(h, "th", "fact", "verdict", "found before the run", "effect, and what to do", NULL);
    for (int v = QN_VERDICT_COUNT - 1; v >= 0; v--)
        cJSON_ArrayForEach(fact, facts)
        {
            if (strcmp(word_of(fact, "verdict"), qn_verdict_names[v]) != 0)
                continue;
            qn_html_open(h, "tr");
            qn_html_cells(h, "th", word_of(fact, "name"), NULL);
            qn_html_cells(h, "td", word_of(fact, "verdict"), word_of(fact, "seen"),
                          word_of(fact, "advice"), NULL);
            qn_html_close(h, "tr");
        }
    qn_html_close_table(h);
    qn_html_put(h, "p", "docs/figures.md explains the marks; blocks.csv has those of each block.");
    qn_html_close(h, "details");
}

void qn_trust_put(const char *dir, struct qn_html *h)
{
    cJSON *manifest = qn_manifest_read(dir);
    struct qn_trust j = {0};

    if (make_line(dir, manifest, &j) == QN_OK) {
        int n = (int)strcspn(j.line, ".");

        qn_html_open(h, "p.judgement");
        qn_html_put(h, "strong", "%.*s", n, j.line);
        fputs(j.line + n, h->text);
        qn_html_close(h, "p.judgement");
    }
    free(j.line);
    cJSON_Delete(manifest);
}

void qn_trust_put_facts(const char *dir, struct qn_html *h)
{
    cJSON *manifest = qn_manifest_read(dir);
    const cJSON *facts = qn_manifest_item(manifest, QN_MANIFEST_FACTS);

    if (cJSON_IsArray(facts))
        put_table(facts, h);
    cJSON_Delete(manifest);
}
