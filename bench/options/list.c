#include "bench/options/list.h"

#include <cjson/cJSON.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/args.h"
#include "bench/base/complain.h"
#include "bench/base/csv.h"
#include "bench/base/data_dir.h"
#include "bench/base/exit.h"
#include "bench/base/text.h"
#include "bench/options/commands.h"
#include "bench/options/keys.h"
#include "bench/options/parse.h"
#include "bench/options/policy.h"
#include "bench/options/profiles.h"
#include "bench/schema/metrics.h"
#include "bench/schema/trial.h"
#include "strategies/strategy.h"

#define LINE_BYTES 512
#define MAX_COLUMNS 4

enum format { FORMAT_TEXT, FORMAT_CSV, FORMAT_JSON };

/* A listing on its way out: a table of strings. */
struct table {
    enum format format;
    const char *columns[MAX_COLUMNS];
    int n_columns;
    cJSON *json; /* FORMAT_JSON: the rows so far */
};

static void begin(struct table *t)
{
    if (t->format == FORMAT_JSON)
        t->json = cJSON_CreateArray();
    for (int i = 0; t->format == FORMAT_CSV && i < t->n_columns; i++)
        printf("%s%s", i ? "," : "", t->columns[i]);
    if (t->format == FORMAT_CSV)
        putchar('\n');
}

static void add_row(struct table *t, const char *const *fields)
{
    cJSON *object;

    switch (t->format) {
    case FORMAT_TEXT:
        printf("%-22s", fields[0]);
        for (int i = 1; i < t->n_columns; i++)
            printf(i + 1 < t->n_columns ? " %-16s" : " %s", fields[i]);
        putchar('\n');
        return;
    case FORMAT_CSV:
        for (int i = 0; i < t->n_columns; i++) {
            if (i)
                putchar(',');
            qn_csv_put_text(stdout, fields[i]);
        }
        putchar('\n');
        return;
    case FORMAT_JSON:
        object = cJSON_CreateObject();
        for (int i = 0; i < t->n_columns; i++)
            cJSON_AddStringToObject(object, t->columns[i], fields[i]);
        cJSON_AddItemToArray(t->json, object);
        return;
    }
}

static void end(struct table *t)
{
    char *text = t->format == FORMAT_JSON ? cJSON_Print(t->json) : NULL;

    if (text)
        puts(text);
    free(text);
    cJSON_Delete(t->json);
}

static void flag_names(unsigned flags, char *out, size_t bytes)
{
    out[0] = '\0';
    for (unsigned i = 0; i < QN_N_STRATEGY_FLAGS; i++)
        if (flags & 1u << i)
            qn_text_add(out, bytes, "%s%s", *out ? " " : "", qn_strategy_flag_names[i]);
    if (*out == '\0')
        qn_text_add(out, bytes, "-");
}

static int list_strategies(enum format format)
{
    struct table t = {
        .format = format, .columns = {"name", "flags", "source", "summary"}, .n_columns = 4};

    if (format == FORMAT_TEXT) { /* the source would crowd the line out */
        t.columns[2] = "summary";
        t.n_columns = 3;
    }
    begin(&t);
    for (size_t i = 0; i < qn_n_strategies; i++) {
        const struct qn_strategy *s = qn_strategies[i];
        char flags[LINE_BYTES];
        const char *fields[MAX_COLUMNS] = {s->name, flags, s->source, s->summary};

        flag_names(s->flags, flags, sizeof(flags));
        if (format == FORMAT_TEXT)
            fields[2] = s->summary;
        add_row(&t, fields);
    }
    end(&t);
    return QN_EXIT_DONE;
}

/* A workload file's first line, which is a comment that says what it is. */
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

static int list_workloads(enum format format)
{
    struct table t = {.format = format, .columns = {"name", "summary"}, .n_columns = 2};
    char dir[LINE_BYTES];
    struct dirent **entries;
    int n;

    snprintf(dir, sizeof(dir), "%s/bench/workloads", qn_data_dir());
    n = scandir(dir, &entries, is_ini, alphasort);
    if (n < 0) {
        qn_complain("%s: %s", dir, strerror(errno));
        return QN_EXIT_BAD_INPUT;
    }
    begin(&t);
    for (int i = 0; i < n; i++) {
        char path[LINE_BYTES + 256], summary[LINE_BYTES];
        const char *fields[MAX_COLUMNS] = {entries[i]->d_name, summary};

        snprintf(path, sizeof(path), "%s/%s", dir, entries[i]->d_name);
        read_summary(path, summary, sizeof(summary));
        entries[i]->d_name[strlen(entries[i]->d_name) - 4] = '\0';
        add_row(&t, fields);
        free(entries[i]);
    }
    free(entries);
    end(&t);
    return QN_EXIT_DONE;
}

