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
     "Closing a channel wasted more work than doing nothing.", "Closing a channel saved work.",
     "Closing a channel stops no computation: workers don't check it while they compute."},
    {MEAN("wasted", "µs", US), CELL("default", "close", ""), AGAINST("default", "cancel", ""),
     "Only a token that the work polls stops it.", "Here the token wasted more.",
     "No difference shown between closing and raising a token."},
    {MEDIAN("return_latency", "µs", US), CELL("default", "close", ""),
     AGAINST("default", "drain", ""), "Closing returned later than waiting for all.",
     "What closing buys is the early return: blocked workers are freed and nothing leaks.",
     "No difference shown in when the call returns."},
};

static const struct qn_statement call_close[] = {
    {MEAN("resources_leaked", "", 1), CELL("release", "no-close", ""), BOUND(0),
     "A call that returns at the error without closing leaves resources open.", "",
     "Nothing was left open."},
    {MEAN("leaked", "KiB", KIB), CELL("release", "no-close", ""),
     AGAINST("release", "release-at-site", ""), "Their memory leaks with them.", "",
     "No difference shown in memory left behind."},
    {MEAN("closed_twice", "", 1), CELL("release", "close-twice", ""), BOUND(0),
     "Closing at the site and again in a deferred cleanup closes twice: one convention, not both.",
     "", "Nothing was closed twice."},
    {MEAN("used_after_close", "", 1), CELL("release", "close-unordered", ""), BOUND(0),
     "Closing in the order of acquisition uses resources that are already closed: close in "
     "reverse.",
     "", "Nothing was used after it was closed."},
};

static const struct qn_statement close_fails[] = {
    {MEAN("errors_masked", "", 1), CELL("close-fails", "release-at-site", "close_error=replace"),
     BOUND(0), "Letting the close error replace the original one hides the cause.", "",
     "No cause was hidden."},
    {MEAN("errors_masked", "", 1), CELL("close-fails", "release-at-site", ""),
     AGAINST("close-fails", "release-at-site", "close_error=replace"),
     "Attaching close errors hid more causes.",
     "Attaching a close error to the error it follows hides fewer causes: what remains are close "
     "errors of workers that had succeeded, received first.",
     "Attaching alone shows no difference: most causes are hidden by close errors of workers "
     "that had succeeded, received first."},
    {MEAN("errors_masked", "", 1),
     CELL("close-fails", "release-at-site", "error_policy=first-in-time"), BOUND(0),
     "Even in order of time a close error sometimes came first.", "",
     "A caller that prefers the first failure in time to any close error hides no cause."},
    {MEAN("close_errors_lost", "", 1), CELL("close-fails", "release-at-site", "close_error=drop"),
     AGAINST("close-fails", "release-at-site", "close_error=join"),
     "Dropping close errors loses them; joining loses fewer.", "Joining lost more.",
     "No difference shown in close errors lost."},
    {MEAN("resources_leaked", "", 1), CELL("close-fails", "close-stops", ""), BOUND(0),
     "Stopping at the first close error leaks the rest: keep closing.", "",
     "Stopping at the first close error left nothing open here."},
};

static const struct qn_statement cancelled_error[] = {
    {MEAN("errors_masked", "", 1),
     CELL("masking", "cancel-wait", "cancelled_reports=error;record_order=cancel-then-record"),
     BOUND(0),
     "In this share of near-ties the caller gets `cancelled` and the cause is lost: the token "
     "was raised before the error was recorded.",
     "", "No cause was masked."},
    {MEAN("errors_masked", "", 1), CELL("masking", "cancel-wait", "cancelled_reports=error"),
     BOUND(0), "The cause was masked even though its error was recorded first.", "",
     "If the error is recorded before the cancel, it is never masked."},
    {MEAN("errors_masked", "", 1),
     CELL("masking", "cancel-wait", "record_order=cancel-then-record"), BOUND(0),
     "A separate code for cancellation did not help.", "",
     "A separate code for cancellation, which the caller can distinguish from a failure, masks "
     "nothing in either order."},
};

