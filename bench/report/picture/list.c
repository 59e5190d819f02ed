#include "bench/report/picture/list.h"

#include <string.h>

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
    {"front-error-seen", QN_ASKS_COSTS, TRADE_OFF, "error_seen", "failed", false, US, "µs",
     "Wasted work against the time until the caller knows",
     "mean wasted work and median error_seen of failed calls, 95 % intervals", "error_seen, µs",
     NULL, true,
     "Down and to the left is better. The grey steps are the Pareto front: what lies above and "
     "to the right of them is beaten on both axes. Hollow marks: strategies that leak, and null, "
     "which are not candidates and never on the front."},
    {"front-return-latency", QN_ASKS_COSTS, TRADE_OFF, "return_latency", "failed", false, US, "µs",
     "Wasted work against the time from the failure until the call returns",
     "mean wasted work and median return latency of failed calls, 95 % intervals",
     "return latency, µs", NULL, true,
     "The same against how long the caller waits after the failure."},
    {"ratios", QN_ASKS_COSTS, RATIOS, NULL, "failed", false, US, "µs",
     "Each strategy as a ratio to one of them, over the same calls",
     "ratio of means over the calls that failed in both, Fieller's 95 % interval over processes",
     "", NULL, true,
     "An interval wholly left of 1 means less, wholly right of 1 more; if it includes 1, no "
     "difference is shown. The title of each panel says which ratio it is."},
    {"ecdf-error-seen", QN_ASKS_CALLER, ECDF, "error_seen", "failed", false, US, "µs",
     "When the caller holds an error: the distribution",
     "share of failed calls with error_seen at or below x, calls of all processes",
     "error_seen, µs", NULL, true, "Most of the spread is the time until a worker fails."},
    {"ecdf-return-latency", QN_ASKS_CALLER, ECDF, "return_latency", "failed", false, US, "µs",
     "From the failure until the call returns: the distribution",
     "share of failed calls with return latency at or below x, calls of all processes",
     "return latency, µs", NULL, true,
     "Early returns are far from those that wait; a step or shoulder in a line means that calls "
     "end in two different ways."},
    {"spectrum-return-at", QN_ASKS_PRICE, SPECTRUM, "return_at", "all", false, US, "µs",
     "How late the slowest calls return",
     "return_at of all calls by percentile, median over processes", "return_at, µs", NULL, true,
     "Drawn only up to the percentile that 10 calls of every process exceed, so strategies with "
     "fewer than 20 calls in some process are missing; bars are 95 % intervals over processes."},
    {"spectrum-response-time", QN_ASKS_PRICE, SPECTRUM, "response_time", "all", false, US, "µs",
     "How late the slowest answers come, counted from when they were due",
     "response time of all calls by percentile, median over processes", "response time, µs", NULL,
     true, "The difference to the plot above is the wait for earlier calls."},
    {"resources", QN_ASKS_COSTS, RESOURCES, NULL, "failed", false, US, "µs",
     "What each way of closing costs",
     "failed calls: mean bytes, median return latency, 95 % intervals over processes", "", NULL,
     true,
     "Closing at the error site delays the error by the time closing takes; leaving it to the "
     "owner returns at once but holds everything until then. A resource that is never closed "
     "looks cheap here; it stays behind after settle_at."},
    {"wasted", QN_ASKS_WASTE, RATES, "wasted", "failed", true, US, "µs",
     "Wasted work per failed call",
     "work done after the first failure; mean, 95 % interval over processes", "wasted work, µs",
     "theory_wasted", true,
     "Work that runs to its end wastes the same whether the caller returns early or waits."},
    {"wasted-split", QN_ASKS_WASTE, SPLIT, NULL, "failed", true, US, "µs",
     "Wasted work, by when it began",
     "mean per failed call: workers that began before the failure, and after it", "wasted work, µs",
     NULL, false,
     "A dispatcher could have skipped work that began after the failure; only polling can save "
     "the rest."},
    {"error-at", QN_ASKS_CALLER, RATES, "error_at", "failed", true, US, "µs",
     "When the first worker fails", "time since the call began; mean, 95 % interval over processes",
     "error_at, µs", "theory_error_at", true,
     "The same calls fail under every strategy, so the lines should coincide; the closed form "
     "leaves out dispatch, wake-ups and other load."},
    {"error-seen", QN_ASKS_CALLER, RATES, "error_seen", "failed", false, US, "µs",
     "When the caller holds an error",
     "time since the call began, as a user waits for it; median, 95 % interval over processes",
     "error_seen, µs", NULL, true, "Most of it is the time until the failure itself."},
    {"detection", QN_ASKS_CALLER, RATES, "detection", "failed", false, US, "µs",
     "Detection: from the failure to the caller",
     "error_seen − error_at; median, 95 % interval over processes", "detection latency, µs", NULL,
     true, "What it costs to report to the caller: a send and a wake-up."},
    {"return-latency", QN_ASKS_CALLER, RATES, "return_latency", "failed", false, US, "µs",
     "Return: from the failure until the call returns",
     "return_at − error_at; median, 95 % interval over processes", "return latency, µs", NULL, true,
     "Strategies that wait for all workers return no sooner than the last one stops."},
    {"stop-latency", QN_ASKS_AFTER, RATES, "stop_latency", "failed", false, US, "µs",
     "Stop: from the failure until the last worker stops computing",
     "stop_at − error_at; median, 95 % interval over processes", "stop latency, µs", NULL, true,
     "Only a token that the work polls brings this down."},
    {"settle-latency", QN_ASKS_AFTER, RATES, "settle_latency", "failed", false, US, "µs",
     "Settle: from the failure until nothing is left of the call",
     "settle_at − error_at; median, 95 % interval; calls that leaked have none",
     "settle latency, µs", NULL, true,
     "An early return does not settle the call: what it started still runs."},
    {"retained-at-return", QN_ASKS_MEMORY, RATES, "retained_at_return", "failed", true, KIB, "KiB",
     "Memory still held when a failed call returns",
     "usable bytes of messages, results, working sets, channel; mean, 95 % interval",
     "retained at return, KiB", NULL, false,
     "A worker frees its working set only after its report is delivered, so even a strategy that "
     "waits for all can return just before the last one does."},
    {"retained-integral", QN_ASKS_MEMORY, RATES, "retained_integral", "failed", true, KIB_MS,
     "KiB·ms", "Memory held over time, from the failure until settled",
     "bytes × time; mean, 95 % interval; calls that leaked have none", "retained, KiB·ms", NULL,
     true, "How much memory the failure keeps from other uses, and for how long."},
    {"leaked-workers", QN_ASKS_LEAKS, RATES, "leaked_workers", "failed", true, 1, "workers",
     "Leaked workers per failed call",
     "blocked forever or never able to begin; mean, 95 % "
     "interval",
     "leaked workers", NULL, false,
     "Each leaked worker that blocks takes a pool thread with it; with no thread left, the pool "
     "is dead."},
    {"leaked-bytes", QN_ASKS_LEAKS, RATES, "leaked", "failed", true, KIB, "KiB",
     "Leaked memory per failed call",
     "held by blocked workers, their results, channel and call; mean, 95 % interval", "leaked, KiB",
     NULL, false, "Memory that can never be released."},
    {"discarded", QN_ASKS_WASTE, RATES, "discarded", "failed", true, US, "µs",
     "Finished work discarded because of an error",
     "work of workers that had succeeded before the failure; mean, 95 % interval",
     "discarded work, µs", NULL, false, "The same for every strategy that returns only the error."},
    {"occupied", QN_ASKS_WASTE, RATES, "occupied", "failed", true, US, "µs",
     "Thread time taken after the failure",
     "wall time from the failure until workers give their threads up, summed; mean, 95 % interval",
     "occupied, µs", NULL, true, "Includes blocked sends, which don't count as wasted work."},
    {"overhead", QN_ASKS_PRICE, RATES, "overhead", "all", false, 0.01, "%",
     "Overhead when nothing fails",
     "return_at beyond that of null in the same call; median, 95 % interval over processes",
     "overhead, % of null", NULL, false, "What the strategy costs every call that succeeds."},
    {"error-fidelity", QN_ASKS_ERRORS, RATES, "error_fidelity", "failed", true, 1, "share",
     "Is the returned error the first in time?",
     "share of failed calls whose first two errors can be told apart; mean, 95 % interval",
     "share of calls", NULL, false,
     "Below 1, the caller sometimes gets another failure than the first one."},
    {"errors-lost", QN_ASKS_ERRORS, RATES, "errors_lost", "failed", true, 1, "errors",
     "Errors that are never reported",
     "of all that happened, even after the return; mean per failed call, 95 % interval",
     "errors lost", NULL, false,
     "One error is returned; whatever else failed is lost unless logged."},
    {"response-time", QN_ASKS_PRICE, RATES, "response_time", "all", false, US, "µs",
     "Response time: from when the call was due until it returns",
     "return_at − intended_at, including the wait for earlier calls; median, 95 % interval",
     "response time, µs", NULL, true,
     "The wait of a user whose requests don't depend on when earlier calls end."},
    {"goodput", QN_ASKS_PRICE, RATES, "goodput", "all", false, 1, "calls/s",
     "Goodput: successful calls per second",
     "one figure per process; median, 95 % interval over processes", "successful calls/s", NULL,
     false, "Later calls pay for what failed calls leave behind."},
    {"next-return", QN_ASKS_AFTER, RATES, "next_return", "failed", false, US, "µs",
     "How long the call after a failed one takes",
     "return_at of the next call; median, 95 % interval over processes", "return_at, µs", NULL,
     true, "Workers that a failed call left running compete with the next call for the threads."},
    {"in-flight", QN_ASKS_MEMORY, RATES, "in_flight", "all", true, KIB, "KiB",
     "Memory of all calls when one returns",
     "live bytes, including earlier calls that still run; mean, 95 % interval", "in flight, KiB",
     NULL, true, "What an early return spares its caller, the process still holds."},
    {"calls-to-exhaustion", QN_ASKS_LEAKS, RATES, "calls_to_exhaustion", "all", false, 1, "calls",
     "Calls until the pool is dead",
     "strategies that leak; one figure per process; median, 95 % interval over processes", "calls",
     NULL, true, "Each failed call takes threads that never come back."},
};
const size_t qn_n_pictures = QN_ARRAY_LEN(qn_pictures);

