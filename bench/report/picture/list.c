#include "bench/report/picture/list.h"

#include "bench/report/picture/fill.h"
#include "bench/report/sentences.h"

#define US 1e3
#define KIB 1024.0
#define KIB_MS (1024.0 * 1e6)

static bool has_rates(const struct qn_tables *t, const struct qn_scene *g)
{
    (void)t;
    return g->n_rates > 1;
}

static bool has_blocks(const struct qn_tables *t, const struct qn_scene *g)
{
    (void)g;
    return t->n_blocks > 0;
}

/* The leading members of each kind of row. */
#define RATES "rates.gp", false, has_rates, qn_fill_rates, {qn_say_extremes, qn_say_theory}, false
#define SPLIT "split.gp", false, NULL, qn_fill_split, {NULL, NULL}, false
#define TRADE_OFF "front.gp", false, NULL, qn_fill_trade_off, {qn_say_trade_off, NULL}, true
#define RATIOS "forest.gp", false, NULL, qn_fill_ratios, {NULL, NULL}, true
#define ECDF "ecdf.gp", false, NULL, qn_fill_ecdf, {NULL, NULL}, true
#define SPECTRUM "spectrum.gp", false, NULL, qn_fill_spectrum, {NULL, NULL}, true
#define RESOURCES "resources.gp", false, qn_has_resources, qn_fill_resources, {NULL, NULL}, true

