/*
 * A command's options as a table, a row each: it gives --help, what is refused, and where each
 * value goes. argp prints the help; parsing is done here, because argp's errors take two lines and
 * it accepts abbreviations that a later option would make ambiguous.
 */
#ifndef QN_BENCH_BASE_ARGS_H
#define QN_BENCH_BASE_ARGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bench/base/nearest.h"
#include "runtime/base.h"

struct qn_option;

/* A value to be stored. */
struct qn_given {
    const struct qn_option *option;
    const char *where; /* the option, for a complaint: "--trials" */
    const char *value; /* "" where the option takes none */
};

/* Stores a value in *out. QN_EINVAL after a complaint; QN_ENOMEM. */
typedef int qn_option_fn(const struct qn_given *given, void *out);

/* A row. A row with only `help` is the heading of those below it; a row of zeros ends the table. */
struct qn_option {
    const char *name;     /* without "--" */
    const char *argument; /* the value's name in --help; NULL: no value, or listed words */
    const char *help;     /* NULL: not in --help */
    qn_option_fn *take;
    size_t at;      /* offset of *out in the command's request */
    const void *by; /* argument for `take`, or NULL */
};

/* For most options. */
qn_option_fn qn_take_flag;     /* bool: true */
qn_option_fn qn_take_text;     /* const char *: the value, which argv owns */
qn_option_fn qn_take_copy;     /* char *: a copy; frees the old value */
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
    const char *words; /* arguments besides options, for --help: "A B"; NULL: none */
    const char *doc;   /* as in argp: text before the options, '\v', text after them */
    const struct qn_option *options;

    /* Takes an argument that is not an option; NULL: there are none. Returns as qn_option_fn. */
    int (*take_word)(void *request, const char *word);

    const char *allowed; /* what to name after a wrong option; NULL: --help */
    const char *before;  /* prefix of "--" in a complaint about a value, or NULL */
};

/*
 * Parses the words after argv[0] into *request. Every option is checked before the first is taken,
 * and all options are taken before other arguments. Nothing after "--" is an option. QN_EINVAL
 * after a complaint; QN_ENOMEM. --help, -? and --usage print and exit the process, and so
 * does --help=csv: the options as a table, of which shell completions are made.
 */
int qn_args_parse(const struct qn_command_line *line, int argc, char **argv,
                  void *request) QN_MUST_CHECK;

/* Its parts, for a command whose options don't all go to one request. */

/* A word of the command line, or two if an option's value is a separate word. */
struct qn_arg {
    const char *word;
    const char *name; /* without "--", with what follows it; NULL: not an option */
    size_t name_len;
    const struct qn_option *option; /* NULL: no option has that name */
    const char *value;              /* NULL: there is none */
};

/* Reads the argument at argv[*i], and moves *i past it. False: nothing is left; *i is at "--" or
 * argc. */
bool qn_args_next(const struct qn_option *options, int argc, char *const *argv, int *i,
                  struct qn_arg *arg);

/* Checks every option up to "--"; *end is its index, or argc. Returns as qn_args_parse, including
 * --help. */
int qn_args_check(const struct qn_command_line *line, int argc, char **argv,
                  int *end) QN_MUST_CHECK;

/* Takes an option that was checked. Returns as qn_option_fn. */
int qn_args_take(const struct qn_command_line *line, const struct qn_arg *arg,
                 void *request) QN_MUST_CHECK;

#endif