const char *const qn_asked[QN_ASKS_COUNT] = {
#define QN_ASKED(symbol, question) [QN_ASKS_##symbol] = (question),
    QN_PICTURE_QUESTIONS(QN_ASKED)
#undef QN_ASKED
};

const struct qn_picture qn_timeline_picture = {
    .name = "timeline",
    .script = "timeline.gp",
    .has_marks = true,
    .fill = qn_fill_timeline,
    .title = "The same failed call under each strategy",
    .subtitle = "One bar per worker; vertical lines are the stamps of the call",
    .what =
        "The same call, with the same tasks and the same failures, under each strategy. "
        "Everything right of error_at is the strategy's response to the failure; bars that end "
        "in a dark block are workers stuck in a send. A worker without a bar never began, and nothing "
        "says when it was given up.",
};

const struct qn_picture qn_three_picture = {
    .name = "three",
    .script = "timeline.gp",
    .has_marks = true,
    .fill = qn_fill_three,
    .title = "One failed call: best, usual, worst",
    .subtitle = "One bar per worker; vertical lines are the stamps of the call",
    .what = "",
};

const struct qn_picture qn_reversals_picture = {
    .name = "turns",
    .script = "turns.gp",
    .when = qn_has_reversals,
    .fill = qn_fill_reversals,
    .is_at_rate = true,
    .title = "Isolated against back-to-back",
    .subtitle = "medians with their 95 % intervals; strategies in the order of the isolated calls",
    .what = "Each panel is sorted by the isolated calls, the fastest on top. If the back-to-back "
            "marks don't follow that order, it has changed; ⇅ marks strategies for which the "
            "intervals show it. Isolated calls have no goodput, so that panel is sorted by their "
            "return_at.",
};

