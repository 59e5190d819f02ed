/* JSON of hyperfine (--export-json): a row per run, from results[].times[]. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "bench/base/units.h"
#include "bench/import/parts.h"
#include "runtime/err.h"

/* JSON is read whole, so its size is limited. */
#define MAX_BYTES ((size_t)256 << 20)

struct runs {
    cJSON *all;
    const cJSON *result, *time;      /* the next row's */
    const cJSON *exit_code, *memory; /* for this time; NULL: none */
};

static bool is_json(const struct qn_rows_first *first)
{
    const char *at = first->n > 0 ? first->lines[0] : "";

    at += strspn(at, " \t");
    return *at == '{' || (*at == '[' && (at[1] == '\0' || strchr(" {[", at[1])));
}

static int read_all(struct qn_rows *r)
{
    int rc;

    qn_rows_clear(r);
    while ((rc = qn_lines_next(&r->lines)) == QN_OK) {
        if (r->n_text + r->lines.n_text > MAX_BYTES)
            return qn_rows_fail(r, QN_EINVAL, "JSON of more than 256 MiB");
        if ((rc = qn_rows_extend(r, r->lines.text, r->lines.n_text)) != QN_OK ||
            (rc = qn_rows_extend(r, "\n", 1)) != QN_OK)
            return rc;
    }
    if (rc == QN_EINVAL)
        r->error = r->lines.error;
    return rc == QN_ENOENT ? qn_rows_extend(r, "", 1) : rc;
}

static unsigned long line_of(const char *text, const char *at)
{
    unsigned long line = 1;

    for (; at && text < at; text++)
        line += *text == '\n';
    return line;
}

static const cJSON *first_of(const cJSON *result, const char *name)
{
    const cJSON *array = cJSON_GetObjectItemCaseSensitive(result, name);

    return cJSON_IsArray(array) ? array->child : NULL;
}

static void begin_result(struct runs *runs)
{
    runs->time = first_of(runs->result, "times");
    runs->exit_code = first_of(runs->result, "exit_codes");
    runs->memory = first_of(runs->result, "memory_usage_byte");
}

static int parse(struct qn_rows *r)
{
    struct runs *runs = r->own;
    int rc = read_all(r);

    if (rc != QN_OK)
        return rc;
    runs->all = cJSON_Parse(r->text);
    if (!runs->all) {
        r->line = line_of(r->text, cJSON_GetErrorPtr());
        return qn_rows_fail(r, QN_EINVAL, "the JSON is incomplete, or has several values");
    }
    runs->result = cJSON_GetObjectItemCaseSensitive(runs->all, "results");
    runs->result = runs->result ? runs->result->child : NULL;
    if (cJSON_IsArray(cJSON_GetObjectItemCaseSensitive(runs->result, "times"))) {
        begin_result(runs);
        return QN_OK;
    }
    r->line = 1;
    return qn_rows_fail(r, QN_EINVAL,
                        "it is JSON without hyperfine's results[].times[]; `jq -r '.[] | [.a, "
                        ".b] | @csv'` makes a table of other JSON");
}

static int begin_json(struct qn_rows *r, const struct qn_rows_first *first)
{
    (void)first;
    r->own = calloc(1, sizeof(struct runs));
    return r->own ? QN_OK : QN_ENOMEM;
}

static void end_json(struct qn_rows *r)
{
    struct runs *runs = r->own;

    if (runs)
        cJSON_Delete(runs->all);
    free(runs);
    r->own = NULL;
}

static int add_number(struct qn_rows *r, const cJSON *number)
{
    char text[32] = "";

    if (cJSON_IsNumber(number))
        qn_format_number(number->valuedouble, text, sizeof(text));
    return qn_rows_add(r, text, strlen(text));
}

static int next_json(struct qn_rows *r)
{
    struct runs *runs = r->own;
    const cJSON *command;
    int rc = QN_OK;

    if (r->lines.number == 0) { /* the first row, perhaps again */
        cJSON_Delete(runs->all);
        *runs = (struct runs){0};
        rc = parse(r);
    }
    if (rc != QN_OK)
        return rc;
    while (runs->result && !runs->time) {
        runs->result = runs->result->next;
        begin_result(runs);
    }
    if (!runs->result)
        return QN_ENOENT;
    command = cJSON_GetObjectItemCaseSensitive(runs->result, "command");
    qn_rows_clear(r);
    rc = cJSON_IsString(command)
             ? qn_rows_add(r, command->valuestring, strlen(command->valuestring))
             : qn_rows_add(r, "", 0);
    if (rc == QN_OK)
        rc = add_number(r, runs->time);
    if (rc == QN_OK)
        rc = add_number(r, runs->exit_code);
    if (rc == QN_OK)
        rc = add_number(r, runs->memory);
    runs->time = runs->time->next;
    runs->exit_code = runs->exit_code ? runs->exit_code->next : NULL;
    runs->memory = runs->memory ? runs->memory->next : NULL;
    r->lines.is_ended = true;
    return rc;
}

static const char *const names[] = {"command", "time_s", "exit_code", "memory_bytes", NULL};

const struct qn_dialect qn_dialect_json = {.name = "JSON of hyperfine",
                                           .names = names,
                                           .preferred = "time_s",
                                           .is_it = is_json,
                                           .begin = begin_json,
                                           .next = next_json,
                                           .end = end_json};
