#include "bench/folder/manifest.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

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
    errno = 0;
    return root;
}

bool qn_resume_command(const char *dir, char *out, size_t bytes)
{
    cJSON *root = qn_manifest_read(dir);
    const cJSON *words = cJSON_GetObjectItem(cJSON_GetObjectItem(root, "run"), "words");
    const char *name = cJSON_GetStringValue(cJSON_GetArrayItem(words, 0));

    if (name)
        qn_paste_command(out, bytes, name, "--resume", "--out", dir, NULL);
    cJSON_Delete(root);
    return name != NULL;
}
