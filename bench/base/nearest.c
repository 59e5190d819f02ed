#include "bench/base/nearest.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "bench/base/complain.h"
#include "bench/base/text.h"
#include "runtime/err.h"

#define LETTERS_A_SLIP 3

static char fold(char c)
{
    return c == '_' ? '-' : (char)tolower((unsigned char)c);
}

static size_t min(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* The number of slips between two words of less than QN_NEAREST_BYTES letters, a swap of neighbours
 * counting as one (the optimal string alignment form of Damerau and Levenshtein's distance). */
static size_t count_slips(const char *a, const char *b)
{
    size_t rows[3][QN_NEAREST_BYTES];
    size_t *before = rows[0], *last = rows[1], *now = rows[2], n = strlen(b);

    for (size_t j = 0; j <= n; j++)
        last[j] = j;
    for (size_t i = 1; a[i - 1]; i++) {
        size_t *spare = before;

        now[0] = i;
        for (size_t j = 1; j <= n; j++) {
            now[j] = last[j - 1] + (fold(a[i - 1]) != fold(b[j - 1]));
            now[j] = min(now[j], min(last[j], now[j - 1]) + 1);
            if (i > 1 && j > 1 && fold(a[i - 1]) == fold(b[j - 2]) &&
                fold(a[i - 2]) == fold(b[j - 1]))
                now[j] = min(now[j], before[j - 2] + 1);
        }
        before = last;
        last = now;
        now = spare;
    }
    return last[n];
}

/* Slips allowed in a word of n letters: none in a single letter, one in a short word. */
static size_t allowed_slips(size_t n)
{
    return n < 2 ? 0 : n < LETTERS_A_SLIP ? 1 : n / LETTERS_A_SLIP;
}

static int begins_with(const char *name, const char *word)
{
    while (*word && fold(*name) == fold(*word)) {
        name++;
        word++;
    }
    return *word == '\0';
}

void qn_nearest_begin(struct qn_nearest *nearest, const char *word)
{
    size_t n = strlen(word);

    *nearest = (struct qn_nearest){.slips = allowed_slips(n) + 1};
    if (n < sizeof(nearest->word))
        memcpy(nearest->word, word, n);
}

void qn_nearest_offer(struct qn_nearest *nearest, const char *name)
{
    qn_nearest_offer_with(nearest, name, "");
}

void qn_nearest_offer_with(struct qn_nearest *nearest, const char *name, const char *argument)
{
    static const char hint[] = "; did you mean '%s%s'?";
    size_t n = strlen(nearest->word), slips;

    if (n == 0 || *name == '\0' || strlen(name) >= sizeof(nearest->name))
        return;
    slips = count_slips(nearest->word, name);
    if (n >= LETTERS_A_SLIP && begins_with(name, nearest->word))
        slips = min(slips, allowed_slips(n));
    if (slips >= nearest->slips)
        return;
    nearest->slips = slips;
    snprintf(nearest->name, sizeof(nearest->name), "%s", name);
    if (snprintf(nearest->hint, sizeof(nearest->hint), hint, name, argument) >=
        (int)sizeof(nearest->hint))
        snprintf(nearest->hint, sizeof(nearest->hint), hint, name, "");
}

int qn_nearest_refuse(const struct qn_nearest *nearest, const char *where, const char *value,
                      const char *allowed)
{
    qn_complain("%s: '%s' is not allowed: %s%s", where, value, allowed, nearest->hint);
    return QN_EINVAL;
}

void qn_words_join(const struct qn_words *words, const char *between, const char *last, char *out,
                   size_t bytes)
{
    out[0] = '\0';
    for (size_t i = 0; i < words->n; i++)
        qn_text_add(out, bytes, "%s%s",
                    i == 0             ? ""
                    : i + 1 < words->n ? between
                                       : last,
                    words->list[i]);
}

int qn_take_word(const char *where, const char *value, const struct qn_words *words, size_t *index)
{
    struct qn_nearest nearest;
    char allowed[QN_WORDS_BYTES];

    qn_nearest_begin(&nearest, value);
    for (size_t i = 0; i < words->n; i++) {
        if (strcmp(words->list[i], value) == 0) {
            *index = i;
            return QN_OK;
        }
        qn_nearest_offer(&nearest, words->list[i]);
    }
    qn_words_join(words, ", ", " or ", allowed, sizeof(allowed));
    return qn_nearest_refuse(&nearest, where, value, allowed);
}