static int list_metrics(enum format format)
{
    struct table t = {.format = format, .columns = {"name", "unit", "meaning"}, .n_columns = 3};

    begin(&t);
    for (size_t i = 0; i < QN_METRIC_COUNT; i++) {
        const struct qn_metric_info *m = &qn_metrics[i];
        const char *fields[MAX_COLUMNS] = {m->name, m->unit, m->meaning};

        if (m->kind != QN_METRIC_OF_NOTHING)
            add_row(&t, fields);
    }
    end(&t);
    return QN_EXIT_DONE;
}

/* For a person: a policy, who can have it, and why the others can't. A row a pair would be hundreds. */
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
            printf("%s    any other: %s", n == qn_n_strategies ? " nobody\n" : "\n", why);
        putchar('\n');
    }
    return QN_EXIT_DONE;
}

static int list_policies(enum format format)
{
    struct table t = {
        .format = format, .columns = {"policy", "strategy", "allowed", "meaning"}, .n_columns = 4};

    if (format == FORMAT_TEXT)
        return tell_policies();
    begin(&t);
    for (size_t i = 0; i < qn_n_policies; i++) {
        const struct qn_policy_info *info = qn_policy_info(i);
        char policy[LINE_BYTES];

        snprintf(policy, sizeof(policy), "%s=%s", info->key, info->value);
        for (size_t s = 0; s < qn_n_strategies; s++) {
            const char *refusal = qn_policy_refusal(qn_strategies[s], i);
            const char *fields[MAX_COLUMNS] = {policy, qn_strategies[s]->name,
                                               refusal ? "no" : "yes",
                                               refusal ? refusal : info->summary};

            add_row(&t, fields);
        }
    }
    end(&t);
    return QN_EXIT_DONE;
}

static int list_profiles(enum format format)
{
    struct table t = {.format = format, .columns = {"name", "summary"}, .n_columns = 2};

    begin(&t);
    for (unsigned i = 0; qn_profile_at(i); i++) {
        const char *fields[MAX_COLUMNS] = {qn_profile_at(i)->name, qn_profile_at(i)->summary};

        add_row(&t, fields);
    }
    end(&t);
    return QN_EXIT_DONE;
}

static int list_keys(enum format format)
{
    struct table t = {.format = format, .columns = {"key", "value", "meaning"}, .n_columns = 3};

    begin(&t);
    for (size_t i = 0; i < QN_KEY_COUNT; i++) {
        const char *fields[MAX_COLUMNS] = {qn_keys[i].name, qn_keys[i].argument, qn_keys[i].help};

        add_row(&t, fields);
    }
    end(&t);
    return QN_EXIT_DONE;
}

static int list_commands(enum format format)
{
    static const char *const rows[][2] = {
#define QN_COMMAND_ROW(name, summary) {#name, summary},
        QN_COMMANDS(QN_COMMAND_ROW)
#undef QN_COMMAND_ROW
    };
    struct table t = {.format = format, .columns = {"name", "summary"}, .n_columns = 2};

    begin(&t);
    for (size_t i = 0; i < QN_ARRAY_LEN(rows); i++)
        add_row(&t, rows[i]);
    end(&t);
    return QN_EXIT_DONE;
}

static const struct {
    const char *name;
    int (*list)(enum format format);
} lists[] = {
    {"strategies", list_strategies}, {"workloads", list_workloads}, {"metrics", list_metrics},
    {"policies", list_policies},     {"keys", list_keys},           {"profiles", list_profiles},
    {"commands", list_commands}};

struct request {
    enum format format;
    const char *what; /* NULL: nothing was asked for */
};

static int take_what(void *request, const char *word)
{
    struct request *r = request;

    if (r->what)
        return qn_refuse("list", word, "one word, of what there is");
    r->what = word;
    return QN_OK;
}

static const struct qn_option options[] = {
    {"format", NULL, "of what is printed (text)", qn_take_choice, offsetof(struct request, format),
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
        .doc = "Lists what there is to choose from.",
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
    return lists[i].list(r.format);
}
