/*
 * Parsing of keys that are more than one value (PARTS of bench/workload/keys.h), and checks of such
 * keys against others. A line of that table names one function of each kind; keys.h says what they
 * return and own.
 */
#ifndef QN_BENCH_OPTIONS_KEY_TAKES_H
#define QN_BENCH_OPTIONS_KEY_TAKES_H

#include "bench/options/keys.h"

/* key_lists.c: distinct items, in the order of their first occurrence. */
qn_key_take_fn qn_key_take_workers, qn_key_take_trees, qn_key_take_rates, qn_key_take_failing_calls,
    qn_key_take_polls, qn_key_take_arrivals;
qn_key_settle_fn qn_key_settle_trees;

/* service.c: distributions and traces. A trace is loaded once all keys that describe it are
 * known. */
qn_key_take_fn qn_key_take_service, qn_key_take_item, qn_key_take_scale, qn_key_take_cap;
qn_key_settle_fn qn_key_settle_service, qn_key_settle_failed_column, qn_key_settle_cap;

/* Makes the path in a trace's text absolute; it is relative to dir (NULL: the working folder).
 * QN_ENOMEM: *text is unchanged. */
int qn_key_absolute_trace(const char *dir, char **text) QN_MUST_CHECK;

/* kind.c: a kind of work, or the shares of several. */
qn_key_take_fn qn_key_take_kind;

/* own.c: the module, looked at in a child process; it makes the kind own. */
qn_key_settle_fn qn_key_settle_work;

/* Makes the key's text name the chosen file and kind of work in any folder. QN_ENOMEM: *text is unchanged. */
int qn_key_absolute_work(const struct qn_own_choice *choice, char **text) QN_MUST_CHECK;

/* failure.c: which workers fail, and where in their work. */
qn_key_take_fn qn_key_take_failure_at;
qn_key_settle_fn qn_key_settle_rates, qn_key_settle_failure_at;

/* resources.c: ACQUIRE:CLOSE:SIZE:P items, repeated by an "Nx" prefix, and weights of defects
 * INCOMPLETE:WRONG:NONE:UNORDERED[:SOUND] (by default the mix found by Tiwari et al., OSDI
 * 2022). */
qn_key_take_fn qn_key_take_resources, qn_key_take_defects;
qn_key_settle_fn qn_key_settle_defects;

#endif
