#include "bench/report/question/answer.h"

#include <string.h>

#include "bench/base/args.h"
#include "bench/base/commands.h"
#include "bench/base/complain.h"
#include "bench/base/exit.h"
#include "bench/base/language.h"
#include "bench/report/focus.h"
#include "bench/report/html.h"
#include "bench/report/sentences.h"

/* A scene's cell that a pick names; SIZE_MAX: none. */
static size_t cell_of(const struct qn_tables *t, const struct qn_scene *g,
                      const struct qn_pick *pick)
{
    for (size_t i = 0; i < g->n_lines; i++) {
        const struct qn_cell *cell = &t->plan.cells[g->lines[i]];

        if (strcmp(cell->strategy, pick->strategy) == 0 && strcmp(cell->policy, pick->policy) == 0)
            return qn_tables_cell(t, g, i, qn_picture_rate(g));
    }
    return SIZE_MAX;
}

static const struct qn_estimate *figure_of(const struct qn_tables *t, const struct qn_scene *g,
                                           const struct qn_statement *statement,
                                           const struct qn_pick *pick)
{
    size_t cell = cell_of(t, g, pick);
    const struct qn_summary_row *row =
        cell == SIZE_MAX ? NULL : qn_tables_find(t, cell, statement->metric, statement->condition);

    return !row ? NULL : statement->is_mean ? &row->mean : &row->p50;
}

static enum qn_answer judge(const struct qn_estimate *a, const struct qn_estimate *b)
{
    if (!a->has_interval || !b->has_interval)
        return QN_ANSWER_NEITHER;
    if (a->lo > b->hi)
        return QN_ANSWER_HIGHER;
    return a->hi < b->lo ? QN_ANSWER_LOWER : QN_ANSWER_NEITHER;
}

/* Whether a scene is of the pick's workload. */
static bool is_of(const struct qn_tables *t, const struct qn_scene *g, const struct qn_pick *pick)
{
    return !pick->workload || strcmp(t->plan.cells[g->lines[0]].workload.name, pick->workload) == 0;
}

/* The first scene that has the pick's figure. */
static const struct qn_estimate *find(const struct qn_tables *t,
                                      const struct qn_statement *statement,
                                      const struct qn_pick *pick, const struct qn_scene **scene)
{
    const struct qn_estimate *e = NULL;

    for (size_t i = 0; i < t->n_scenes && !e; i++) {
        *scene = &t->scenes[i];
        if (is_of(t, *scene, pick))
            e = figure_of(t, *scene, statement, pick);
    }
    return e;
}

/* True if the two figures are of different workloads and so of different calls. */
static bool is_of_two(const struct qn_statement *statement)
{
    const char *a = statement->a.workload, *b = statement->b.workload;

    return a && b && strcmp(a, b) != 0;
}

enum qn_answer qn_statement_judge(const struct qn_tables *t, const struct qn_statement *statement,
                                  struct qn_estimate *a, struct qn_estimate *b,
                                  const char **workload)
{
    const struct qn_scene *scene = NULL, *other;
    const struct qn_estimate *found = find(t, statement, &statement->a, &scene);

    if (!found)
        return QN_ANSWER_NONE;
    *a = *found;
    *workload = t->plan.cells[scene->lines[0]].workload.name;
    if (!statement->b.strategy) {
        double bound = statement->bound * statement->unit;

        *b = (struct qn_estimate){bound, bound, bound, true};
        return judge(a, b);
    }
    /* The same calls, unless the statement is about two workloads. */
    found = is_of_two(statement) ? find(t, statement, &statement->b, &other)
                                 : figure_of(t, scene, statement, &statement->b);
    if (!found)
        return QN_ANSWER_NONE;
    *b = *found;
    return judge(a, b);
}

/* Where an answer is written: Markdown or a page. */
struct writer {
    FILE *text;           /* where its text goes */
    struct qn_html *html; /* NULL: Markdown */
};

/* Opens or closes an element, or in Markdown writes what goes before or after the text. */
static void open_as(const struct writer *w, const char *element, const char *mark)
{
    if (w->html)
        qn_html_open(w->html, element);
    else
        fputs(mark, w->text);
}