const struct qn_picture qn_pictures[] = {
    {"front-error-seen", TRADE_OFF, "error_seen", "failed", false, US, "µs",
     "Waste against the time until the caller knows",
     "mean wasted work and median error_seen of failed calls, 95 % intervals", "error_seen, µs",
     NULL, true,
     "Down and to the left is better. The grey steps are the Pareto front: what lies "
     "above and to the right of them is beaten both ways by something. Hollow: strategies that "
     "leak, "
     "and the floor, which are no choice and not on the front."},
    {"front-return-latency", TRADE_OFF, "return_latency", "failed", false, US, "µs",
     "Waste against the time from the failure until the call returns",
     "mean wasted work and median return latency of failed calls, 95 % intervals",
     "return latency, µs", NULL, true,
     "The same against what the caller waits for after the failure."},
    {"ratios", RATIOS, NULL, "failed", false, US, "µs",
     "Each strategy in ratio to one of them, over the same calls",
     "ratio of means over the calls that failed in both, Fieller's 95 % interval over processes",
     "", NULL, true,
     "What lies left of 1 with its whole interval is less, right of 1 more; where the "
     "interval meets 1 no difference is shown. Above each panel stands what the ratios are of."},
    {"ecdf-error-seen", ECDF, "error_seen", "failed", false, US, "µs",
     "When the caller holds an error: the distribution",
     "share of failed calls in which error_seen is at most so much, calls of all processes",
     "error_seen, µs", NULL, true, "Most of the width is the time until a worker fails."},
    {"ecdf-return-latency", ECDF, "return_latency", "failed", false, US, "µs",
     "From the failure until the call returns: the distribution",
     "share of failed calls whose return latency is at most so much, calls of all processes",
     "return latency, µs", NULL, true,
     "Early returns and those that wait lie apart; a foot or a shoulder is a second way of "
     "ending."},
    {"spectrum-return-at", SPECTRUM, "return_at", "all", false, US, "µs",
     "How late the latest calls return",
     "return_at of all calls by percentile, median over processes", "return_at, µs", NULL, true,
     "Drawn only as far as 10 calls of every process lie beyond, so "
     "that strategies with fewer than 20 calls in some process are missing; bars are 95 % "
     "intervals "
     "over processes."},
    {"spectrum-response-time", SPECTRUM, "response_time", "all", false, US, "µs",
     "How late the latest answers come, from when they were due",
     "response time of all calls by percentile, median over processes", "response time, µs", NULL,
     true, "Beside the picture before, what waiting for earlier calls adds."},
    {"resources", RESOURCES, NULL, "failed", false, US, "µs", "Who closes, and what it costs",
     "bytes: mean; return latency: median; of failed calls, 95 % intervals over processes", "",
     NULL, true,
     "Closing where the error is delays the error by the time it takes; leaving it to the owner "
     "returns at once and holds everything until then. What is never closed looks cheap here, and "
     "is what stays behind after settle_at."},
    {"wasted", RATES, "wasted", "failed", true, US, "µs", "Wasted computation a failed call",
     "work done after the first failure; mean, 95 % interval over processes",
     "wasted work, µs (nominal)", "theory_wasted", true,
     "What runs to its end wastes the same whether the caller returns early or waits."},
    {"wasted-split", SPLIT, NULL, "failed", true, US, "µs", "Wasted computation, by when it began",
     "mean a failed call: by workers begun before the failure, and begun after it",
     "wasted work, µs (nominal)", NULL, false,
     "Work begun after the failure is what a dispatcher could have skipped; the rest only a poll "
     "can."},
    {"error-at", RATES, "error_at", "failed", true, US, "µs", "When the first worker fails",
     "time since the call began; mean, 95 % interval over processes", "error_at, µs",
     "theory_error_at", true,
     "The same calls fail in every strategy, so the lines should lie on each other; the closed "
     "form "
     "knows no dispatch, no wake-up and no other load."},
    {"error-seen", RATES, "error_seen", "failed", false, US, "µs", "When the caller holds an error",
     "time since the call began, what a user waits for; median, 95 % interval over processes",
     "error_seen, µs", NULL, true, "The time to the failure itself is most of it."},
    {"detection", RATES, "detection", "failed", false, US, "µs",
     "Detection: from the failure to the caller",
     "error_seen − error_at; median, 95 % interval over processes", "detection latency, µs", NULL,
     true, "The price of telling the caller: a send, and waking it."},
    {"return-latency", RATES, "return_latency", "failed", false, US, "µs",
     "Return: from the failure until the call returns",
     "return_at − error_at; median, 95 % interval over processes", "return latency, µs", NULL, true,
     "Who waits for all returns as late as the last worker stops."},
    {"stop-latency", RATES, "stop_latency", "failed", false, US, "µs",
     "Stop: from the failure until the last worker computes no more",
     "stop_at − error_at; median, 95 % interval over processes", "stop latency, µs", NULL, true,
     "Only a token that the work looks at brings this down."},
    {"settle-latency", RATES, "settle_latency", "failed", false, US, "µs",
     "Settle: from the failure until nothing is left of the call",
     "settle_at − error_at; median, 95 % interval; calls that leaked have none",
     "settle latency, µs", NULL, true,
     "An early return does not settle the call: what it started goes on behind it."},
    {"retained-at-return", RATES, "retained_at_return", "failed", true, KIB, "KiB",
     "Memory still held when a failed call returns",
     "usable bytes of messages, results, working sets, channel; mean, 95 % interval",
     "retained at return, KiB", NULL, false,
     "A worker frees its working set only once its report is delivered, so that even who waits for "
     "all "
     "can return a moment before the last one has."},
    {"retained-integral", RATES, "retained_integral", "failed", true, KIB_MS, "KiB·ms",
     "Memory held over time, from the failure until settled",
     "bytes × time; mean, 95 % interval; calls that leaked have none", "retained, KiB·ms", NULL,
     true, "How much memory, for how long, the failure keeps from others."},
    {"leaked-workers", RATES, "leaked_workers", "failed", true, 1, "workers",
     "Leaked workers a failed call", "blocked for ever, or never to begin; mean, 95 % interval",
     "leaked workers", NULL, false,
     "Each leaked worker that blocks takes a pool thread with it: the pool is dead."},
    {"leaked-bytes", RATES, "leaked", "failed", true, KIB, "KiB", "Leaked memory a failed call",
     "held by blocked workers, their results, channel and call; mean, 95 % interval", "leaked, KiB",
     NULL, false, "What can never be given back."},
    {"discarded", RATES, "discarded", "failed", true, US, "µs",
     "Finished work thrown away by an error",
     "work of workers that had succeeded before the failure; mean, 95 % interval",
     "discarded work, µs (nominal)", NULL, false,
     "The same for all that return nothing but the error."},
    {"occupied", RATES, "occupied", "failed", true, US, "µs", "Thread time taken after the failure",
     "wall time from the failure until workers give their threads up, summed; mean, 95 % interval",
     "occupied, µs", NULL, true, "Includes sends that block, which waste counts as nothing."},
    {"overhead", RATES, "overhead", "all", false, 0.01, "%",
     "Overhead of a strategy where nothing fails",
     "return_at beyond that of null in the same call; median, 95 % interval over processes",
     "overhead, % of null", NULL, false, "What the strategy costs every call that does not fail."},
    {"error-fidelity", RATES, "error_fidelity", "failed", true, 1, "share",
     "Is the returned error the first in time?",
     "share of failed calls whose first two errors can be told apart; mean, 95 % interval",
     "share of calls", NULL, false,
     "Below 1 the caller is told of another failure than the one that came first."},
    {"errors-lost", RATES, "errors_lost", "failed", true, 1, "errors",
     "Errors that nobody is told of",
     "of those that happened, also after the return; mean a failed call, 95 % interval",
     "errors lost", NULL, false,
     "One error is returned; whatever else failed is lost unless logged."},
    {"response-time", RATES, "response_time", "all", false, US, "µs",
     "Response time: from when the call was due until it returns",
     "return_at − intended_at, with the wait for the call before; median, 95 % interval",
     "response time, µs", NULL, true,
     "What a user waits who does not wait for the last call to be over before asking again."},
    {"goodput", RATES, "goodput", "all", false, 1, "calls/s",
     "Goodput: calls that succeed, a second",
     "a figure a process; median, 95 % interval over processes", "successful calls/s", NULL, false,
     "What failing calls leave behind is paid for by those that come after."},
    {"next-return", RATES, "next_return", "failed", false, US, "µs",
     "How long the call after a failed one takes",
     "return_at of the next call; median, 95 % interval over processes", "return_at, µs", NULL,
     true, "Orphans of a failed call compete with the next one for the threads."},
    {"in-flight", RATES, "in_flight", "all", true, KIB, "KiB",
     "Memory of all calls when one returns",
     "live bytes, those of earlier calls that still run among them; mean, 95 % interval",
     "in flight, KiB", NULL, true,
     "What an early return saves its caller, the process still holds."},
    {"calls-to-exhaustion", RATES, "calls_to_exhaustion", "all", false, 1, "calls",
     "Calls until the pool is dead",
     "of strategies that leak; a figure a process; median, 95 % interval over processes", "calls",
     NULL, true, "Each failed call takes threads with it that never come back."},
};
const size_t qn_n_pictures = QN_ARRAY_LEN(qn_pictures);

