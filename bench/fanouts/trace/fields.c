#include "bench/fanouts/trace/fields.h"

#include <stdlib.h>
#include <string.h>

#include "runtime/err.h"

#define FIRST_BYTES 64u

int qn_fields_clear(struct qn_span_fields *f)
{
    for (int i = 0; i < QN_FIELD_COUNT; i++) {
        if (!f->at[i].text) {
            f->at[i].text = malloc(FIRST_BYTES);
            f->at[i].cap = FIRST_BYTES;
        }
        if (!f->at[i].text)
            return QN_ENOMEM;
        f->at[i].text[0] = '\0';
    }
    f->has_error = f->is_cancelled = false;
    return QN_OK;
}

int qn_fields_set(struct qn_span_fields *f, enum qn_span_field field, const char *text, size_t n)
{
    if (n >= f->at[field].cap) {
        char *grown = realloc(f->at[field].text, 2 * n);

        if (!grown)
            return QN_ENOMEM;
        f->at[field].text = grown;
        f->at[field].cap = 2 * n;
    }
    memcpy(f->at[field].text, text, n);
    f->at[field].text[n] = '\0';
    return QN_OK;
}

void qn_fields_fini(struct qn_span_fields *f)
{
    for (int i = 0; i < QN_FIELD_COUNT; i++)
        free(f->at[i].text);
    *f = (struct qn_span_fields){0};
}

bool qn_is_named(const char *const *names, size_t n, const char *text)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(names[i], text) == 0)
            return true;
    return false;
}

enum qn_span_outcome qn_fields_outcome(const struct qn_span_fields *f, const char *const *cancelled,
                                       size_t n_cancelled)
{
    if (f->is_cancelled || qn_is_named(cancelled, n_cancelled, f->at[QN_FIELD_NAME].text))
        return QN_SPAN_CANCELLED;
    return f->has_error ? QN_SPAN_FAILED : QN_SPAN_OK;
}
