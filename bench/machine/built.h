/*
 * How this program was built, as far as it bears on what it measures.
 */
#ifndef QN_BENCH_MACHINE_BUILT_H
#define QN_BENCH_MACHINE_BUILT_H

/* Why figures of this build are not those of the release build, in words: "Debug, without optimisation";
 * NULL: they are. Static. */
const char *qn_built_slow(void);

/* What to do about it; static. */
extern const char qn_built_advice[];

#endif
