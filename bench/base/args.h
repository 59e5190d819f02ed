/*
 * The command line of a command: a table of options, a row each, from which come --help, what is refused, and where
 * each value goes. argp prints the help; the words are read here, because argp's own errors take two lines and it
 * accepts abbreviations that a later option would make ambiguous.
 */
#ifndef QN_BENCH_BASE_ARGS_H
#define QN_BENCH_BASE_ARGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bench/base/nearest.h"
#include "runtime/base.h"

struct qn_option;

/* A value on its way to where it is kept. */
struct qn_given {
    const struct qn_option *option;
    const char *where; /* the option, for a complaint: "--trials" */
    const char *value; /* "" where the option takes none */
};

/* Puts a value into *out. QN_EINVAL after a complaint; QN_ENOMEM. */
typedef int qn_option_fn(const struct qn_given *given, void *out);

/* A row. One with `help` alone is the heading of those below it, one of zeros ends the table. */
struct qn_option {
    const char *name;     /* without "--" */
    const char *argument; /* what --help calls the value; NULL: there is none, or its words */
    const char *help;     /* NULL: --help leaves the option out */
    qn_option_fn *take;
    size_t at;      /* offset of *out in the command's request */
    const void *by; /* what `take` goes by, if anything */
};

/* What most options are. */
qn_option_fn qn_take_flag;     /* bool: true */
qn_option_fn qn_take_text;     /* const char *: the value, which argv owns */
qn_option_fn qn_take_copy;     /* char *: a copy, in place of what was there, which is freed */
qn_option_fn qn_take_count;    /* uint64_t; by: struct qn_count_range */
qn_option_fn qn_take_unsigned; /* unsigned; the same */
qn_option_fn qn_take_choice;   /* an enum; by: struct qn_words */
qn_option_fn qn_take_only;     /* bool: true; by: struct qn_words, of one word */

struct qn_count_range {
    uint64_t min, max;
};
#define QN_COUNTS(min, max) (&(const struct qn_count_range){min, max})

struct qn_command_line {
    const char *name;  /* "quench compare" */
    const char *words; /* what stands beside options, for --help: "A B"; NULL: nothing */
    const char *doc;   /* as argp's: what is said before the options, '\v', what behind them */
    const struct qn_option *options;

    /* Takes a word that is no option; NULL: there is none. Returns as qn_option_fn. */
    int (*take_word)(void *request, const char *word);

    const char *allowed; /* what there is instead of a wrong option; NULL: --help, which says it */
    const char *before;  /* what stands before "--" in a complaint about a value; NULL: nothing */
};

/*
 * Reads the words behind argv[0] into *request. Every option is looked at before the first is taken, and all options are
 * taken before other words. What stands behind "--" is no option. QN_EINVAL after a complaint; QN_ENOMEM. --help, -?
 * and --usage print and exit the process.
 */
int qn_args_parse(const struct qn_command_line *line, int argc, char **argv,
                  void *request) QN_MUST_CHECK;

/* The parts of it, for a command whose options are not all in one request. */

/* A word of the command line, or two where an option's value is a word of its own. */
struct qn_arg {
    const char *word;
    const char *name; /* without "--", with what comes behind it; NULL: the word is no option */
    size_t name_len;
    const struct qn_option *option; /* NULL: there is none of that name */
    const char *value;              /* NULL: there is none */
};

/* Reads what begins at argv[*i], and moves *i behind it. False: nothing is left before "--", at which *i then is, or at
 * argc. */
bool qn_args_next(const struct qn_option *options, int argc, char *const *argv, int *i,
                  struct qn_arg *arg);

/* Looks at every option up to "--", of which *end becomes the index, or argc. Returns as qn_args_parse, and --help does
 * the same. */
int qn_args_check(const struct qn_command_line *line, int argc, char **argv,
                  int *end) QN_MUST_CHECK;

/* Takes an option that has been looked at. Returns as qn_option_fn. */
int qn_args_take(const struct qn_command_line *line, const struct qn_arg *arg,
                 void *request) QN_MUST_CHECK;

#endif