const struct qn_picture qn_drift_picture = {
    .name = "drift",
    .script = "drift.gp",
    .when = has_blocks,
    .fill = qn_fill_drift,
    .title = "Drift over the run",
    .subtitle = "one point per process, in the order in which they ran",
    .what = "Top: how long a quantum of work took relative to its nominal time, with the "
            "calibrated value and the limits of drift. Bottom: how long calls of the cells that "
            "ratios are taken to took, relative to the mean of their cell. Crosses are processes "
            "that exceed a stated limit; they are marked, not dropped.",
};

const struct qn_picture qn_trees_picture = {
    .name = "nests",
    .script = "nests.gp",
    .fill = qn_fill_trees,
    .title = "Errors up a chain, cancels down a tree",
    .subtitle = "medians of failed calls, 95 % intervals over processes; both axes logarithmic",
    .what =
        "If each scope waits for everything below it before it reports to the one above, the "
        "root knows later the deeper the nesting, by about one poll per level; if one token "
        "reaches all scopes, depth costs nothing. The dashed lines are the cost of polling "
        "alone: hand-overs, waking the caller and skipping workers that never began come on top.",
};

/* Their words where calls were imported. */
static const struct {
    const char *name, *title, *subtitle, *what;
} of_imported[] = {
    {"timeline", "A failed call of each name",
     "One bar per worker; vertical lines are the stamps of the call",
     "The first call of each name that failed, with its own tasks and its own failures. Everything "
     "right of error_at came after the first failure; bars that end in a dark block are workers "
     "that had not ended. A worker without a bar never began."},
    {"ratios", "Each name as a ratio to one of them, over the failed calls of each",
     "ratio of means over each one's failed calls, Fieller's 95 % interval over processes",
     "An interval wholly left of 1 means less, wholly right of 1 more; if it includes 1, no "
     "difference is shown. The title of each panel says which ratio it is."},
};

struct qn_picture qn_picture_told(const struct qn_tables *t, const struct qn_picture *p)
{
    struct qn_picture told = *p;

    for (size_t i = 0; t->is_imported && i < QN_ARRAY_LEN(of_imported); i++)
        if (strcmp(of_imported[i].name, p->name) == 0) {
            told.title = of_imported[i].title;
            told.subtitle = of_imported[i].subtitle;
            told.what = of_imported[i].what;
        }
    return told;
}
