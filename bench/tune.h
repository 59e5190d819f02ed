/*
 * `quench tune`: which strategy, poll interval and policies a workload should have.
 */
#ifndef QN_BENCH_TUNE_H
#define QN_BENCH_TUNE_H

/*
 * Measures and leaves a results folder with a recommendation; its path on stdout, all else on stderr.
 * argv[0] = "tune". Returns the exit code: 0 done; 1 no policy keeps the bounds; 2 wrong usage or input;
 * 3 some process failed, or results can't be written; 130 interrupted.
 */
int qn_tune_main(int argc, char **argv);

#endif