static const struct qn_statement survives[] = {
    {MEAN("error_fidelity", "", 1), CELL("masking", "drain", ""),
     AGAINST("masking", "drain", "error_policy=last"),
     "The first error received is the first in time far more often than the last one received.",
     "The last one received was the first in time more often.", "No difference shown."},
    {MEAN("error_fidelity", "", 1), CELL("masking", "drain", "error_policy=first-in-time"),
     AGAINST("masking", "drain", "error_policy=first-by-index"),
     "The lowest index is the first in time only by chance.", "The lowest index did better.",
     "No difference shown."},
    {MEAN("errors_lost", "", 1), CELL("masking", "drain", ""),
     AGAINST("masking", "drain", "error_policy=join-all"),
     "Returning one error loses all others; joining loses none up to its limit.",
     "Joining lost more.", "No difference shown in errors lost."},
    {MEAN("error_memory", "B", 1), CELL("masking", "drain", "error_policy=join-all"),
     AGAINST("masking", "drain", "error_policy=join-all;join_limit=1"),
     "Joining costs the memory that the joined error holds.", "", "No difference shown."},
    {MEAN("detection", "µs", US), CELL("join-order", "drain", "join_order=index"),
     AGAINST("join-order", "drain", ""),
     "Joining in order of index delays an error behind a slow worker.",
     "In order of index, errors were seen sooner.",
     "No difference shown in when the error is seen."},
};

static const struct qn_statement where_release[] = {
    {MEDIAN("return_latency", "µs", US), CELL("release", "release-at-site", ""),
     AGAINST("release", "release-by-owner", ""), "Closing at the error site delays the return.",
     "The owner's convention returned later.", "No difference shown in when the call returns."},
    {MEAN("retained_integral", "KiB·ms", KIB * 1e6), CELL("release", "release-at-site", ""),
     AGAINST("release", "release-by-owner", ""), "The error site held more for longer.",
     "The owner holds everything until after the return: more bytes for longer.",
     "No difference shown in bytes over time."},
    {MEAN("resources_leaked", "", 1), CELL("release", "release-by-owner", ""), BOUND(0),
     "The owner left some resources open.", "",
     "The owner closes the same way with or without an error: nothing leaks."},
};

static const struct qn_statement limits[] = {
    {MEAN("wasted", "µs", US), CELL("limits", "limited", ""),
     AGAINST("limits", "limited", "late_work=refuse"),
     "Refusing work after the first error saves nearly all of it, with no token at all.",
     "Refusing wasted more.", "No difference shown in wasted work."},
    {MEAN("discarded", "µs", US), CELL("limits", "drain", ""),
     AGAINST("limits", "drain", "partial_results=keep"),
     "Results from before the error are discarded unless the policy keeps them.", "",
     "No difference shown in discarded work."},
    {MEAN("retained_at_return", "KiB", KIB), CELL("limits", "drain", "partial_results=keep"),
     AGAINST("limits", "drain", ""),
     "Keeping results costs their memory until the owner is done with them.", "",
     "No difference shown in memory at the return."},
    {MEDIAN("cancelling", "µs", US), CELL("limits", "cancel-wait", ""), BOUND(100),
     "Raising a token took the canceller more than 100 µs.",
     "Raising a token takes the canceller less than 100 µs: it does not wait for the workers to "
     "stop.",
     "Raising took about 100 µs."},
};

