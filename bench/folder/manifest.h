/*
 * Reading manifest.json: what a run says of itself.
 */
#ifndef QN_BENCH_FOLDER_MANIFEST_H
#define QN_BENCH_FOLDER_MANIFEST_H

#include <stdbool.h>
#include <stddef.h>

#include "bench/schema/manifest.h"

/* The manifest of a folder as it stands, for cJSON_Delete; NULL: there is none (see errno), or what there is
 * can't be read as JSON (errno is 0). */
struct cJSON *qn_manifest_read(const char *dir);

/* A field of it; NULL: there is none. root may be NULL. */
const struct cJSON *qn_manifest_item(const struct cJSON *root, enum qn_manifest_field field);

/* The same as text, valid as long as root, NULL: there is none; as a number, NAN: there is none. */
const char *qn_manifest_text(const struct cJSON *root, enum qn_manifest_field field);
double qn_manifest_number(const struct cJSON *root, enum qn_manifest_field field);

/* The command that goes on with the run of a folder, to be pasted, into out. False: the folder does not say what
 * its run is. */
bool qn_resume_command(const char *dir, char *out, size_t bytes);

#endif
