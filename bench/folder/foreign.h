/*
 * The foreign strategies of a folder (strategies/foreign.h), listed in its manifest.json as
 * `foreign`: so that a folder can be reported, explained and compared where their modules are
 * missing.
 */
#ifndef QN_BENCH_FOLDER_FOREIGN_H
#define QN_BENCH_FOLDER_FOREIGN_H

#include <stddef.h>

#include "runtime/base.h"

struct cJSON;
struct qn_strategy;

/* The list of those of n strategies that are foreign; NULL: none is, or out of memory. */
struct cJSON *qn_foreign_json(const struct qn_strategy *const *strategies, size_t n);

/*
 * Registers those of the folder's manifest whose names are not registered yet; a folder without a
 * list, or without a manifest, has none. QN_EINVAL after a complaint: an entry of the list is not
 * one; QN_ENOMEM. Not to be called while anything runs.
 */
int qn_foreign_read(const char *dir) QN_MUST_CHECK;

#endif
