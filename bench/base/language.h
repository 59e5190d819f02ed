/*
 * The language of what is said: English, or another as a table of sentences by their English. What
 * a table doesn't have is said in English.
 */
#ifndef QN_BENCH_BASE_LANGUAGE_H
#define QN_BENCH_BASE_LANGUAGE_H

#include <stddef.h>

#include "bench/base/nearest.h"

enum qn_language { QN_ENGLISH, QN_CHINESE };

/* "en" and "zh", by enum qn_language; for an option --lang (qn_take_choice). Immutable. */
extern const struct qn_words qn_language_words;

/* A sentence; formats take the same arguments in both, by position where their order differs. */
struct qn_translation {
    const char *english, *other;
};

/* chinese.c; immutable. */
extern const struct qn_translation qn_chinese[];
extern const size_t qn_n_chinese;

/* Chooses the program's language. Must not overlap anything that speaks. */
void qn_language_set(enum qn_language language);

/* The sentence in the language chosen; english itself where there is none. */
const char *qn_say(const char *english) __attribute__((format_arg(1)));

#endif