static void close_as(const struct writer *w, const char *element, const char *mark)
{
    if (w->html)
        qn_html_close(w->html, element);
    else
        fputs(mark, w->text);
}

/* Its name, and its policies if any. */
struct named {
    char text[256];
};

static struct named name_of(const struct qn_pick *pick)
{
    struct named n;

    snprintf(n.text, sizeof(n.text), pick->policy[0] ? "%s (%s)" : "%s", pick->strategy,
             pick->policy);
    return n;
}

/* "wasted of close: 1.2 [1.1, 1.3] ms; of cancel: 0.1 […] ms (mean, failed, on default). What it means". */
static void put_statement(const struct writer *w, const struct qn_statement *statement,
                          enum qn_answer verdict, const struct qn_estimate *a,
                          const struct qn_estimate *b, const char *workload)
{
    const char *const meaning[] = {[QN_ANSWER_HIGHER] = statement->higher,
                                   [QN_ANSWER_LOWER] = statement->lower,
                                   [QN_ANSWER_NEITHER] = statement->neither};

    open_as(w, "li", "- ");
    fprintf(w->text, qn_say("%s of %s: "), statement->metric, name_of(&statement->a).text);
    qn_say_estimate(a, statement->unit, statement->unit_name, w->text);
    if (statement->b.strategy) {
        if (is_of_two(statement))
            fprintf(w->text, qn_say("; of %s on %s: "), name_of(&statement->b).text,
                    statement->b.workload);
        else
            fprintf(w->text, qn_say("; of %s: "), name_of(&statement->b).text);
        qn_say_estimate(b, statement->unit, statement->unit_name, w->text);
    }
    fprintf(w->text, qn_say(" (%s, %s, on %s). "), qn_say(statement->is_mean ? "mean" : "median"),
            qn_say(statement->condition), workload);
    open_as(w, "strong", "**");
    fputs(qn_say(meaning[verdict]), w->text);
    close_as(w, "strong", "**");
    close_as(w, "li", "\n");
}

/* True if the folder can judge some statement. */
static bool has_answer(const struct qn_tables *t, const struct qn_question *q)
{
    struct qn_estimate a, b;
    const char *workload;

    for (size_t i = 0; i < q->n_statements; i++)
        if (qn_statement_judge(t, &q->statements[i], &a, &b, &workload) != QN_ANSWER_NONE)
            return true;
    return false;
}

bool qn_questions_has_any(const struct qn_tables *t)
{
    bool any = false;

    for (size_t i = 0; i < qn_n_questions && !any; i++)
        any = has_answer(t, &qn_questions[i]);
    return any;
}

static void put_paragraph(const struct writer *w, const char *head, const char *text)
{
    open_as(w, "p", "\n");
    open_as(w, "em", "*");
    fputs(qn_say(head), w->text);
    close_as(w, "em", "*");
    fprintf(w->text, " %s", qn_say(text));
    close_as(w, "p", "\n");
}

static void put_question(const struct writer *w, const struct qn_tables *t,
                         const struct qn_question *q)
{
    struct qn_estimate a, b;
    const char *workload;

    if (w->html)
        qn_html_heading(w->html, 3, "question", q->id, qn_say(q->title));
    else
        fprintf(w->text, "\n## %s\n\n`./run.sh %s`\n\n", qn_say(q->title), q->profile);
    open_as(w, "ul", "");
    for (size_t i = 0; i < q->n_statements; i++) {
        enum qn_answer verdict = qn_statement_judge(t, &q->statements[i], &a, &b, &workload);

        if (verdict != QN_ANSWER_NONE)
            put_statement(w, &q->statements[i], verdict, &a, &b, workload);
    }
    close_as(w, "ul", "");
    put_paragraph(w, "The rule:", q->rule);
    put_paragraph(w, "The exception:", q->exception);
}