const struct qn_picture qn_timeline_picture = {
    .name = "timeline",
    .script = "timeline.gp",
    .has_marks = true,
    .fill = qn_fill_timeline,
    .title = "The same failed call under each strategy",
    .subtitle = "A bar a worker; vertical lines are the stamps of the call",
    .what =
        "The same call, with the same tasks and the same failures, under each strategy. What lies to the "
        "right of error_at is what the strategy makes of the failure; bars that end in a dark block are "
        "workers stuck in a send.",
};

const struct qn_picture qn_reversals_picture = {
    .name = "turns",
    .script = "turns.gp",
    .when = qn_has_reversals,
    .fill = qn_fill_reversals,
    .is_at_rate = true,
    .title = "Isolated against back-to-back",
    .subtitle = "medians with their 95 % intervals; strategies in the order of isolated calls",
    .what =
        "Each panel is in the order of isolated calls, the soonest on top. Where back-to-back calls do "
        "not "
        "follow it, the order has changed; ⇅ marks strategies for which intervals show it. Goodput, "
        "which "
        "isolated calls have not, stands in the order of their return_at.",
};

const struct qn_picture qn_drift_picture = {
    .name = "drift",
    .script = "drift.gp",
    .when = has_blocks,
    .fill = qn_fill_drift,
    .title = "Drift over the run",
    .subtitle = "a point a process of a cell, in the order in which they ran",
    .what = "Above, what a quantum of work took over its nominal time, "
            "with what it took when it was calibrated "
            "and the limits of drift; below, how long the calls of the "
            "cells that ratios are of took beside the "
            "mean of their cell. Crosses are processes that lie beyond "
            "some stated limit; they are marked, not dropped.",
};

const struct qn_picture qn_trees_picture = {
    .name = "nests",
    .script = "nests.gp",
    .fill = qn_fill_trees,
    .title = "Errors up a chain, cancels down a tree",
    .subtitle = "medians of failed calls, 95 % intervals over processes; both axes logarithmic",
    .what =
        "Where each scope waits for what is below it before it tells the one above, the root knows later the deeper "
        "the nesting, by about a poll a level; where one token reaches all, depth costs nothing. The dashed lines "
        "are what polls alone cost: hand-overs, waking the caller and passing by workers that never begin come "
        "on top.",
};
