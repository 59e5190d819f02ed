/*
 * JSON as this program writes it, over cJSON: a member of an object a call, by kind. The kinds are called as those of CSV
 * (bench/base/csv.h), so that one table of fields, X(…, name, kind, value), writes both. A figure that does not exist is null.
 *
 * What runs out of memory is left out, as cJSON does it, but for the text as a whole.
 */
#ifndef QN_BENCH_BASE_JSON_H
#define QN_BENCH_BASE_JSON_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "runtime/base.h"

/* Add a member at the end: text, copied, NULL being null; a whole number, QN_NONE being null; a number, what is not
 * finite being null; true or false. */
void qn_json_put_text(cJSON *object, const char *name, const char *value);
void qn_json_put_whole(cJSON *object, const char *name, int64_t value);
void qn_json_put_number(cJSON *object, const char *name, double value);
void qn_json_put_flag(cJSON *object, const char *name, bool value);

/* Add a list or an object, which is theirs from then on; no member for NULL. */
void qn_json_put_item(cJSON *object, const char *name, cJSON *value);

/* A number, null if it is not finite. NULL: out of memory. */
cJSON *qn_json_number(double value);

/* Defines a function that makes a list of values[0 .. n): item, an expression of v, its address, is what each of
 * them becomes. */
#define QN_JSON_LIST(function, type, item) \
    static cJSON *function(type *values, size_t n) \
    { \
        cJSON *list = cJSON_CreateArray(); \
\
        for (type *v = values; v < values + n; v++) \
            cJSON_AddItemToArray(list, item); \
        return list; \
    }

/* Writes root, NULL being out of memory, and frees it. QN_ENOMEM: nothing is written. Errors of writing stay in
 * file. */
int qn_json_print(cJSON *root, FILE *file) QN_MUST_CHECK;

/* The same in the place of dir/name, in one step. QN_EIO: the old one stays, see errno. */
int qn_json_replace(cJSON *root, const char *dir, const char *name) QN_MUST_CHECK;

#endif
