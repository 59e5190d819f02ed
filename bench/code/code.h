/*
 * A strategy as code for a program's own pool, from a template in the folder `templates` of the program's
 * data (templates/README.md says how they are written).
 */
#ifndef QN_BENCH_CODE_CODE_H
#define QN_BENCH_CODE_CODE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "bench/base/nearest.h"
#include "runtime/base.h"

/* X(symbol, word of --code, file that `tune` writes, template). Comments begin with "//" in all of them. */
#define QN_CODE_LANGUAGES(X) \
    X(NONE, "none", NULL, NULL) \
    X(C, "c", "recommended.c", "fan_out.c.in") \
    X(CXX, "c++", "recommended.cc", "fan_out.cc.in")

enum qn_code_language {
#define QN_CODE_LANGUAGE(symbol, word, file, source) QN_CODE_##symbol,
    QN_CODE_LANGUAGES(QN_CODE_LANGUAGE)
#undef QN_CODE_LANGUAGE
        QN_CODE_LANGUAGE_COUNT
};

extern const struct qn_words qn_code_words;
extern const char *const qn_code_files[QN_CODE_LANGUAGE_COUNT];

/* What is to be written. */
struct qn_code {
    const char *strategy; /* its name */
    const char *look;     /* work between two looks, in words: "4 µs"; used where it looks */
    uint64_t grace_ns;    /* used where running work is abandoned */
    bool yields;          /* the failing worker calls sched_yield() after its error */
};

/* Whether there are templates for the strategy of that name. */
bool qn_code_has(const char *strategy);

/* Writes the code of a strategy that qn_code_has, in a language but NONE. QN_EIO: after a complaint, a template can't be read; QN_ENOMEM. */
int qn_code_write(const struct qn_code *code, enum qn_code_language language,
                  FILE *file) QN_MUST_CHECK;

/* Writes text as comments of any of the languages, a line each. */
void qn_code_comment(const char *text, FILE *file);

#endif
