#include "bench/fanouts/names.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/complain.h"
#include "runtime/err.h"
#include "strategies/foreign.h"

/* Workloads with cells of their own: those with the most calls. */
#define MAX_NAMES 64u
#define OTHERS "other-names"

static bool is_ours(const char *name)
{
    for (size_t i = 0; i < qn_n_strategies; i++)
        if (strcmp(qn_strategies[i]->name, name) == 0)
            return true;
    return false;
}

const char *qn_fanout_strategy(const char *name, char out[QN_FANOUT_NAME_BYTES])
{
    static const char prefix[] = "own-";

    snprintf(out, QN_FANOUT_NAME_BYTES, "%s", *name ? name : "recorded");
    for (char *c = out; *c; c++)
        *c = isascii(*c) && isalnum((unsigned char)*c) ? (char)tolower((unsigned char)*c) : '-';
    if (is_ours(out)) {
        memmove(out + strlen(prefix), out, strlen(out) + 1);
        memcpy(out, prefix, strlen(prefix));
    }
    out[QN_FOREIGN_NAME_MAX] = '\0';
    return out;
}

/* Workloads. */

/* A text of the list, how many calls have it, and its name. */
struct named {
    uint32_t word;
    size_t n;
    const char *name; /* a word too */
};

static int by_count(const void *a, const void *b)
{
    const struct named *x = a, *y = b;

    if (x->n != y->n)
        return x->n > y->n ? -1 : 1;
    return (x->word > y->word) - (x->word < y->word);
}

static int by_word(const void *a, const void *b)
{
    const struct named *x = a, *y = b;

    return (x->word > y->word) - (x->word < y->word);
}

static void make_fit(const char *text, char out[QN_FANOUT_NAME_BYTES])
{
    snprintf(out, QN_FANOUT_NAME_BYTES, "%s", *text ? text : "unknown");
    for (char *c = out; *c; c++)
        if (!isascii(*c) || (!isalnum((unsigned char)*c) && !strchr("._+-", *c)))
            *c = '-';
}

/* The one of n that has a name; NULL: none has. */
static const struct named *find(const struct named *all, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(all[i].name, name) == 0)
            return &all[i];
    return NULL;
}

/* Names the next one after n that have names. */
static int name_next(struct qn_fanouts *list, struct named *all, size_t n, bool has_others)
{
    const char *text = list->words.items[all[n].word];
    const struct named *same;
    char fit[QN_FANOUT_NAME_BYTES], name[QN_FANOUT_NAME_BYTES];

    make_fit(text, fit);
    same = find(all, n, fit);
    strcpy(name, fit);
    for (unsigned k = 2; find(all, n, name) || (has_others && strcmp(name, OTHERS) == 0); k++) {
        char end[16];
        int n_end = snprintf(end, sizeof(end), "-%u", k);

        snprintf(name, sizeof(name), "%.*s%s", QN_FANOUT_NAME_BYTES - 1 - n_end, fit, end);
    }
    if (same)
        qn_complain("warning: '%s' and '%s' would be one workload, %s: the second is called %s",
                    list->words.items[same->word], text, fit, name);
    all[n].name = qn_fanouts_word(list, name);
    return all[n].name ? QN_OK : QN_ENOMEM;
}

/* Names all n that have calls; those with the most come first. */
static int name_all(struct qn_fanouts *list, struct named *all, size_t n)
{
    const char *others = n > MAX_NAMES ? qn_fanouts_word(list, OTHERS) : NULL;
    int rc = n > MAX_NAMES && !others ? QN_ENOMEM : QN_OK;

    for (size_t i = 0; rc == QN_OK && i < n && i < MAX_NAMES; i++)
        rc = name_next(list, all, i, others != NULL);
    for (size_t i = MAX_NAMES; i < n; i++)
        all[i].name = others;
    return rc;
}

int qn_fanouts_name(struct qn_fanouts *list)
{
    size_t n_words = list->words.n, n = 0;
    struct named *all = calloc(n_words + 1, sizeof(*all));
    uint32_t word;
    int rc = all ? QN_OK : QN_ENOMEM;

    for (uint32_t i = 0; rc == QN_OK && i < n_words; i++)
        all[i].word = i;
    for (size_t i = 0; rc == QN_OK && i < list->n; i++)
        if ((rc = qn_texts_number(&list->words, list->calls[i].workload, &word)) == QN_OK)
            n += all[word].n++ == 0;
    if (rc == QN_OK) {
        qsort(all, n_words, sizeof(*all), by_count);
        rc = name_all(list, all, n);
        qsort(all, n_words, sizeof(*all), by_word);
    }
    for (size_t i = 0; rc == QN_OK && i < list->n; i++)
        if ((rc = qn_texts_number(&list->words, list->calls[i].workload, &word)) == QN_OK)
            list->calls[i].workload = all[word].name;
    free(all);
    return rc;
}
