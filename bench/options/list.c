/* quench list: strategies, workloads, metrics and so on, each from the table that defines it. */
#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/args.h"
#include "bench/base/commands.h"
#include "bench/base/complain.h"
#include "bench/base/csv.h"
#include "bench/base/data_dir.h"
#include "bench/base/exit.h"
#include "bench/base/json.h"
#include "bench/base/text.h"
#include "bench/options/keys.h"
#include "bench/options/list_peers.h"
#include "bench/options/parse.h"
#include "bench/options/policy.h"
#include "bench/options/profiles.h"
#include "bench/report/question/answer.h"
#include "bench/schema/metrics.h"
#include "bench/schema/trial.h"
#include "strategies/strategy.h"

#define LINE_BYTES 512
#define MAX_COLUMNS QN_PEER_COLUMNS

enum format { FORMAT_TEXT, FORMAT_CSV, FORMAT_JSON };

/* A listing being written: a table of strings. */
struct table {
    enum format format;
    const char *const *columns; /* up to NULL or MAX_COLUMNS */
    int skipped;                /* a column that is not shown */
    cJSON *json;                /* FORMAT_JSON: the rows so far */
};

static bool has_column(const struct table *t, int i)
{
    return i < MAX_COLUMNS && t->columns[i];
}

static void begin(struct table *t)
{
    if (t->format == FORMAT_JSON)
        t->json = cJSON_CreateArray();
    for (int i = 0; t->format == FORMAT_CSV && has_column(t, i); i++)
        printf("%s%s", i ? "," : "", t->columns[i]);
    if (t->format == FORMAT_CSV)
        putchar('\n');
}

static void add_row(struct table *t, const char *const *fields)
{
    cJSON *object = t->format == FORMAT_JSON ? cJSON_CreateObject() : NULL;

    for (int i = 0; has_column(t, i); i++) {
        if (i == t->skipped)
            continue;
        switch (t->format) {
        case FORMAT_TEXT:
            printf(i == 0 ? "%-22s" : has_column(t, i + 1) ? " %-16s" : " %s", fields[i]);
            break;
        case FORMAT_CSV:
            fputs(i ? "," : "", stdout);
            qn_csv_put_text(stdout, fields[i]);
            break;
        case FORMAT_JSON:
            qn_json_put_text(object, t->columns[i], fields[i]);
            break;
        }
    }
    if (object)
        cJSON_AddItemToArray(t->json, object);
    else
        putchar('\n');
}

static void end(struct table *t)
{
    char *text = t->format == FORMAT_JSON ? cJSON_Print(t->json) : NULL;

    if (text)
        puts(text);
    free(text);
    cJSON_Delete(t->json);
}

static bool row_of_strategies(size_t i, const char **fields)
{
    static char flags[LINE_BYTES];
    const struct qn_strategy *s;

    if (i == qn_n_strategies)
        return false;
    s = qn_strategies[i];
    flags[0] = '\0';
    for (unsigned bit = 0; bit < QN_N_STRATEGY_FLAGS; bit++)
        if (s->flags & 1u << bit)
            qn_text_add(flags, sizeof(flags), "%s%s", *flags ? " " : "",
                        qn_strategy_flags[bit].word);
    fields[0] = s->name;
    fields[1] = *flags ? flags : "-";
    fields[2] = s->source;
    fields[3] = s->summary;
    return true;
}

static bool row_of_flags(size_t i, const char **fields)
{
    if (i == QN_N_STRATEGY_FLAGS)
        return false;
    fields[0] = qn_strategy_flags[i].word;
    fields[1] = qn_strategy_flags[i].meaning;
    return true;
}

/* The summary of a workload file: the comment in its first line. */
static void read_summary(const char *path, char *out, size_t bytes)
{
    FILE *f = fopen(path, "re");

    out[0] = '\0';
    if (!f)
        return;
    if (fgets(out, (int)bytes, f)) {
        size_t skip = strspn(out, ";# ");

        memmove(out, out + skip, strlen(out + skip) + 1);
        out[strcspn(out, "\r\n")] = '\0';
    }
    fclose(f);
}

