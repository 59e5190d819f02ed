/*
 * Reading manifest.json, a run's description of itself.
 */
#ifndef QN_BENCH_FOLDER_MANIFEST_H
#define QN_BENCH_FOLDER_MANIFEST_H

#include <stdbool.h>
#include <stddef.h>

#include "bench/schema/manifest.h"

/* A folder's manifest, for cJSON_Delete; NULL: there is none (see errno), or it is no JSON
 * object (errno is 0). */
struct cJSON *qn_manifest_read(const char *dir);

/* A field; NULL: there is none. root may be NULL. */
const struct cJSON *qn_manifest_item(const struct cJSON *root, enum qn_manifest_field field);

/* The same as text, valid as long as root, or NULL; as a number, or NAN. */
const char *qn_manifest_text(const struct cJSON *root, enum qn_manifest_field field);
double qn_manifest_number(const struct cJSON *root, enum qn_manifest_field field);

/* True if the folder was made by `quench import`. */
bool qn_manifest_is_imported(const struct cJSON *root);

/* True if the run of a folder was begun by this command of the program. */
bool qn_manifest_is_of_command(const char *dir, const char *command);

/* Writes to out the command that resumes a folder's run, ready to paste. False: the folder does not
 * record its command. */
bool qn_resume_command(const char *dir, char *out, size_t bytes);

#endif
