#include "bench/folder/foreign.h"

#include <errno.h>
#include <string.h>

#include "bench/base/complain.h"
#include "bench/base/json.h"
#include "bench/folder/manifest.h"
#include "runtime/err.h"
#include "strategies/foreign.h"

static cJSON *flags_of(const struct qn_strategy *s)
{
    cJSON *list = cJSON_CreateArray();

    for (unsigned bit = 0; bit < QN_N_STRATEGY_FLAGS; bit++)
        if (s->flags & 1u << bit)
            cJSON_AddItemToArray(list, cJSON_CreateString(qn_strategy_flags[bit].word));
    return list;
}

static cJSON *entry_of(const struct qn_foreign *f)
{
    cJSON *object = cJSON_CreateObject();

    qn_json_put_text(object, "name", f->strategy.name);
    qn_json_put_text(object, "summary", f->strategy.summary);
    qn_json_put_item(object, "flags", flags_of(&f->strategy));
#define PUT(field, name) qn_json_put_text(object, name, f->field);
    QN_FOREIGN_TEXTS(PUT)
#undef PUT
    return object;
}

cJSON *qn_foreign_json(const struct qn_strategy *const *strategies, size_t n)
{
    cJSON *list = NULL;

    for (size_t i = 0; i < n; i++) {
        const struct qn_foreign *f = qn_foreign_of(strategies[i]);

        if (f && !list)
            list = cJSON_CreateArray();
        if (f)
            cJSON_AddItemToArray(list, entry_of(f));
    }
    return list;
}

/* The text of a member; "": it has none. */
static const char *text_of(const cJSON *entry, const char *name)
{
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItem(entry, name));

    return text ? text : "";
}

/* Flags of later versions are left out. */
static unsigned read_flags(const cJSON *entry)
{
    const cJSON *word;
    unsigned flags = 0;

    cJSON_ArrayForEach(word, cJSON_GetObjectItem(entry, "flags"))
    {
        const char *text = cJSON_GetStringValue(word);

        for (unsigned bit = 0; text && bit < QN_N_STRATEGY_FLAGS; bit++)
            if (strcmp(qn_strategy_flags[bit].word, text) == 0)
                flags |= 1u << bit;
    }
    return flags;
}

static int take(const char *dir, const cJSON *entry)
{
    struct qn_foreign f = {.strategy = {.name = text_of(entry, "name"),
                                        .summary = text_of(entry, "summary"),
                                        .flags = read_flags(entry)}};
    int rc;

#define TAKE(field, name) f.field = text_of(entry, name);
    QN_FOREIGN_TEXTS(TAKE)
#undef TAKE
    f.module = ""; /* of the machine that measured it */
    if (qn_strategy_find(f.strategy.name))
        return QN_OK;
    rc = qn_foreign_add(&f);
    if (rc == QN_EINVAL)
        qn_complain(
            "%s/manifest.json: foreign: '%.64s' is not a strategy's name: up to %u of a-z, 0-9 "
            "and '-'",
            dir, f.strategy.name, QN_FOREIGN_NAME_MAX);
    return rc;
}

int qn_foreign_read(const char *dir)
{
    cJSON *root = qn_manifest_read(dir);
    const cJSON *list = qn_manifest_item(root, QN_MANIFEST_FOREIGN), *entry;
    int rc = QN_OK;

    if (!root && errno == 0) {
        qn_complain("%s/manifest.json: it is no JSON object; a results folder is expected", dir);
        return QN_EINVAL;
    }
    if (list && !cJSON_IsArray(list)) {
        qn_complain("%s/manifest.json: foreign: it is no list of strategies", dir);
        rc = QN_EINVAL;
    }
    cJSON_ArrayForEach(entry, list)
    {
        if (rc == QN_OK)
            rc = take(dir, entry);
    }
    cJSON_Delete(root);
    return rc;
}
