/*
 * The name that a misspelt word most likely meant.
 *
 * Names are offered one by one; the nearest so far is kept. Distance is counted in slips (Damerau
 * and Levenshtein: an extra, missing or wrong letter, or two swapped), of which a word may have one
 * per three letters; a word that is the beginning of a name is near too. Case, and '-' against '_',
 * don't matter.
 */
#ifndef QN_BENCH_BASE_NEAREST_H
#define QN_BENCH_BASE_NEAREST_H

#include <stddef.h>

#define QN_NEAREST_BYTES 64
#define QN_NEAREST_HINT_BYTES 256
#define QN_WORDS_BYTES 256 /* of joined words, enough for any list in this program */

struct qn_nearest {
    char word[QN_NEAREST_BYTES];      /* "": no name can be near */
    size_t slips;                     /* of the nearest, or the first number that is too many */
    char name[QN_NEAREST_BYTES];      /* the nearest; "": none is near */
    char hint[QN_NEAREST_HINT_BYTES]; /* "; did you mean 'NAME'?", or "" */
};

/* Nothing is near a word of more than QN_NEAREST_BYTES - 1 bytes. */
void qn_nearest_begin(struct qn_nearest *nearest, const char *word);

/* Of equally near names the first is kept. name is copied; names that are too long are skipped. */
void qn_nearest_offer(struct qn_nearest *nearest, const char *name);

/* The same for a name with an argument, such as ":10us" or "=worker": the argument doesn't count in
 * the distance but is in the hint, so that it can be typed as it is; it is left out if there is no
 * room. */
void qn_nearest_offer_with(struct qn_nearest *nearest, const char *name, const char *argument);

/* Complains about a value as qn_refuse does, with the nearest name after what is allowed;
 * QN_EINVAL. */
int qn_nearest_refuse(const struct qn_nearest *nearest, const char *where, const char *value,
                      const char *allowed);

/* Words to choose from. */
struct qn_words {
    const char *const *list;
    size_t n;
};

/* The words as an initialiser, and as the address of a constant. */
#define QN_WORD_LIST(...) \
    { \
        (const char *const[]){__VA_ARGS__}, \
            sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *) \
    }
#define QN_WORDS(...) (&(const struct qn_words)QN_WORD_LIST(__VA_ARGS__))

/* "a, b or c" if between is ", " and last " or "; cut to the room that there is. */
void qn_words_join(const struct qn_words *words, const char *between, const char *last, char *out,
                   size_t bytes);

/* Finds the value among the words; QN_EINVAL after a complaint that names them all. */
int qn_take_word(const char *where, const char *value, const struct qn_words *words, size_t *index);

#endif
