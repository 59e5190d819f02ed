/*
 * Counter-based random numbers: each is a pure function of a key and a position, so any of them can
 * be drawn at any time, in any order, and again.
 *
 * The mixer is splitmix64's finaliser (Steele, Lea and Flood, OOPSLA 2014), applied once per input
 * word.
 */
#ifndef QN_BENCH_BASE_RNG_H
#define QN_BENCH_BASE_RNG_H

#include <stddef.h>
#include <stdint.h>

/* Mixes a word into a state. */
static inline uint64_t qn_rng_mix(uint64_t state, uint64_t word)
{
    uint64_t z = state + UINT64_C(0x9e3779b97f4a7c15) * (word + 1);

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* A hash of a text (FNV-1a). */
static inline uint64_t qn_rng_text(const char *text)
{
    uint64_t h = UINT64_C(0xcbf29ce484222325);

    for (; *text; text++)
        h = (h ^ (uint8_t)*text) * UINT64_C(0x100000001b3);
    return h;
}

/* A number in the open interval (0, 1), of 52 bits: with 53 the last one would round up to 1. */
static inline double qn_rng_uniform(uint64_t bits)
{
    return ((double)(bits >> 12) + 0.5) * 0x1p-52;
}

/* Shuffles n items of `size` bytes (Fisher and Yates), seeded by a state. */
static inline void qn_rng_shuffle(uint64_t state, void *items, size_t n, size_t size_bytes)
{
    unsigned char *bytes = items;

    for (size_t i = n; i > 1; i--) {
        unsigned char *a = bytes + (size_t)(qn_rng_mix(state, i) % i) * size_bytes,
                      *b = bytes + (i - 1) * size_bytes;

        for (size_t k = 0; k < size_bytes; k++) {
            unsigned char byte = a[k];

            a[k] = b[k];
            b[k] = byte;
        }
    }
}

#endif
