#include "bench/folder/manifest.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/paste.h"
#include "bench/folder/writer.h"

#define MAX_BYTES ((size_t)64 * 1024 * 1024)

struct cJSON *qn_manifest_read(const char *dir)
{
    FILE *file = qn_results_open(dir, "manifest.json", "re");
    cJSON *root = NULL;
    char *text = NULL;
    size_t room = 0;
    ssize_t bytes;

    if (!file)
        return NULL;
    bytes = getdelim(&text, &room, '\0', file);
    if (bytes > 0 && (size_t)bytes < MAX_BYTES)
        root = cJSON_Parse(text);
    free(text);
    fclose(file);
    if (!cJSON_IsObject(root)) {
        cJSON_Delete(root);
        root = NULL;
    }
    errno = 0;
    return root;
}

const cJSON *qn_manifest_item(const cJSON *root, enum qn_manifest_field field)
{
    const struct qn_manifest_name *n = &qn_manifest_names[field];

    return cJSON_GetObjectItem(*n->section ? cJSON_GetObjectItem(root, n->section) : root, n->name);
}

const char *qn_manifest_text(const cJSON *root, enum qn_manifest_field field)
{
    return cJSON_GetStringValue(qn_manifest_item(root, field));
}

double qn_manifest_number(const cJSON *root, enum qn_manifest_field field)
{
    return cJSON_GetNumberValue(qn_manifest_item(root, field));
}

bool qn_manifest_is_imported(const cJSON *root)
{
    return cJSON_IsArray(qn_manifest_item(root, QN_MANIFEST_IMPORTED));
}

static const char *command_of(const cJSON *root)
{
    return cJSON_GetStringValue(cJSON_GetArrayItem(qn_manifest_item(root, QN_MANIFEST_WORDS), 0));
}

bool qn_manifest_is_of_command(const char *dir, const char *command)
{
    cJSON *root = qn_manifest_read(dir);
    const char *name = command_of(root);
    bool is_so = name && strcmp(name, command) == 0;

    cJSON_Delete(root);
    return is_so;
}

bool qn_resume_command(const char *dir, char *out, size_t bytes)
{
    cJSON *root = qn_manifest_read(dir);
    const char *name = command_of(root);

    if (name)
        qn_paste_command(out, bytes, name, "--resume", "--out", dir, NULL);
    cJSON_Delete(root);
    return name != NULL;
}
