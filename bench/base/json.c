#include "bench/base/json.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/csv.h"
#include "bench/base/replace.h"
#include "bench/base/text.h"

cJSON *qn_json_number(double value)
{
    return isfinite(value) ? cJSON_CreateNumber(value) : cJSON_CreateNull();
}

cJSON *qn_json_text(const char *text)
{
    cJSON *item = cJSON_CreateString(text);

    if (item)
        qn_text_mend(item->valuestring);
    return item;
}

void qn_json_put_text(cJSON *object, const char *name, const char *value)
{
    cJSON_AddItemToObject(object, name, value ? qn_json_text(value) : cJSON_CreateNull());
}

void qn_json_put_whole(cJSON *object, const char *name, int64_t value)
{
    qn_json_put_number(object, name, value == QN_NONE ? NAN : (double)value);
}

void qn_json_put_number(cJSON *object, const char *name, double value)
{
    cJSON_AddItemToObject(object, name, qn_json_number(value));
}

void qn_json_put_flag(cJSON *object, const char *name, bool value)
{
    cJSON_AddBoolToObject(object, name, value);
}

void qn_json_put_item(cJSON *object, const char *name, cJSON *value)
{
    cJSON_AddItemToObject(object, name, value);
}

const cJSON *qn_json_find(const cJSON *list, const char *key, const char *text)
{
    const cJSON *object;

    cJSON_ArrayForEach(object, list)
    {
        const char *found = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, key));

        if (found && strcmp(found, text) == 0)
            return object;
    }
    return NULL;
}

double qn_json_value(const cJSON *item)
{
    return cJSON_IsNumber(item) ? item->valuedouble : 0;
}

int qn_json_print(cJSON *root, FILE *file)
{
    char *text = cJSON_Print(root);

    cJSON_Delete(root);
    if (!text)
        return QN_ENOMEM;
    fprintf(file, "%s\n", text);
    free(text);
    return QN_OK;
}

int qn_json_replace(cJSON *root, const char *dir, const char *name)
{
    struct qn_replace replace;
    int rc = qn_replace_begin(&replace, dir, name), written;

    if (rc != QN_OK) {
        cJSON_Delete(root);
        return rc;
    }
    written = qn_json_print(root, replace.file);
    rc = qn_replace_end(&replace, written == QN_OK);
    return written == QN_OK ? rc : written;
}
