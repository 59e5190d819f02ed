/*
 * The words of a command line, looked at before argp sees them: its own errors take two lines, and
 * it accepts abbreviations that a later option would make ambiguous.
 */
#ifndef QN_BENCH_BASE_ARGS_H
#define QN_BENCH_BASE_ARGS_H

#include <argp.h>

#include "runtime/base.h"

/*
 * Checks that every option among the words is one of the argp's, written in full, with a value
 * where it takes one and none where it doesn't. command: "quench compare", for the complaint and
 * the help. *end, if wanted, is the index of "--", behind which nothing is looked at, or argc.
 * QN_EINVAL after a complaint. --help, -? and --usage print and exit the process.
 */
int qn_words_check(const struct argp *argp, const char *command, int argc, char **argv,
                   int *end) QN_MUST_CHECK;

#endif
