/* quench check: whether peers keep the contract of quench/peer.h. */
#include <stdio.h>
#include <string.h>

#include "bench/base/args.h"
#include "bench/base/commands.h"
#include "bench/base/complain.h"
#include "bench/base/exit.h"
#include "bench/cell/conform.h"
#include "bench/peer/known.h"
#include "bench/peer/peers.h"
#include "bench/run/child.h"
#include "bench/run/signals.h"
#include "runtime/clock.h"
#include "runtime/kernel.h"
#include "strategies/foreign.h"

#define MAX_WORDS 64u
#define MAX_THREADS 3u

struct request {
    const char *words[MAX_WORDS];
    size_t n;
    uint64_t seed;
};

static int take_word(void *request, const char *word)
{
    struct request *r = request;

    if (r->n == MAX_WORDS)
        return qn_refuse("check", word, "up to 64 peers");
    r->words[r->n++] = word;
    return QN_OK;
}

static const struct qn_option options[] = {
    {"seed", "N", "seed of the drawn calls (1)", qn_take_count, offsetof(struct request, seed),
     QN_COUNTS(0, INT64_MAX)},
    {0},
};

static const struct qn_command_line command_line = {
    .name = "quench check",
    .words = "[NAME|FILE.so ...]",
    .doc =
        "Checks that peers keep the contract of quench/peer.h: peers by name, all of a module, or all that "
        "are here. Strategies of your own (quench/strategy.h) are checked alike.\v"
        "Each runs, on 1, 2 and 3 threads, every pattern of failures of up to six workers, which fail at "
        "the end, at once or late, with work that polls and work that doesn't, and then drawn calls.\n\n"
        "Exit codes: 0 all passed; 1 a peer broke the contract; 2 wrong usage, or a peer isn't here.",
    .options = options,
    .take_word = take_word,
};

static bool is_file(const char *word)
{
    size_t n = strlen(word);

    return strchr(word, '/') || (n > 3 && strcmp(word + n - 3, ".so") == 0);
}

/* Takes what the words name. */
static int take_peers(const struct request *r)
{
    const char *why;
    int rc = QN_OK;

    if (r->n == 0)
        qn_peers_take_all();
    for (size_t i = 0; i < r->n && rc == QN_OK; i++) {
        if (is_file(r->words[i])) {
            rc = qn_peers_take_file("check", r->words[i]);
        } else if (!qn_peers_take(r->words[i], &why)) {
            qn_complain("check: '%s' is not available here: %s", r->words[i],
                        why ? why : "no such peer; see `quench list peers`");
            rc = QN_EINVAL;
        }
    }
    return rc;
}

static bool is_asked(const struct request *r, const struct qn_foreign *f)
{
    for (size_t i = 0; i < r->n; i++)
        if (is_file(r->words[i]) ? qn_peers_is_of(&f->strategy, r->words[i])
                                 : strcmp(f->strategy.name, r->words[i]) == 0)
            return true;
    return r->n == 0;
}

/* One process. *n_calls: how many calls passed. */
static int check_on(const struct qn_run_constants *run, const struct qn_foreign *f,
                    unsigned threads, uint64_t *n_calls, char *reason)
{
    struct qn_cell cell = {.id = "check",
                           .strategy = f->strategy.name,
                           .workload = {.name = "check",
                                        .workers = QN_CONFORM_WORKERS,
                                        .threads = threads,
                                        .memory_bytes = 4096,
                                        .result_bytes = 512,
                                        .poll_quanta = 1}};
    struct qn_shared *shared;
    int rc;

    qn_policy_default(&f->strategy, &cell.policy_values);
    rc = qn_child_run(run, &cell, 0, &shared, reason);
    if (rc != QN_OK)
        return rc;
    *n_calls += shared->n_rows;
    qn_child_release(shared);
    return QN_OK;
}

/* QN_EBREACH: it broke the contract; QN_EINTR. */
static int check_peer(const struct qn_run_constants *run, const struct qn_foreign *f)
{
    char reason[QN_REASON_BYTES], last[QN_REASON_BYTES] = "";
    uint64_t n_calls = 0;
    bool is_broken = false;

    for (unsigned threads = 1; threads <= MAX_THREADS; threads++) {
        int rc = check_on(run, f, threads, &n_calls, reason);

        if (rc == QN_EINTR)
            return rc;
        if (rc != QN_OK && strcmp(reason, last) != 0)
            printf("%s: BREACH on %u %s: %s\n", f->strategy.name, threads,
                   threads == 1 ? "thread" : "threads", reason);
        if (rc != QN_OK)
            memcpy(last, reason, sizeof(last));
        is_broken |= rc != QN_OK;
        fflush(stdout);
    }
    if (!is_broken)
        printf(
            "%s: passed: %llu calls on 1, 2 and 3 threads: every pattern of failures of up to 6 workers, "
            "at the end, at once and late, polling and not; drawn calls of up to %u workers\n",
            f->strategy.name, (unsigned long long)n_calls, QN_CONFORM_WORKERS);
    fflush(stdout);
    return is_broken ? QN_EBREACH : QN_OK;
}

static void say_skipped(void)
{
    for (size_t i = 0; i < qn_n_known_peers; i++) {
        const struct qn_foreign *f = qn_foreign_find(qn_known_peers[i].name);

        if (!f)
            printf("%s: skipped: %s\n", qn_known_peers[i].name,
                   qn_peers_why_missing(&qn_known_peers[i]));
    }
}

static int check_all(const struct request *r)
{
    static char *no_args[] = {NULL};
    const struct qn_run_options run_options = {
        .trials = 1, .seed = r->seed, .processes = 1, .benchmark_args = no_args};
    struct qn_run_constants run = {.options = &run_options, .conforms = true};
    bool is_broken = false;
    int rc = qn_clock_init();

    if (rc == QN_OK)
        rc = qn_kernel_calibrate(&run.iterations_per_quantum);
    if (rc != QN_OK) {
        qn_complain("this machine can't be measured: %s", qn_err_text(rc));
        return QN_EXIT_BAD_INPUT;
    }
    run.clock = qn_clock_scale;
    qn_signals_hold();
    for (size_t i = 0; i < qn_foreign_count(); i++) {
        const struct qn_foreign *f = qn_foreign_at(i);

        if (!*f->module || !is_asked(r, f))
            continue;
        if ((rc = check_peer(&run, f)) == QN_EINTR)
            return QN_EXIT_INTERRUPTED;
        is_broken |= rc != QN_OK;
    }
    if (r->n == 0)
        say_skipped();
    return is_broken ? QN_EXIT_CHECK_FAILED : QN_EXIT_DONE;
}

int qn_check_command(int argc, char **argv)
{
    struct request r = {.seed = 1};

    if (qn_args_parse(&command_line, argc, argv, &r) != QN_OK || take_peers(&r) != QN_OK)
        return QN_EXIT_BAD_INPUT;
    return check_all(&r);
}
