/* The questions and their statements. */
#include "bench/report/question/answer.h"

#include "runtime/base.h"

#define US 1e3
#define KIB 1024.0

#define MEAN(metric, unit_name, unit) metric, "failed", true, unit_name, unit
#define MEDIAN(metric, unit_name, unit) metric, "failed", false, unit_name, unit
/* clang-format off */
#define CELL(workload, strategy, policy) {workload, strategy, policy}
#define BOUND(value) {NULL, NULL, ""}, value
#define AGAINST(workload, strategy, policy) {workload, strategy, policy}, 0
/* clang-format on */

static const struct qn_statement scheme_3[] = {
    {MEAN("wasted", "µs", US), CELL("default", "close", ""), AGAINST("default", "buffered", ""),
     "Closing a channel cost more work than doing nothing.", "Closing a channel saved work.",
     "Closing a channel stops no computation: nobody looks at it while they work."},
    {MEAN("wasted", "µs", US), CELL("default", "close", ""), AGAINST("default", "cancel", ""),
     "A token that the work polls is what stops it.", "Here the token wasted more.",
     "No difference shown between closing and a token."},
    {MEDIAN("return_latency", "µs", US), CELL("default", "close", ""),
     AGAINST("default", "drain", ""), "Closing returned later than waiting for all.",
     "What closing buys is the early return: blocked workers are freed, nobody leaks.",
     "No difference shown in when the call returns."},
};

static const struct qn_statement call_close[] = {
    {MEAN("resources_leaked", "", 1), CELL("release", "no-close", ""), BOUND(0),
     "A call that returns at the error without closing leaves resources open.", "",
     "Nothing was left open."},
    {MEAN("leaked", "KiB", KIB), CELL("release", "no-close", ""),
     AGAINST("release", "release-at-site", ""), "And their memory with them, for good.", "",
     "No difference shown in memory left behind."},
    {MEAN("closed_twice", "", 1), CELL("release", "close-twice", ""), BOUND(0),
     "Closing at the site and again in a deferred cleanup closes twice: one convention, not both.",
     "", "Nothing was closed twice."},
    {MEAN("used_after_close", "", 1), CELL("release", "close-unordered", ""), BOUND(0),
     "Closing in the order of taking uses what is closed already: close in reverse.", "",
     "Nothing was used after its close."},
};

static const struct qn_statement close_fails[] = {
    {MEAN("errors_masked", "", 1), CELL("close-fails", "release-at-site", "close_error=replace"),
     BOUND(0), "Letting the close error replace the first one hides the cause.", "",
     "No cause was hidden."},
    {MEAN("errors_masked", "", 1), CELL("close-fails", "release-at-site", ""),
     AGAINST("close-fails", "release-at-site", "close_error=replace"),
     "Attached, close errors hid more.",
     "Attached to the error they follow, they hide fewer causes: what is left are close errors of "
     "workers that had succeeded, received first.",
     "Attaching alone shows no difference: most of what hides the cause are close errors of workers "
     "that had succeeded, received first."},
    {MEAN("errors_masked", "", 1),
     CELL("close-fails", "release-at-site", "error_policy=first-in-time"), BOUND(0),
     "Even by time a close error came first.", "",
     "A caller that prefers the first failure in time over any close error hides no cause."},
    {MEAN("close_errors_lost", "", 1), CELL("close-fails", "release-at-site", "close_error=drop"),
     AGAINST("close-fails", "release-at-site", "close_error=join"),
     "Dropping loses them; joining loses fewer.", "Joining lost more.",
     "No difference shown in close errors lost."},
    {MEAN("resources_leaked", "", 1), CELL("close-fails", "close-stops", ""), BOUND(0),
     "Stopping at the first close error leaks the rest: go on closing.", "",
     "Stopping at the first close error left nothing open here."},
};

static const struct qn_statement cancelled_error[] = {
    {MEAN("errors_masked", "", 1),
     CELL("masking", "cancel-wait", "cancelled_reports=error;record_order=cancel-then-record"),
     BOUND(0),
     "In this share of near-ties the caller is told `cancelled`, and the cause is lost: it was "
     "raised before it was recorded.",
     "", "No cause was masked."},
    {MEAN("errors_masked", "", 1), CELL("masking", "cancel-wait", "cancelled_reports=error"),
     BOUND(0), "Even with the error recorded first it was masked.", "",
     "Recorded before the cancel, it is never masked."},
    {MEAN("errors_masked", "", 1),
     CELL("masking", "cancel-wait", "record_order=cancel-then-record"), BOUND(0),
     "A code of its own did not help.", "",
     "A code of its own, which the caller tells from a failure, masks nothing in either order."},
};

