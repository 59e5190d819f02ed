/*
 * Reading the keys of a workload (bench/workload/keys.h) from the text of options and files into a
 * struct qn_workload_set.
 *
 * Values are collected as text first, each with its origin; the command line overrides the file,
 * and only the remaining values are parsed. So an error message can name the option, or the file
 * and line.
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

/* Parses a value into *out: the field of a VALUE, the struct qn_workload_set for PARTS. Its text is
 * not NULL. QN_EINVAL after a complaint; QN_ENOMEM. */
typedef int qn_key_take_fn(const struct qn_key_value *value, void *out);

/* The values that a workload is made of. */
struct qn_key_making {
    struct qn_workload_set *set;
    const struct qn_key_value
        /* QN_KEY_COUNT of them: as given, else the default (origin ""), else without text */
        *of;
    const char *dir;      /* base of a trace's relative path; NULL: the working folder */
    const char *work_dir; /* the same for the module of `work` */
};

/* Checks a key against others, once all have been parsed, and derives its value if it has no text.
 * Returns as qn_key_take_fn. */
typedef int qn_key_settle_fn(const struct qn_key_making *making);

/* A key; static storage. */
struct qn_key_info {
    const char *name, *argument, *help;
    const char *standard;     /* NULL: none */
    qn_key_take_fn *take;     /* NULL: nothing to parse */
    size_t at;                /* offset in struct qn_workload_set of what `take` fills */
    qn_key_settle_fn *settle; /* NULL: independent of other keys */
};
extern const struct qn_key_info qn_keys[QN_KEY_COUNT];

/* Sets a value, replacing the previous one. QN_ENOMEM. */
int qn_key_value_set(struct qn_key_value *value, const char *text,
                     const char *origin) QN_MUST_CHECK;
void qn_key_values_free(struct qn_key_values *values);

/* Refuses a value with a complaint; QN_EINVAL. Inline, since otherwise keys.c and the files named
 * in its table would call each other. */
static inline int qn_key_refuse(const struct qn_key_value *v, const char *allowed)
{
    return qn_refuse(v->origin, v->text, allowed);
}

/*
 * Reads a workload file (bench/base/ini.h) into *values. QN_EINVAL after a complaint, which names
 * file and line; QN_ENOENT without a complaint: there is no such file. QN_ENOMEM.
 */
int qn_keys_read_file(const char *path, struct qn_key_values *values) QN_MUST_CHECK;

/*
 * Makes a workload from values: those of `over` if set, else those of `file`, else defaults. A
 * trace or module named in the file is relative to dir. QN_EINVAL after a complaint; QN_ENOMEM. On QN_OK the
 * caller gives *out to qn_workload_set_fini.
 */
int qn_keys_make_workload(const char *name, const char *dir, const struct qn_key_values *file,
                          const struct qn_key_values *over,
                          struct qn_workload_set *out) QN_MUST_CHECK;
void qn_workload_set_fini(struct qn_workload_set *set);

/* The i-th failure rate of calls with so many workers; NAN where none applies. */
double qn_workload_set_rate(const struct qn_workload_set *set, size_t i, unsigned workers);

/*
 * Writes the keys that a workload was given as "key = value" lines, in the order of the table. The
 * path of a trace or module is made absolute, so the file describes the same workload in any folder. A key of
 * `instead` replaces the workload's; an empty text omits it.
 */
void qn_keys_write(const struct qn_workload_set *set, const struct qn_key_values *instead,
                   FILE *file);

#endif
