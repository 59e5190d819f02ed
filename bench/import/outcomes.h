/*
 * Which cells match: values for --failed-value and --where, and the booleans of a column of
 * failures if no values are given.
 */
#ifndef QN_BENCH_IMPORT_OUTCOMES_H
#define QN_BENCH_IMPORT_OUTCOMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "runtime/base.h"

#define QN_OUTCOMES_SEEN 12
#define QN_OUTCOMES_BYTES 256

/* Some values, "FAILED,TIMEOUT", or all but some, "!0". */
struct qn_outcomes {
    char **values; /* n >= 1 */
    size_t n;
    bool is_negated;
    uint64_t *n_met; /* how many cells matched each value */
    /* The first distinct cells, to be named if a value never occurs. */
    char *seen[QN_OUTCOMES_SEEN];
    size_t n_seen;
    bool has_more;
};

/* Parses "V,V" or "!V,!V"; a text with a comma is also one value. QN_EINVAL: only some have the !
 * (*allowed says what is allowed); QN_ENOMEM. */
int qn_outcomes_make(struct qn_outcomes *outcomes, const char *text,
                     const char **allowed) QN_MUST_CHECK;
void qn_outcomes_fini(struct qn_outcomes *outcomes);

/*
 * True if the cell is one of the values or, negated, none of them. A cell matches as text; by its
 * first word ("CANCELLED by 1000"); as a number (0 and 0.0); as a boolean (False and false); by its
 * beginning if is_shortened and it ends in +. Counts the matches. QN_ENOMEM.
 */
int qn_outcomes_match(struct qn_outcomes *outcomes, const char *cell, bool is_shortened,
                      bool *is_match) QN_MUST_CHECK;

/* The first value, without "!", that no cell had; NULL: every value occurred. */
const char *qn_outcomes_unmet(const struct qn_outcomes *outcomes);

/* True if no cell had any of the values. */
bool qn_outcomes_none_met(const struct qn_outcomes *outcomes);

/* Writes the distinct cells to out[QN_OUTCOMES_BYTES]. */
void qn_outcomes_say_seen(const struct qn_outcomes *outcomes, char *out);

/* True for a cell that says its row has not ended: RUNNING, PENDING and the like. */
bool qn_outcomes_is_unfinished(const char *cell);

/* A boolean: 1 or 0, true or false, yes or no, in upper or lower case. QN_EINVAL: not a boolean. */
int qn_outcomes_boolean(const char *cell, bool *value) QN_MUST_CHECK;

/* True for a column whose name says that its rows succeeded rather than failed. */
bool qn_outcomes_means_success(const char *column);

#endif
