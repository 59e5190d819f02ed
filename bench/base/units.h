/*
 * Numbers as people write them: durations and sizes with a unit, counts, shares, lists.
 *
 * Every parser takes the whole text or refuses it, and sets *allowed to a phrase that says what it
 * accepts ("a duration such as 500ns, 20us, 3ms or 1s"); static storage.
 */
#ifndef QN_BENCH_BASE_UNITS_H
#define QN_BENCH_BASE_UNITS_H

#include <stddef.h>
#include <stdint.h>

#include "runtime/base.h"

/* A duration, whole ns after rounding, 0 .. QN_MAX_DURATION_NS; units ns, us or µs, ms, s, m, h.
 * QN_EINVAL or QN_ERANGE. */
#define QN_MAX_DURATION_NS (UINT64_C(86400) * QN_NS_PER_S)
int qn_parse_duration(const char *text, uint64_t *ns, const char **allowed) QN_MUST_CHECK;

/* The length of a unit of time in ns, by its name; 0: there is no such unit. */
uint64_t qn_duration_unit(const char *name);

/* A size in bytes, 0 .. QN_MAX_SIZE_BYTES; units B, KiB, MiB, GiB. QN_EINVAL or QN_ERANGE. */
#define QN_MAX_SIZE_BYTES (UINT64_C(1) << 40)
int qn_parse_size(const char *text, uint64_t *bytes, const char **allowed) QN_MUST_CHECK;

/* A whole number, min .. max. QN_EINVAL or QN_ERANGE; *allowed is thread-local and names the range. */
int qn_parse_count(const char *text, uint64_t min, uint64_t max, uint64_t *count,
                   const char **allowed) QN_MUST_CHECK;

/* A share: a number from 0 to 1, or a percentage ("5%") from 0% to 100%. QN_EINVAL or QN_ERANGE. */
int qn_parse_share(const char *text, double *share, const char **allowed) QN_MUST_CHECK;

/* A percentage, with or without '%' ("5%", "5"), as a share; any sign and size. QN_EINVAL or
 * QN_ERANGE. */
int qn_parse_percent(const char *text, double *share) QN_MUST_CHECK;

/* A finite number. QN_EINVAL or QN_ERANGE. */
int qn_parse_number(const char *text, double *number, const char **allowed) QN_MUST_CHECK;

/*
 * Splits text at separators into a new array of new strings, *n >= 1; give it to qn_list_free.
 * Blanks around an item are dropped. Quotes ("a,b"), or a backslash before a separator, a quote or
 * a backslash, make these part of the item (see qn_quote_item). QN_EINVAL: an empty item, or text
 * after a closing quote; QN_ENOMEM. *items is NULL after an error.
 */
int qn_list_split(const char *text, char separator, char ***items, size_t *n,
                  const char **allowed) QN_MUST_CHECK;
void qn_list_free(char **items, size_t n);

/* Copies a value that is not a list to a new string, without its quotes if it has them. QN_EINVAL:
 * text after the closing quote, or no closing quote. QN_ENOMEM. */
int qn_unquote(const char *text, char **out) QN_MUST_CHECK;

/* Writes a duration in the largest unit that keeps it whole. len_bytes >= 32 is always enough. */
void qn_format_duration(uint64_t ns, char *out, size_t len_bytes);

/* Writes bytes >= 0 for people, in the largest unit of B, KiB … TiB that gives at least 1, with a
 * decimal if necessary: "1.5 MiB", "40 GiB". len_bytes >= 32 is always enough. */
void qn_format_size(double bytes, char *out, size_t len_bytes);

/* Writes the shortest decimal that reads back as the same number; "" for NAN. len_bytes >= 32. */
void qn_format_number(double number, char *out, size_t len_bytes);

#endif