static const struct qn_statement nested[] = {
    {MEDIAN("stop_latency", "µs", US), CELL("tree-depth", "tree-climb", "tree=10x2"),
     AGAINST("tree-depth", "tree-climb", "tree=2x32"),
     "If the error climbs, each level waits for its own workers to stop: ten levels stop later "
     "than two.",
     "Ten levels stopped sooner than two.", "No difference shown between ten levels and two."},
    {MEDIAN("stop_latency", "µs", US), CELL("tree-depth", "tree-root", "token=walk;tree=10x2"),
     AGAINST("tree-depth", "tree-root", "token=walk;tree=2x32"),
     "With one token for all, ten levels still stopped later than two.",
     "With one token for all, ten levels stopped sooner than two.",
     "With one token for all, no difference is shown between ten levels and two."},
    {MEDIAN("detection", "µs", US), CELL("tree-depth", "tree-climb", "tree=10x2"),
     AGAINST("tree-depth", "tree-root", "tree=10x2"), "The root knows later if the error climbs.",
     "The root knew sooner although the error "
     "climbs.",
     "No difference shown in when the root knows."},
    {MEDIAN("cancelling", "µs", US), CELL("skynet-fail", "tree-root", "tree=4x10"),
     AGAINST("skynet-fail", "tree-root", "token=generation;tree=4x10"),
     "Notifying every scope below takes longer than changing one word that all scopes check.",
     "Changing one word took longer than notifying every scope.",
     "No difference shown in the cost of raising."},
};

static const struct qn_statement deliveries[] = {
    {MEDIAN("stop_latency", "µs", US), CELL("delivery-cpu", "cancel-dequeue", ""),
     AGAINST("delivery-cpu", "cancel-wait", ""),
     "A token checked only at dequeue stops no running work; polling does.",
     "Checking only at dequeue stopped sooner.",
     "No difference shown between polling and "
     "checking at dequeue."},
    {MEDIAN("stop_latency", "µs", US), CELL("blocked-pop", "close", ""),
     AGAINST("blocked-pop", "close-wakes", ""),
     "Closing a channel wakes a worker that waits on it, but not one that waits elsewhere.",
     "Waiting on the channel took longer.",
     "No difference shown between waiting on the channel "
     "and elsewhere."},
    {MEDIAN("stop_latency", "µs", US), CELL("delivery-pipe", "cancel-close-fd", ""),
     AGAINST("delivery-pipe", "cancel-close-peer", ""),
     "On Linux, closing a descriptor does not wake a thread that reads it; closing the other end "
     "does.",
     "Closing the reader's own descriptor stopped it sooner.",
     "No difference shown between closing the reader's end and the other."},
    {MEAN("leaked", "KiB", KIB), CELL("delivery-cpu", "cancel-thread-bare", ""), BOUND(0),
     "pthread_cancel without cleanup handlers leaks what the thread held.", "",
     "pthread_cancel without cleanup handlers leaked nothing."},
    {MEDIAN("return_at", "µs", US), CELL("delivery-cpu", "cancel-thread", ""),
     AGAINST("delivery-cpu", "cancel-wait", ""),
     "A thread per worker, so that it can be cancelled, costs more than it saves here.",
     "pthread_cancel returned sooner.", "No difference shown in when the call returns."},
    {MEDIAN("return_latency", "µs", US), CELL("delivery-deaf", "cancel-grace", ""),
     AGAINST("delivery-deaf", "cancel-wait", ""), "The ladder returned later.",
     "If the work never checks, only giving up bounds the return; abandoned workers keep running.",
     "No difference shown: the grace period outlasts the work."},
};

#define YIELD "after_error=yield"
#define NICE "worker_nice=10"

