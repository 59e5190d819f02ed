/*
 * Writing JSON with cJSON: a function per kind adds a member to an object. Kinds are named as for
 * CSV (bench/base/csv.h), so that one table of fields, X(…, name, kind, value), writes both. A
 * figure that does not exist is null.
 *
 * Members for which memory runs out are left out, as in cJSON; running out for the whole text is an
 * error.
 */
#ifndef QN_BENCH_BASE_JSON_H
#define QN_BENCH_BASE_JSON_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "runtime/base.h"

/* Add a member at the end: text, as qn_json_text has it, null for NULL; a whole number, null for QN_NONE; a number,
 * null unless finite; true or false. */
void qn_json_put_text(cJSON *object, const char *name, const char *value);
void qn_json_put_whole(cJSON *object, const char *name, int64_t value);
void qn_json_put_number(cJSON *object, const char *name, double value);
void qn_json_put_flag(cJSON *object, const char *name, bool value);

/* Add a list or an object, taking ownership; NULL adds nothing. */
void qn_json_put_item(cJSON *object, const char *name, cJSON *value);

/* A text, copied, with a '?' for each byte that isn't UTF-8, which JSON is. NULL: out of memory. */
cJSON *qn_json_text(const char *text);

/* A number, null if it is not finite. NULL: out of memory. */
cJSON *qn_json_number(double value);

/* Defines a function that makes a list of values[0 .. n): item is an expression over v, the address
 * of a value. */
#define QN_JSON_LIST(function, type, item) \
    static cJSON *function(type *values, size_t n) \
    { \
        cJSON *list = cJSON_CreateArray(); \
\
        for (type *v = values; v < values + n; v++) \
            cJSON_AddItemToArray(list, item); \
        return list; \
    }

/* The first object of a list whose member `key` is that text; NULL: none is. list may be NULL. */
const cJSON *qn_json_find(const cJSON *list, const char *key, const char *text);

/* A number, 0 if it is none; item may be NULL. */
double qn_json_value(const cJSON *item);

/* Writes root, NULL meaning out of memory, and frees it. QN_ENOMEM: nothing is written. Write
 * errors stay in file. */
int qn_json_print(cJSON *root, FILE *file) QN_MUST_CHECK;

/* The same, replacing dir/name in one step. QN_EIO: the old file stays, see errno. */
int qn_json_replace(cJSON *root, const char *dir, const char *name) QN_MUST_CHECK;

#endif