void qn_page_questions(const struct qn_tables *t, struct qn_html *h)
{
    const struct writer w = {h->text, h};
    bool any = false;

    for (size_t i = 0; i < qn_n_questions; i++) {
        if (!has_answer(t, &qn_questions[i]))
            continue;
        if (!any)
            qn_html_heading(h, 2, NULL, "run-questions", "The article's questions, by this run");
        any = true;
        put_question(&w, t, &qn_questions[i]);
    }
}

/* The command. */

static void put_head(FILE *f)
{
    fprintf(
        f, "# %s\n\n%s\n", qn_say("The questions, answered"),
        qn_say("What the article asks about errors and release, answered with figures from one "
               "machine: those of the runs that `./run.sh questions` makes (`--update-docs` "
               "writes this page). Each figure has its 95 % interval over processes; the text in "
               "bold was chosen by the intervals and may differ on your machine."));
}

/* Writes every question, from the first folder that has an answer. Returns how many had none. */
static unsigned put_all(const struct qn_tables *tables, size_t n, FILE *f)
{
    const struct writer w = {f, NULL};
    unsigned n_open = 0;

    put_head(f);
    for (size_t i = 0; i < qn_n_questions; i++) {
        size_t at = 0;

        while (at < n && !has_answer(&tables[at], &qn_questions[i]))
            at++;
        if (at < n) {
            put_question(&w, &tables[at], &qn_questions[i]);
            continue;
        }
        n_open++;
        qn_complain("questions: none of the folders answers '%s'; run: quench run --profile %s",
                    qn_questions[i].title, qn_questions[i].profile);
    }
    return n_open;
}

static int write_out(const struct qn_tables *tables, size_t n, const char *path)
{
    FILE *f = path ? fopen(path, "we") : stdout;
    unsigned n_open;
    bool ok;

    if (!f) {
        qn_complain("--out: '%s' can't be written", path);
        return QN_EXIT_BAD_INPUT;
    }
    n_open = put_all(tables, n, f);
    ok = !ferror(f);
    if (path && (fclose(f) != 0 || !ok)) {
        qn_complain("--out: '%s' can't be written", path);
        return QN_EXIT_BAD_INPUT;
    }
    return n_open > 0 ? QN_EXIT_CHECK_FAILED : QN_EXIT_DONE;
}

#define MAX_FOLDERS 32

struct request {
    const char *path; /* NULL: stdout */
    enum qn_language language;
    const char *dirs[MAX_FOLDERS];
    size_t n;
};

static int take_folder(void *request, const char *word)
{
    struct request *r = request;

    if (r->n == MAX_FOLDERS) {
        qn_complain("questions: at most %d folders", MAX_FOLDERS);
        return QN_EINVAL;
    }
    r->dirs[r->n++] = word;
    return QN_OK;
}

static const struct qn_option options[] = {
    {"out", "FILE", "write there instead of to stdout", qn_take_text,
     offsetof(struct request, path), NULL},
    {"lang", NULL, "the language of the answers (en)", qn_take_choice,
     offsetof(struct request, language), &qn_language_words},
    {0},
};

static const struct qn_command_line command_line = {
    .name = "quench questions",
    .words = "DIR...",
    .doc = "Answers the article's questions with the figures of results folders, as Markdown.\v"
           "Exit codes: 0 done; 1 no folder answers some question; 2 wrong usage or input.",
    .options = options,
    .take_word = take_folder,
    .allowed = "--out FILE, --lang, and results folders",
};

int qn_questions_command(int argc, char **argv)
{
    struct qn_tables tables[MAX_FOLDERS];
    struct request r = {0};
    int code = QN_EXIT_BAD_INPUT;
    size_t n = 0;

    if (qn_args_parse(&command_line, argc, argv, &r) != QN_OK)
        return QN_EXIT_BAD_INPUT;
    qn_language_set(r.language);
    while (n < r.n && qn_tables_read(&tables[n], r.dirs[n], NULL) == QN_OK)
        n++;
    if (r.n == 0)
        qn_complain("questions: no results folder is given; see `%s --help`", command_line.name);
    else if (n == r.n)
        code = write_out(tables, n, r.path);
    while (n > 0)
        qn_tables_free(&tables[--n]);
    return code;
}
