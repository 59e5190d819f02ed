/*
 * The keys of a workload (bench/workload/keys.h) read: from text, as options and files give it, to a struct
 * qn_workload_set.
 *
 * Values are gathered as text first, each with where it came from; the command line overrides the file, and only what is
 * left is parsed. So a complaint can name its option, or its file and line.
 */
#ifndef QN_BENCH_OPTIONS_KEYS_H
#define QN_BENCH_OPTIONS_KEYS_H

#include <stdio.h>

#include "bench/base/complain.h"
#include "bench/options/parse.h"
#include "bench/workload/keys.h"

enum qn_key {
#define QN_KEY_ENUM(symbol, ...) QN_KEY_##symbol,
    QN_KEYS(QN_KEY_ENUM, QN_KEY_ENUM, QN_KEY_ENUM)
#undef QN_KEY_ENUM
        QN_KEY_COUNT
};

#define QN_ORIGIN_BYTES 320

/* A value as text; text NULL: not given. Owns its text. */
struct qn_key_value {
    char *text;
    char origin[QN_ORIGIN_BYTES]; /* "--workers", or "file.ini:3: workers" */
};

/* The values of one workload, or those of the command line. */
struct qn_key_values {
    struct qn_key_value of[QN_KEY_COUNT];
};

/* Puts a value where it belongs: into the field that a VALUE is, or where PARTS go, a struct qn_workload_set. Its text
 * is not NULL. QN_EINVAL after a complaint; QN_ENOMEM. */
typedef int qn_key_take_fn(const struct qn_key_value *value, void *out);

/* Values on their way to become a workload. */
struct qn_key_making {
    struct qn_workload_set *set;
    const struct qn_key_value
        *of;         /* QN_KEY_COUNT: as given, or the standard (origin ""), or without text */
    const char *dir; /* that a trace's path is relative to; NULL: the working folder */
};

/* Holds a key against others, all of which have been taken, and sets what follows from it where it has no text. Returns
 * as qn_key_take_fn. */
typedef int qn_key_settle_fn(const struct qn_key_making *making);

/* A key; static storage. */
struct qn_key_info {
    const char *name, *argument, *help;
    const char *standard;     /* NULL: none */
    qn_key_take_fn *take;     /* NULL: nothing is to be taken */
    size_t at;                /* of what it takes the value into, in struct qn_workload_set */
    qn_key_settle_fn *settle; /* NULL: it stands for itself */
};
extern const struct qn_key_info qn_keys[QN_KEY_COUNT];

/* Sets a value; replaces the one before. QN_ENOMEM. */
int qn_key_value_set(struct qn_key_value *value, const char *text,
                     const char *origin) QN_MUST_CHECK;
void qn_key_values_free(struct qn_key_values *values);

/* Complains of a value; QN_EINVAL. Here, since keys.c and the files that its table names would call each other. */
static inline int qn_key_refuse(const struct qn_key_value *v, const char *allowed)
{
    return qn_refuse(v->origin, v->text, allowed);
}

/*
 * Reads a workload file (bench/base/ini.h) into *values. QN_EINVAL after a complaint, which names file
 * and line; QN_ENOENT without one: there is no such file. QN_ENOMEM.
 */
int qn_keys_read_file(const char *path, struct qn_key_values *values) QN_MUST_CHECK;

/*
 * Makes a workload of values: over's where it has one, else file's, else the standard. dir is the
 * folder that a trace named in the file is relative to. QN_EINVAL after a complaint; QN_ENOMEM. On
 * QN_OK the caller gives *out to qn_workload_set_fini.
 */
int qn_keys_make_workload(const char *name, const char *dir, const struct qn_key_values *file,
                          const struct qn_key_values *over,
                          struct qn_workload_set *out) QN_MUST_CHECK;
void qn_workload_set_fini(struct qn_workload_set *set);

/*
 * Writes the keys that a workload was given, "key = value" a line, in the order of the table, so that
 * a file of them is the same workload wherever it stands: the path of a trace is absolute. A key of
 * `instead` that has a text stands in place of the workload's; an empty one leaves it out.
 */
void qn_keys_write(const struct qn_workload_set *set, const struct qn_key_values *instead,
                   FILE *file);

#endif
