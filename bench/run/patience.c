#include "bench/run/patience.h"

#include <signal.h>
#include <sys/wait.h>
#include <time.h>

#include "bench/run/signals.h"
#include "runtime/clock.h"
#include "runtime/err.h"

/* Number of checks within a grace period. */
#define LOOKS 4u
#define MIN_STEP_NS QN_NS_PER_MS

static uint64_t add(uint64_t a, uint64_t b)
{
    return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

/* The progress since the process began: any change makes it larger. */
static uint64_t count(const struct qn_watch *w)
{
    uint64_t n = atomic_load_explicit(&w->pulse->n_beats, memory_order_relaxed);

    for (unsigned i = 0; i < w->n_threads; i++)
        n += atomic_load_explicit(&w->progress[i].n_passed, memory_order_relaxed);
    return n;
}

static uint64_t step_of(const struct qn_watch *w)
{
    return w->grace_ns / LOOKS > MIN_STEP_NS ? w->grace_ns / LOOKS : MIN_STEP_NS;
}

void qn_watch_begin(struct qn_watch *w, const struct qn_pulse *pulse,
                    const struct qn_progress *progress, unsigned n_threads, uint64_t grace_ns,
                    uint64_t now_ns)
{
    *w = (struct qn_watch){.pulse = pulse,
                           .progress = progress,
                           .n_threads = n_threads,
                           .grace_ns = grace_ns,
                           .looked_at_ns = now_ns};
    w->seen = count(w);
}

uint64_t qn_watch_look(struct qn_watch *w, uint64_t now_ns, bool is_stopped)
{
    uint64_t since_ns = now_ns - w->looked_at_ns, step_ns = step_of(w), seen = count(w);
    bool was_stopped =
        /* the watching process was stopped itself, perhaps together with its child */
        since_ns > 2 * step_ns;

    w->looked_at_ns = now_ns;
    w->silent_ns = seen != w->seen || was_stopped || is_stopped ? 0 : add(w->silent_ns, since_ns);
    w->seen = seen;
    if (w->silent_ns >
        add(w->grace_ns, atomic_load_explicit(&w->pulse->silence_ns, memory_order_relaxed)))
        return 0;
    return step_ns;
}

/* Polls the state of the process. True: it has ended, and *status says how. *has_been_stopped: it
 * is stopped, or was since the previous call; *is_stopped is kept between calls. */
static bool has_ended(pid_t pid, int *status, bool *is_stopped, bool *has_been_stopped)
{
    *has_been_stopped = *is_stopped;
    while (waitpid(pid, status, WNOHANG | WUNTRACED | WCONTINUED) == pid) {
        if (!WIFSTOPPED(*status) && !WIFCONTINUED(*status))
            return true;
        *is_stopped = WIFSTOPPED(*status);
        *has_been_stopped = true;
    }
    return false;
}

int qn_watch_wait(struct qn_watch *w, pid_t pid, int *status)
{
    bool is_stopped = false, has_been_stopped;
    sigset_t set;

    qn_signals_stops(&set);
    sigaddset(&set, SIGCHLD);
    while (!has_ended(pid, status, &is_stopped, &has_been_stopped)) {
        uint64_t left = qn_watch_look(w, qn_clock_now_monotonic_ns(), has_been_stopped);
        struct timespec timeout = {(time_t)(left / QN_NS_PER_S), (long)(left % QN_NS_PER_S)};
        int sig;

        if (left == 0)
            return QN_ETIMEDOUT;
        sig = sigtimedwait(&set, NULL, &timeout);
        if (sig > 0 && sig != SIGCHLD)
            return QN_EINTR;
    }
    return QN_OK;
}
