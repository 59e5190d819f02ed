/*
 * The name that a misspelt word was most likely to be.
 *
 * Names are offered one after the other; the nearest so far is kept. Near is counted in slips of the
 * hand (Damerau and Levenshtein: a letter too many, too few, wrong, or two swapped), of which a word may
 * have one in three letters; a word that a name begins with is near too. Case, and whether '-' or '_'
 * is written, count for nothing.
 */
#ifndef QN_BENCH_BASE_NEAREST_H
#define QN_BENCH_BASE_NEAREST_H

#include <stddef.h>

#define QN_NEAREST_BYTES 64
#define QN_NEAREST_HINT_BYTES 256
#define QN_WORDS_BYTES 256 /* of words that are joined, enough for any list of this program */

struct qn_nearest {
    char word[QN_NEAREST_BYTES];      /* "": none of those offered can be near */
    size_t slips;                     /* of the nearest, or the fewest that are too many */
    char name[QN_NEAREST_BYTES];      /* the nearest; "": none is near */
    char hint[QN_NEAREST_HINT_BYTES]; /* "; did you mean 'NAME'?", or "" */
};

/* The word's longest part that counts is QN_NEAREST_BYTES - 1 bytes; of a longer one nothing is near. */
void qn_nearest_begin(struct qn_nearest *nearest, const char *word);

/* Among equally near ones the first is kept. name is copied; longer ones are passed over. */
void qn_nearest_offer(struct qn_nearest *nearest, const char *name);

/* The same of a name that is written with an argument behind it, such as ":10us" or "=worker": it counts for
 * nothing in what is near, and stands in the hint, which so can be typed as it is; one that has no room there
 * is left out. */
void qn_nearest_offer_with(struct qn_nearest *nearest, const char *name, const char *argument);

/* Complains of a value as qn_refuse does, the nearest name behind what is allowed; QN_EINVAL. */
int qn_nearest_refuse(const struct qn_nearest *nearest, const char *where, const char *value,
                      const char *allowed);

/* Words that there are to choose from. */
struct qn_words {
    const char *const *list;
    size_t n;
};

/* The words as an initialiser, and as a constant's address. */
#define QN_WORD_LIST(...) \
    { \
        (const char *const[]){__VA_ARGS__}, \
            sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *) \
    }
#define QN_WORDS(...) (&(const struct qn_words)QN_WORD_LIST(__VA_ARGS__))

/* "a, b or c", where between is ", " and last " or "; cut to the room that there is. */
void qn_words_join(const struct qn_words *words, const char *between, const char *last, char *out,
                   size_t bytes);

/* The index of the value among the words; QN_EINVAL after a complaint that names them all. */
int qn_take_word(const char *where, const char *value, const struct qn_words *words, size_t *index);

#endif