static const struct qn_statement waiting[] = {
    {MEDIAN("detection", "µs", US), CELL("waiting-caller", "cancel", ""),
     AGAINST("waiting-caller", "cancel", YIELD),
     "No: it has been told, and waits until a worker ends. One yield of the failing worker's "
     "thread gives it a core.",
     "Here the yield made it later.",
     "No difference shown: here the caller has a core when it is told."},
    {MEAN("wasted", "µs", US), CELL("waiting-caller", "cancel", ""),
     AGAINST("waiting-caller", "cancel", YIELD),
     "What cancel wastes is for the most part work done before its caller can raise the token.",
     "Here the yield wasted more.", "No difference shown in what cancel wastes."},
    {MEAN("wasted", "µs", US), CELL("waiting-caller", "cancel", ""),
     AGAINST("waiting-caller", "cancel", NICE),
     "Pool threads at a higher nice save it too, without any change to the code of the work.",
     "Here nice wasted more.", "No difference shown with pool threads at a higher nice."},
    {MEAN("wasted", "µs", US), CELL("waiting-caller", "cancel", YIELD),
     AGAINST("waiting-caller", "cancel", NICE), "Nice wastes less than the yield.",
     "The yield wastes less than nice.", "No difference shown between yield and nice."},
    {MEAN("wasted", "µs", US), CELL("waiting-caller", "cancel", "canceller=worker"),
     AGAINST("waiting-caller", "cancel", YIELD),
     "The yield wastes less than a failing worker that raises the token itself.",
     "A failing worker that raises the token itself wastes least.",
     "No difference shown between a yield and a failing worker that raises the token itself."},
    {MEDIAN("detection", "µs", US), CELL("waiting-caller", "cancel", "canceller=worker"),
     AGAINST("waiting-caller", "cancel", "after_error=yield;canceller=worker"),
     "Its caller still learns of the error sooner with the yield.",
     "The yield added to that made it later.",
     "The yield added to that shows no difference: cancelled workers leave their cores."},
    {MEAN("wasted", "µs", US), CELL("waiting-caller-drawn", "cancel", ""),
     AGAINST("waiting-caller-drawn", "cancel", YIELD),
     "It is the same where work and failures are drawn.", "Drawn, the yield wasted more.",
     "Where work and failures are drawn, no difference is shown."},
    {MEDIAN("detection", "µs", US), CELL("waiting-caller-short", "cancel", ""),
     AGAINST("waiting-caller-short", "cancel", YIELD),
     "Even workers shorter than a wake delay the caller.",
     "With workers shorter than a wake, the yield made it later.",
     "With workers shorter than a wake, no difference is shown."},
    {MEAN("wasted", "µs", US), CELL("waiting-caller-long", "cancel", ""),
     AGAINST("waiting-caller-long", "cancel", YIELD),
     "With workers of 2 ms more is at stake: the caller may wait for a time slice.",
     "With long workers the yield wasted more.", "With long workers no difference is shown."},
    {MEAN("caller_run_delay", "µs", US), CELL("waiting-caller", "cancel", ""),
     AGAINST("waiting-caller-apart", "cancel", ""),
     "A caller with a core of its own hardly ever waits for one.",
     "Here a caller with a core of its own waited longer for it.",
     "No difference shown: on this machine a shared caller gets its core, too."},
    {MEDIAN("detection", "µs", US), CELL("waiting-caller-apart", "cancel", ""),
     AGAINST("waiting-caller-apart", "cancel", YIELD),
     "Even a caller with a core of its own gains from the yield.",
     "With a core of its own for the caller, the yield made it later.",
     "A caller with a core of its own gains nothing."},
    {MEDIAN("detection", "µs", US), CELL("waiting-caller-8", "cancel", ""),
     AGAINST("waiting-caller-8", "cancel", YIELD), "With 8 threads the yield still helps.",
     "With 8 threads the yield made it later.",
     "With 8 threads the yield shows no difference: it may be another worker's turn."},
    {MEDIAN("detection", "µs", US), CELL("waiting-caller-8", "cancel", ""),
     AGAINST("waiting-caller-8", "cancel", NICE), "With 8 threads nice still helps.",
     "With 8 threads nice made it later.", "With 8 threads nice shows no difference."},
    {MEDIAN("detection", "µs", US), CELL("waiting-caller-32", "cancel", ""),
     AGAINST("waiting-caller-32", "cancel", YIELD), "With 32 threads the yield still helps.",
     "With 32 threads the yield made it later.",
     "With 32 threads the yield shows no difference: it may be another worker's turn."},
    {MEDIAN("detection", "µs", US), CELL("waiting-caller-32", "cancel", ""),
     AGAINST("waiting-caller-32", "cancel", NICE), "With 32 threads nice still helps.",
     "With 32 threads nice made it later.", "With 32 threads nice shows no difference."},
};