static int is_ini(const struct dirent *entry)
{
    size_t n = strlen(entry->d_name);

    return n > 4 && strcmp(entry->d_name + n - 4, ".ini") == 0;
}

static int write_workloads(struct table *t)
{
    char dir[LINE_BYTES];
    struct dirent **entries;
    int n;

    snprintf(dir, sizeof(dir), "%s/bench/workloads", qn_data_dir());
    n = scandir(dir, &entries, is_ini, alphasort);
    if (n < 0) {
        qn_complain("%s: %s", dir, strerror(errno));
        return QN_EXIT_BAD_INPUT;
    }
    begin(t);
    for (int i = 0; i < n; i++) {
        char path[LINE_BYTES + 256], summary[LINE_BYTES];
        const char *fields[MAX_COLUMNS] = {entries[i]->d_name, summary};

        snprintf(path, sizeof(path), "%s/%s", dir, entries[i]->d_name);
        read_summary(path, summary, sizeof(summary));
        entries[i]->d_name[strlen(entries[i]->d_name) - 4] = '\0';
        add_row(t, fields);
        free(entries[i]);
    }
    free(entries);
    end(t);
    return QN_EXIT_DONE;
}

static bool row_of_metrics(size_t i, const char **fields)
{
    if (i == QN_METRIC_COUNT)
        return false;
    fields[0] = qn_metrics[i].kind == QN_METRIC_OF_NOTHING ? NULL : qn_metrics[i].name;
    fields[1] = qn_metrics[i].unit;
    fields[2] = qn_metrics[i].meaning;
    return true;
}

static bool row_of_policies(size_t i, const char **fields)
{
    const struct qn_strategy *s = qn_strategies[i % qn_n_strategies];
    const struct qn_policy_info *info;
    static char policy[LINE_BYTES];
    const char *refusal;

    i /= qn_n_strategies;
    if (i == qn_n_policies)
        return false;
    info = qn_policy_info(i);
    refusal = qn_policy_refusal(s, i);
    snprintf(policy, sizeof(policy), "%s=%s", info->key, info->value);
    fields[0] = policy;
    fields[1] = s->name;
    fields[2] = refusal ? "no" : "yes";
    fields[3] = refusal ? refusal : info->summary;
    return true;
}

/* As text: each policy with the strategies that support it, and why the others don't; a row per
 * pair would be hundreds. */
static int tell_policies(void)
{
    for (size_t i = 0; i < qn_n_policies; i++) {
        const struct qn_policy_info *info = qn_policy_info(i);
        const char *why = NULL;
        size_t n = 0;

        printf("%s=%s\n    %s\n    for", info->key, info->value, info->summary);
        for (size_t s = 0; s < qn_n_strategies; s++) {
            const char *refusal = qn_policy_refusal(qn_strategies[s], i);

            why = refusal ? refusal : why;
            n += refusal != NULL;
            if (!refusal)
                printf(" %s", qn_strategies[s]->name);
        }
        if (n == 0)
            printf(" (all)");
        if (why)
            printf("%s    others: %s", n == qn_n_strategies ? " none\n" : "\n", why);
        putchar('\n');
    }
    return QN_EXIT_DONE;
}

static bool row_of_keys(size_t i, const char **fields)
{
    if (i == QN_KEY_COUNT)
        return false;
    fields[0] = qn_keys[i].name;
    fields[1] = qn_keys[i].argument;
    fields[2] = qn_keys[i].help;
    return true;
}

static bool row_of_profiles(size_t i, const char **fields)
{
    const struct qn_profile *profile = qn_profile_at((unsigned)i);

    if (!profile)
        return false;
    fields[0] = profile->name;
    fields[1] = profile->summary;
    return true;
}