static const struct qn_statement survives[] = {
    {MEAN("error_fidelity", "", 1), CELL("masking", "drain", ""),
     AGAINST("masking", "drain", "error_policy=last"),
     "The first received is the true first far more often than the last.",
     "The last was the true first more often.", "No difference shown."},
    {MEAN("error_fidelity", "", 1), CELL("masking", "drain", "error_policy=first-in-time"),
     AGAINST("masking", "drain", "error_policy=first-by-index"),
     "By index it is the true first only by chance.", "By index did better.",
     "No difference shown."},
    {MEAN("errors_lost", "", 1), CELL("masking", "drain", ""),
     AGAINST("masking", "drain", "error_policy=join-all"),
     "One error returned loses all others; joining loses none up to its limit.",
     "Joining lost more.", "No difference shown in errors lost."},
    {MEAN("error_memory", "B", 1), CELL("masking", "drain", "error_policy=join-all"),
     AGAINST("masking", "drain", "error_policy=join-all;join_limit=1"),
     "What joining costs is memory that the error holds.", "", "No difference shown."},
    {MEAN("detection", "µs", US), CELL("join-order", "drain", "join_order=index"),
     AGAINST("join-order", "drain", ""),
     "Joining in order of index hides an error behind a slow worker.",
     "By index errors were seen sooner.", "No difference shown in when the error is seen."},
};

static const struct qn_statement where_release[] = {
    {MEDIAN("return_latency", "µs", US), CELL("release", "release-at-site", ""),
     AGAINST("release", "release-by-owner", ""),
     "Closing at the error site stands in the way of the return.",
     "The owner's convention returned later.", "No difference shown in when the call returns."},
    {MEAN("retained_integral", "KiB·ms", KIB * 1e6), CELL("release", "release-at-site", ""),
     AGAINST("release", "release-by-owner", ""), "The error site held more for longer.",
     "The owner holds everything until after the return: more bytes for longer.",
     "No difference shown in bytes over time."},
    {MEAN("resources_leaked", "", 1), CELL("release", "release-by-owner", ""), BOUND(0),
     "The owner left some open.", "",
     "The owner closes the same way whether there was an error or not: nothing leaks."},
};

static const struct qn_statement limits[] = {
    {MEAN("wasted", "µs", US), CELL("limits", "limited", ""),
     AGAINST("limits", "limited", "late_work=refuse"),
     "Refusing work after the first error saves nearly all of it, with no token at all.",
     "Refusing wasted more.", "No difference shown in wasted work."},
    {MEAN("discarded", "µs", US), CELL("limits", "drain", ""),
     AGAINST("limits", "drain", "partial_results=keep"),
     "What succeeded before the error is thrown away unless it is kept.", "",
     "No difference shown in work thrown away."},
    {MEAN("retained_at_return", "KiB", KIB), CELL("limits", "drain", "partial_results=keep"),
     AGAINST("limits", "drain", ""),
     "Keeping it costs its memory until the owner has done with it.", "",
     "No difference shown in memory at the return."},
    {MEDIAN("cancelling", "µs", US), CELL("limits", "cancel-wait", ""), BOUND(100),
     "Raising a token took the canceller more than 100 µs.",
     "Raising a token takes its canceller less than 100 µs: it does not wait for the cancelled.",
     "Raising took about 100 µs."},
};

static const struct qn_statement nested[] = {
    {MEDIAN("stop_latency", "µs", US), CELL("tree-depth", "tree-climb", "tree=10x2"),
     AGAINST("tree-depth", "tree-climb", "tree=2x32"),
     "Where an error climbs, each level waits for its own to stop: ten stop later than two.",
     "Ten levels stopped sooner than two.", "No difference shown between ten levels and two."},
    {MEDIAN("stop_latency", "µs", US), CELL("tree-depth", "tree-root", "token=walk;tree=10x2"),
     AGAINST("tree-depth", "tree-root", "token=walk;tree=2x32"),
     "With one token for all, ten levels still stopped later than two.",
     "With one token for all, ten levels stopped sooner than two.",
     "With one token for all, no difference is shown between ten levels and two."},
    {MEDIAN("detection", "µs", US), CELL("tree-depth", "tree-climb", "tree=10x2"),
     AGAINST("tree-depth", "tree-root", "tree=10x2"),
     "The root knows later where the error climbs.", "The root knew sooner where the error climbs.",
     "No difference shown in when the root knows."},
    {MEDIAN("cancelling", "µs", US), CELL("skynet-fail", "tree-root", "tree=4x10"),
     AGAINST("skynet-fail", "tree-root", "token=generation;tree=4x10"),
     "Telling every scope below costs who raises more than moving one word that all look at.",
     "Moving one word took longer than telling every scope.",
     "No difference shown in what raising costs."},
};

