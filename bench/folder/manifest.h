/*
 * Reading manifest.json: what a run says of itself.
 */
#ifndef QN_BENCH_FOLDER_MANIFEST_H
#define QN_BENCH_FOLDER_MANIFEST_H

#include <stdbool.h>
#include <stddef.h>

/* The manifest of a folder as it stands, for cJSON_Delete; NULL: there is none (see errno), or what there is
 * can't be read as JSON (errno is 0). */
struct cJSON *qn_manifest_read(const char *dir);

/* The command that goes on with the run of a folder, to be pasted, into out. False: the folder does not say what
 * its run is. */
bool qn_resume_command(const char *dir, char *out, size_t bytes);

#endif
