#include "bench/import/outcomes.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "bench/base/text.h"
#include "bench/base/units.h"
#include "bench/import/cells.h"
#include "runtime/err.h"

static int refuse(struct qn_outcomes *o, int code)
{
    qn_outcomes_fini(o);
    return code;
}

/* "a,b" is also a single value, after those of the list. */
static int add_whole(struct qn_outcomes *o, const char *text)
{
    char **values;

    if (o->n < 2)
        return QN_OK;
    values = realloc(o->values, (o->n + 1) * sizeof(*values));
    if (!values)
        return QN_ENOMEM;
    o->values = values;
    values[o->n] = strdup(text + o->is_negated);
    if (!values[o->n])
        return QN_ENOMEM;
    o->n++;
    return QN_OK;
}

int qn_outcomes_make(struct qn_outcomes *o, const char *text, const char **allowed)
{
    size_t n_negated = 0;
    int rc;

    memset(o, 0, sizeof(*o));
    if (strchr(text, ',')) {
        rc = qn_list_split(text, ',', &o->values, &o->n, allowed);
    } else {
        rc = (o->values = calloc(1, sizeof(*o->values))) && (o->values[0] = strdup(text))
                 ? QN_OK
                 : QN_ENOMEM;
        o->n = 1;
    }
    if (rc != QN_OK)
        return refuse(o, rc);
    for (size_t i = 0; i < o->n; i++)
        if (o->values[i][0] == '!') {
            memmove(o->values[i], o->values[i] + 1, strlen(o->values[i]));
            n_negated++;
        }
    *allowed = "values such as FAILED,TIMEOUT, or all but some values, such as '!COMPLETED' or "
               "'!0'";
    if (n_negated > 0 && n_negated < o->n)
        return refuse(o, QN_EINVAL);
    o->is_negated = n_negated > 0;
    if (add_whole(o, text) != QN_OK || !(o->n_met = calloc(o->n + 1, sizeof(*o->n_met))))
        return refuse(o, QN_ENOMEM);
    return QN_OK;
}

void qn_outcomes_fini(struct qn_outcomes *o)
{
    qn_list_free(o->values, o->n);
    for (size_t i = 0; i < o->n_seen; i++)
        free(o->seen[i]);
    free(o->n_met);
    memset(o, 0, sizeof(*o));
}

static size_t first_word(const char *text)
{
    return strcspn(text, " \t");
}

static bool is_value(const char *value, const char *cell, bool is_shortened)
{
    size_t n = strlen(value), word = first_word(cell);
    double a, b;
    bool x, y;

    if (strcmp(value, cell) == 0)
        return true;
    if (n == 0)
        return false;
    if (n == word && strncmp(value, cell, n) == 0)
        return true;
    if (is_shortened && word > 1 && cell[word - 1] == '+' && n >= word - 1 &&
        strncmp(value, cell, word - 1) == 0)
        return true;
    if (qn_cell_number(value, &a) && qn_cell_number(cell, &b))
        return a == b;
    return isalpha((unsigned char)value[0]) && isalpha((unsigned char)cell[0]) &&
           qn_outcomes_boolean(value, &x) == QN_OK && qn_outcomes_boolean(cell, &y) == QN_OK &&
           x == y;
}

static int see(struct qn_outcomes *o, const char *cell)
{
    for (size_t i = 0; i < o->n_seen; i++)
        if (strcmp(o->seen[i], cell) == 0)
            return QN_OK;
    o->has_more = o->n_seen == QN_OUTCOMES_SEEN;
    if (o->has_more)
        return QN_OK;
    o->seen[o->n_seen] = strdup(cell);
    if (!o->seen[o->n_seen])
        return QN_ENOMEM;
    o->n_seen++;
    return QN_OK;
}

int qn_outcomes_match(struct qn_outcomes *o, const char *cell, bool is_shortened, bool *is_match)
{
    bool is_one = false;

    for (size_t i = 0; i < o->n; i++)
        if (is_value(o->values[i], cell, is_shortened)) {
            is_one = true;
            o->n_met[i]++;
        }
    *is_match = is_one != o->is_negated;
    return see(o, cell);
}

/* The values of the list. */
static size_t n_asked(const struct qn_outcomes *o)
{
    return o->n > 1 ? o->n - 1 : 1;
}

bool qn_outcomes_none_met(const struct qn_outcomes *o)
{
    for (size_t i = 0; i < o->n; i++)
        if (o->n_met[i] > 0)
            return false;
    return true;
}

const char *qn_outcomes_unmet(const struct qn_outcomes *o)
{
    if (o->n > 1 && o->n_met[o->n - 1] > 0)
        return NULL;
    for (size_t i = 0; i < n_asked(o); i++)
        if (o->n_met[i] == 0)
            return o->values[i];
    return NULL;
}

void qn_outcomes_say_seen(const struct qn_outcomes *o, char *out)
{
    out[0] = '\0';
    for (size_t i = 0; i < o->n_seen && strlen(out) + 32 < QN_OUTCOMES_BYTES; i++)
        qn_text_add(out, QN_OUTCOMES_BYTES, o->seen[i][0] ? "%s%.40s" : "%s''%s", i ? ", " : "",
                    o->seen[i]);
    if (o->has_more && strlen(out) + 12 < QN_OUTCOMES_BYTES)
        qn_text_add(out, QN_OUTCOMES_BYTES, ", and more");
}

bool qn_outcomes_is_unfinished(const char *cell)
{
    static const char *const words[] = {"RUNNING",     "PENDING",     "SUSPENDED",
                                        "REQUEUED",    "RESIZING",    "COMPLETING",
                                        "CONFIGURING", "IN_PROGRESS", "QUEUED"};
    size_t n = first_word(cell);

    for (size_t i = 0; i < QN_ARRAY_LEN(words); i++)
        if (strlen(words[i]) == n && strncasecmp(words[i], cell, n) == 0)
            return true;
    return false;
}

int qn_outcomes_boolean(const char *cell, bool *value)
{
    static const char *const words[][2] = {
        {"false", "true"}, {"no", "yes"}, {"f", "t"}, {"n", "y"}};
    double number;

    if (qn_cell_number(cell, &number) && (number == 0 || number == 1)) {
        *value = number == 1;
        return QN_OK;
    }
    for (size_t i = 0; i < QN_ARRAY_LEN(words); i++)
        for (int k = 0; k < 2; k++)
            if (strcasecmp(cell, words[i][k]) == 0) {
                *value = k == 1;
                return QN_OK;
            }
    return QN_EINVAL;
}

bool qn_outcomes_means_success(const char *column)
{
    static const char *const words[] = {"success", "succeed", "passed", "expected_response",
                                        "completed"};

    for (size_t i = 0; i < QN_ARRAY_LEN(words); i++)
        if (strcasestr(column, words[i]) && !strcasestr(column, "un") && !strcasestr(column, "not"))
            return true;
    return strcasecmp(column, "ok") == 0 || strcasecmp(column, "is_ok") == 0 ||
           strcasecmp(column, "pass") == 0;
}
