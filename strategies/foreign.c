#include "strategies/foreign.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/err.h"

static const struct qn_foreign **list;
static size_t n_list;

bool qn_foreign_is_name(const char *name)
{
    size_t n = strlen(name);

    return n >= 1 && n <= QN_FOREIGN_NAME_MAX &&
           strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == n;
}

/* Copies a text. False: out of memory. */
static bool copy(const char **text)
{
    *text = strdup(*text ? *text : "");
    return *text != NULL;
}

static void drop(struct qn_foreign *f)
{
#define DROP(field, name) free((char *)(uintptr_t)f->field);
    QN_FOREIGN_TEXTS(DROP)
#undef DROP
    free((char *)(uintptr_t)f->strategy.kinds_reason);
    free((char *)(uintptr_t)f->strategy.source);
    free((char *)(uintptr_t)f->strategy.summary);
    free((char *)(uintptr_t)f->strategy.name);
    free(f);
}

static struct qn_foreign *duplicate(const struct qn_foreign *from)
{
    struct qn_foreign *f = malloc(sizeof(*f));
    bool ok;

    if (!f)
        return NULL;
    *f = *from;
    ok = copy(&f->strategy.name);
    ok &= copy(&f->strategy.summary);
    ok &= copy(&f->strategy.source);
    ok &= copy(&f->strategy.kinds_reason);
#define COPY(field, name) ok &= copy(&f->field);
    QN_FOREIGN_TEXTS(COPY)
#undef COPY
    if (ok)
        return f;
    drop(f);
    return NULL;
}

int qn_foreign_add(const struct qn_foreign *foreign)
{
    const struct qn_foreign **grown;
    struct qn_foreign *f;

    if (!qn_foreign_is_name(foreign->strategy.name))
        return QN_EINVAL;
    assert(!qn_foreign_find(foreign->strategy.name));
    grown = realloc(list, (n_list + 1) * sizeof(*list));
    if (!grown)
        return QN_ENOMEM;
    list = grown;
    if (!(f = duplicate(foreign)))
        return QN_ENOMEM;
    list[n_list++] = f;
    return QN_OK;
}

const struct qn_foreign *qn_foreign_at(size_t i)
{
    return i < n_list ? list[i] : NULL;
}

size_t qn_foreign_count(void)
{
    return n_list;
}

const struct qn_foreign *qn_foreign_of(const struct qn_strategy *strategy)
{
    for (size_t i = 0; i < n_list; i++)
        if (&list[i]->strategy == strategy)
            return list[i];
    return NULL;
}

const struct qn_foreign *qn_foreign_find(const char *name)
{
    for (size_t i = 0; i < n_list; i++)
        if (strcmp(list[i]->strategy.name, name) == 0)
            return list[i];
    return NULL;
}