static const struct qn_statement deliveries[] = {
    {MEDIAN("stop_latency", "µs", US), CELL("delivery-cpu", "cancel-dequeue", ""),
     AGAINST("delivery-cpu", "cancel-wait", ""),
     "A token looked at only when work is taken up stops nothing that runs: polls do.",
     "Looking only at dequeue stopped sooner.", "No difference shown between polling and dequeue."},
    {MEDIAN("stop_latency", "µs", US), CELL("blocked-pop", "close", ""),
     AGAINST("blocked-pop", "close-wakes", ""),
     "A worker that waits on the closed channel is woken by it; one that waits elsewhere is not.",
     "Waiting on the channel took longer.", "No difference shown in who is woken."},
    {MEDIAN("stop_latency", "µs", US), CELL("delivery-pipe", "cancel-close-fd", ""),
     AGAINST("delivery-pipe", "cancel-close-peer", ""),
     "Closing the descriptor under a reader does not wake it on Linux; closing the other end does.",
     "Closing the reader's own descriptor stopped it sooner.",
     "No difference shown between closing the reader's end and the other."},
    {MEAN("leaked", "KiB", KIB), CELL("delivery-cpu", "cancel-thread-bare", ""), BOUND(0),
     "pthread_cancel without cleanup handlers leaves what the thread held.", "",
     "pthread_cancel without handlers left nothing."},
    {MEDIAN("return_at", "µs", US), CELL("delivery-cpu", "cancel-thread", ""),
     AGAINST("delivery-cpu", "cancel-wait", ""),
     "A thread for each work, so that it can be cancelled, costs more than it saves here.",
     "pthread_cancel returned sooner.", "No difference shown in when the call returns."},
    {MEDIAN("return_latency", "µs", US), CELL("delivery-deaf", "cancel-grace", ""),
     AGAINST("delivery-deaf", "cancel-wait", ""), "The ladder returned later.",
     "With work that does not look, only giving up bounds the return; what was given up on runs on.",
     "No difference shown: the grace period outlasts the work."},
};

#define STATEMENTS(list) list, QN_ARRAY_LEN(list)

const struct qn_question qn_questions[] = {
    {"close-or-cancel", "Scheme 3: does closing a channel cancel the work?", "quick",
     STATEMENTS(scheme_3),
     "Close a channel to free workers that block in a send; give the work a token to poll if it "
     "is to stop.",
     "where every worker waits on the channel (a pop from an empty queue), closing is a cancel; "
     "where work is deaf, a token is no more than a close (profile delivery)."},
    {"call-close", "On an error, should close be called?", "resources", STATEMENTS(call_close),
     "Yes: close everything that was taken, once, in reverse order, on every path.",
     "if an owner outside closes on every path anyway: then the call must not."},
    {"close-fails", "What if close fails too?", "resources", STATEMENTS(close_fails),
     "Go on closing; attach or join the close error to the first one, never replace it.",
     "where the close error is the failure (a write that is only flushed by close): then, without "
     "another error, it is the error to return, as attach does."},
    {"cancelled-error", "Should a cancelled worker return an error?", "errors",
     STATEMENTS(cancelled_error),
     "It should say so by a code of its own; if it returns an error like any other, the failing "
     "worker must record its error before it cancels.",
     "with a caller that raises by itself after it received the error: there nothing can come "
     "before it."},
    {"survives", "Which error survives when several occur?", "errors", STATEMENTS(survives),
     "The first received is cheap and nearly always the first in time; join errors, with a limit, "
     "where all of them matter.",
     "near-ties closer than a hand-over decide by chance; joining by index or keeping the last "
     "breaks it for any timing."},
    {"where-release", "Where should release happen?", "resources", STATEMENTS(where_release),
     "At the error site for what is dear to hold; by the owner where a quick return or one place "
     "for all releases matters more.",
     "with closes that cost nothing the return is the same, and only the bytes held differ."},
    {"delivery", "How does a cancel reach a worker, and what does each way cost?", "delivery",
     STATEMENTS(deliveries),
     "Poll in work that computes, wake what waits, and keep signals, closed descriptors and "
     "pthread_cancel for calls that nothing else reaches.",
     "where work can't be changed to poll: then a dequeue check is all there is, and a grace period "
     "bounds the return."},
    {"limits", "How many at once, and what of the rest?", "limits", STATEMENTS(limits),
     "Submit through a limit and refuse after the first error; keep partial results if they are "
     "worth their memory.",
     "with workers longer than the whole rest of the call: what runs is not stopped by refusing."},
    {"nested", "Errors travel up a chain while cancel travels down a tree: what does that cost?",
     "tree", STATEMENTS(nested),
     "Raise one token at the root where the first error ends everything; let errors climb where a "
     "scope may handle them.",
     "with flat fan-outs, or scopes whose workers stop by themselves sooner than they poll, there is "
     "nothing to wait for; a shielded subtree is waited for in either."},
};

const size_t qn_n_questions = QN_ARRAY_LEN(qn_questions);