#define STATEMENTS(list) list, QN_ARRAY_LEN(list)

const struct qn_question qn_questions[] = {
    {"close-or-cancel", "Scheme 3: does closing a channel cancel the work?", "quick",
     STATEMENTS(scheme_3),
     "Close a channel to free workers that block in a send; to stop the work, give it a token to "
     "poll.",
     "if every worker waits on the channel (a pop from an empty queue), closing is a cancel; if "
     "the work never polls, a token does no more than a close (profile delivery)."},
    {"call-close", "On an error, should close be called?", "resources", STATEMENTS(call_close),
     "Yes: close everything that was acquired, once, in reverse order, on every path.",
     "if an outside owner closes on every path anyway, the call must not."},
    {"close-fails", "What if close fails too?", "resources", STATEMENTS(close_fails),
     "Keep closing; attach or join the close error to the first error, never replace it.",
     "if the close error is the failure (a write that only close flushes) and there is no other "
     "error, return it, as attach does."},
    {"cancelled-error", "Should a cancelled worker return an error?", "errors",
     STATEMENTS(cancelled_error),
     "Yes, with a code of its own; if it returns an error like any other, the failing worker "
     "must record its error before it cancels.",
     "if the caller raises the token after it received the error, nothing can come before that "
     "error."},
    {"survives", "Which error survives if several occur?", "errors", STATEMENTS(survives),
     "Keeping the first one received is cheap, and it is nearly always the first in time; if all "
     "errors matter, join them, with a limit.",
     "errors closer together than a hand-over arrive in random order; joining by index or "
     "keeping the last loses the order whatever the timing."},
    {"where-release", "Where should resources be released?", "resources", STATEMENTS(where_release),
     "At the error site if they are expensive to hold; by the owner if a quick return or a "
     "single place for all releases matters more.",
     "if closing costs nothing, calls return equally fast and only the bytes held differ."},
    {"delivery", "How can a cancel reach a worker, and what does each way cost?", "delivery",
     STATEMENTS(deliveries),
     "Poll in work that computes, wake work that waits, and use signals, closed descriptors and "
     "pthread_cancel only for calls that nothing else can interrupt.",
     "if the work can't be changed to poll, a check at dequeue is all there is, and a grace "
     "period bounds the return."},
    {"limits", "How many workers at once, and what becomes of the rest?", "limits",
     STATEMENTS(limits),
     "Submit work through a limit and refuse more after the first error; keep partial results if "
     "they are worth their memory.",
     "if workers take longer than the rest of the call, refusing helps little: it does not stop "
     "running work."},
    {"nested",
     "Errors travel up a chain while cancellation travels down a tree: what does that "
     "cost?",
     "tree", STATEMENTS(nested),
     "If the first error ends everything, raise one token at the root; if a scope may handle "
     "errors, let them climb.",
     "in flat fan-outs, or if workers end sooner than they poll, there is nothing to wait for; a "
     "shielded subtree is waited for either way."},
    {"waiting", "Does the caller get its core when it has been told?", "waiting",
     STATEMENTS(waiting),
     "Where pool and caller share cores, let the failing worker's thread yield once after its "
     "report is delivered; it costs nothing while nothing fails.",
     "if there are fewer threads than cores, or workers are shorter than a wake (20 to 60 µs), "
     "there is little to gain; with several threads a core a yield may go to another worker, and a "
     "higher nice of the pool helps, but beside other work it slows every call."},
};

const size_t qn_n_questions = QN_ARRAY_LEN(qn_questions);