static bool row_of_questions(size_t i, const char **fields)
{
    if (i == qn_n_questions)
        return false;
    fields[0] = qn_questions[i].id;
    fields[1] = qn_questions[i].profile;
    fields[2] = qn_questions[i].title;
    return true;
}

static bool row_of_commands(size_t i, const char **fields)
{
    static const char *const rows[][2] = {
#define QN_COMMAND_ROW(name, summary) {#name, summary},
        QN_COMMANDS(QN_COMMAND_ROW)
#undef QN_COMMAND_ROW
    };

    if (i == QN_ARRAY_LEN(rows))
        return false;
    fields[0] = rows[i][0];
    fields[1] = rows[i][1];
    return true;
}

/* The lists. `row` puts the i-th entry into fields (first field NULL: skip it) and returns false
 * after the last; a list that no table of ours holds is written by `write`. */
static const struct list {
    const char *name, *columns[MAX_COLUMNS];
    bool (*row)(size_t i, const char **fields);
    int (*write)(struct table *table);
} lists[] = {
    {"strategies", {"name", "flags", "source", "summary"}, row_of_strategies, NULL},
    {"workloads", {"name", "summary"}, NULL, write_workloads},
    {"metrics", {"name", "unit", "meaning"}, row_of_metrics, NULL},
    {"policies", {"policy", "strategy", "allowed", "meaning"}, row_of_policies, NULL},
    {"keys", {"key", "value", "meaning"}, row_of_keys, NULL},
    {"profiles", {"name", "summary"}, row_of_profiles, NULL},
    {"commands", {"name", "summary"}, row_of_commands, NULL},
    {"flags", {"flag", "meaning"}, row_of_flags, NULL},
    {"peers", QN_PEER_COLUMN_NAMES, qn_row_of_peers, NULL},
    {"questions", {"id", "profile", "title"}, row_of_questions, NULL},
};

static int write_list(const struct list *list, enum format format)
{
    struct table t = {.format = format, .columns = list->columns};
    const char *fields[MAX_COLUMNS];

    if (format == FORMAT_TEXT && list->row == row_of_policies)
        return tell_policies();
    if (format == FORMAT_TEXT && list->row == qn_row_of_peers) {
        qn_tell_peers();
        return QN_EXIT_DONE;
    }
    /* in text, the source would make the line too long */
    t.skipped = format == FORMAT_TEXT && list->row == row_of_strategies ? 2 : MAX_COLUMNS;
    if (list->write)
        return list->write(&t);
    begin(&t);
    for (size_t i = 0; list->row(i, fields); i++)
        if (fields[0])
            add_row(&t, fields);
    end(&t);
    return QN_EXIT_DONE;
}

struct request {
    enum format format;
    const char *what; /* NULL: no list was named */
};

static int take_what(void *request, const char *word)
{
    struct request *r = request;

    if (r->what)
        return qn_refuse("list", word, "a single list");
    r->what = word;
    return QN_OK;
}

static const struct qn_option options[] = {
    {"format", NULL, "output format (text)", qn_take_choice, offsetof(struct request, format),
     QN_WORDS("text", "csv", "json")},
    {0},
};

int qn_list_command(int argc, char **argv)
{
    const char *names[QN_ARRAY_LEN(lists)];
    const struct qn_words words = {names, QN_ARRAY_LEN(lists)};
    char bars[QN_WORDS_BYTES];
    const struct qn_command_line line = {
        .name = "quench list",
        .words = bars,
        .doc = "Lists the available strategies, workloads, metrics and so on.",
        .options = options,
        .take_word = take_what,
        .allowed = "only --format and --help",
    };
    struct request r = {0};
    size_t i;

    for (i = 0; i < words.n; i++)
        names[i] = lists[i].name;
    qn_words_join(&words, "|", "|", bars, sizeof(bars));
    if (qn_args_parse(&line, argc, argv, &r) != QN_OK ||
        qn_take_word("list", r.what ? r.what : "", &words, &i) != QN_OK)
        return QN_EXIT_BAD_INPUT;
    return write_list(&lists[i], r.format);
}
