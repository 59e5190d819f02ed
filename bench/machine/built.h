/*
 * How this program was built, as far as it affects measurements.
 */
#ifndef QN_BENCH_MACHINE_BUILT_H
#define QN_BENCH_MACHINE_BUILT_H

/* Why this build's figures differ from the release build's: "Debug, without optimisation"; NULL:
 * they don't. Static. */
const char *qn_built_slow(void);

/* What to do about it; static. */
extern const char qn_built_advice[];

#endif
