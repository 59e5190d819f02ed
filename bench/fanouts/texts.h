/*
 * Texts that occur again and again, each stored once and known by its number.
 */
#ifndef QN_BENCH_FANOUTS_TEXTS_H
#define QN_BENCH_FANOUTS_TEXTS_H

#include <stddef.h>
#include <stdint.h>

#include "runtime/base.h"

/* All zeros: empty. */
struct qn_texts {
    char **items; /* n, in the order of their numbers */
    size_t n;
    uint32_t *slots; /* open addressing: number + 1, 0: free; n_slots is a power of two */
    size_t n_slots;
};

/* The number of a text, from 0; a new one is copied. QN_ENOMEM. */
int qn_texts_number(struct qn_texts *texts, const char *text, uint32_t *number) QN_MUST_CHECK;

void qn_texts_fini(struct qn_texts *texts);

#endif
