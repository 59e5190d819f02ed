/* The pool's threads in real blocking calls, and reaching them there; see block.h. */
#include "runtime/block.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>

#include "runtime/pool/parts.h"

/* Ignored by default, and used for the same purpose by Go's runtime (proposal 24543). */
#define REACH_SIGNAL SIGURG

enum fd { FD_READ, FD_WRITE, FD_EVENT };

/* The entered thread's flag, for the signal handler. */
static _Thread_local _Atomic uint32_t *_Atomic signal_flag;

static int fd_of(const struct qn_thread *thread, enum fd fd)
{
    return QN_BLOCK_FIRST_FD + thread->index * QN_BLOCK_FDS + (int)fd;
}

/* Signals. */

static void on_signal(int sig)
{
    _Atomic uint32_t *flag = atomic_load_explicit(&signal_flag, memory_order_relaxed);

    (void)sig;
    if (flag)
        atomic_store_explicit(flag, 1, memory_order_relaxed);
}

static void catch_signal(void)
{
    struct sigaction action = {.sa_handler = on_signal}; /* without SA_RESTART */
    int rc;

    sigemptyset(&action.sa_mask);
    rc = sigaction(REACH_SIGNAL, &action, NULL);
    assert(rc == 0);
    (void)rc;
}

static void mask_signal(int how)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, REACH_SIGNAL);
    if (pthread_sigmask(how, &set, NULL) != 0)
        assert(!"how is one of three");
}

/* Discards pending signals, while the signal is blocked and none is sent any more. */
static void swallow_signals(void)
{
    const struct timespec none = {0, 0};
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, REACH_SIGNAL);
    while (sigtimedwait(&set, NULL, &none) > 0 || errno == EINTR)
        continue;
}

static bool is_interrupted(void)
{
    _Atomic uint32_t *flag = atomic_load_explicit(&signal_flag, memory_order_relaxed);

    return flag && atomic_load_explicit(flag, memory_order_relaxed);
}

/* Descriptors. */

/*
 * System calls directly: closing a descriptor under its reader is intended here, and
 * ThreadSanitizer would rightly report it as a race.
 */
static void close_number(int fd)
{
    syscall(SYS_close, fd);
}

/* Moves the descriptor to its reserved number, which must be free. */
static int settle_fd(const struct qn_thread *self, int from, enum fd to)
{
    int number = fd_of(self, to);

    if (fcntl(number, F_GETFD) >= 0 || dup3(from, number, O_CLOEXEC) < 0) {
        close(from);
        return QN_EAGAIN;
    }
    close(from);
    qn_pool_block_of(self)->is_open[to] = true;
    return QN_OK;
}

static void shut_fd(const struct qn_thread *thread, enum fd fd)
{
    if (qn_pool_block_of(thread)->is_open[fd])
        close_number(fd_of(thread, fd));
    qn_pool_block_of(thread)->is_open[fd] = false;
}

static int open_pipe(const struct qn_thread *self)
{
    struct block *b = qn_pool_block_of(self);
    int ends[2], rc;

    if (b->is_open[FD_READ] && b->is_open[FD_WRITE])
        return QN_OK;
    shut_fd(self, FD_READ);
    shut_fd(self, FD_WRITE);
    if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0)
        return QN_EAGAIN;
    rc = settle_fd(self, ends[0], FD_READ);
    if (rc != QN_OK) {
        close(ends[1]);
        return rc;
    }
    rc = settle_fd(self, ends[1], FD_WRITE);
    if (rc != QN_OK)
        shut_fd(self, FD_READ);
    return rc;
}

static int open_eventfd(const struct qn_thread *self)
{
    int fd;

    if (qn_pool_block_of(self)->is_open[FD_EVENT])
        return QN_OK;
    fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    return fd < 0 ? QN_EAGAIN : settle_fd(self, fd, FD_EVENT);
}

/* Reads what is available; returns as read(). */
static ssize_t take_bytes(int fd)
{
    uint64_t word;

    return read(fd, &word, sizeof(word));
}

/* Under the lock: opens what the type needs, and empties it. */
static int open_anew(const struct qn_thread *self, enum qn_block_type type)
{
    int rc = QN_OK;

    qn_pool_block_of(self)->is_woken = false;
    qn_pool_block_of(self)->is_cancelled = false;
    if (type == QN_BLOCK_PIPE && (rc = open_pipe(self)) == QN_OK)
        while (take_bytes(fd_of(self, FD_READ)) > 0)
            continue;
    if (type == QN_BLOCK_EVENTFD && (rc = open_eventfd(self)) == QN_OK)
        take_bytes(fd_of(self, FD_EVENT));
    return rc;
}

/* Life. */

static int init_block(struct block *b)
{
    pthread_condattr_t attr;

    if (pthread_mutex_init(&b->lock, NULL) != 0)
        return QN_ENOMEM;
    if (pthread_condattr_init(&attr) == 0) {
        bool is_made = pthread_condattr_setclock(&attr, CLOCK_MONOTONIC) == 0 &&
                       pthread_cond_init(&b->cond, &attr) == 0;

        pthread_condattr_destroy(&attr);
        if (is_made)
            return QN_OK;
    }
    pthread_mutex_destroy(&b->lock);
    return QN_ENOMEM;
}

static int make_block(struct qn_thread *self)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    struct block *b = calloc(1, sizeof(*b));

    if (!b)
        return QN_ENOMEM;
    if (init_block(b) != QN_OK) {
        free(b);
        return QN_ENOMEM;
    }
    pthread_once(&once, catch_signal);
    mask_signal(SIG_BLOCK);
    pthread_sigmask(SIG_BLOCK, NULL, &b->inside);
    sigdelset(&b->inside, REACH_SIGNAL);
    ((struct pool_thread *)self)->block = b;
    return QN_OK;
}

void qn_pool_block_fini(struct pool_thread *t)
{
    if (!t->block)
        return;
    for (unsigned fd = 0; fd < QN_BLOCK_FDS; fd++)
        shut_fd(&t->thread, (enum fd)fd);
    pthread_cond_destroy(&t->block->cond);
    pthread_mutex_destroy(&t->block->lock);
    free(t->block);
    t->block = NULL;
}

static int op_enter(struct qn_thread *self, enum qn_block_type type, _Atomic uint32_t *flag)
{
    int rc = qn_pool_block_of(self) ? QN_OK : make_block(self);
    struct block *b = qn_pool_block_of(self);

    if (rc != QN_OK)
        return QN_EAGAIN;
    pthread_mutex_lock(&b->lock);
    rc = open_anew(self, type);
    pthread_mutex_unlock(&b->lock);
    if (rc != QN_OK)
        return rc;
    b->type = type;
    b->has_signals = flag != NULL;
    if (!flag)
        return QN_OK;
    atomic_store_explicit(&signal_flag, flag, memory_order_relaxed);
    if (type == QN_BLOCK_NONE)
        mask_signal(SIG_UNBLOCK);
    return QN_OK;
}

static void op_leave(struct qn_thread *self)
{
    const struct block *b = qn_pool_block_of(self);

    if (!b->has_signals)
        return;
    if (b->type == QN_BLOCK_NONE)
        mask_signal(SIG_BLOCK);
    swallow_signals();
    atomic_store_explicit(&signal_flag, NULL, memory_order_relaxed);
}

/* Blocking. */

static struct timespec timespec_of(uint64_t ns)
{
    return (struct timespec){(time_t)(ns / QN_NS_PER_S), (long)(ns % QN_NS_PER_S)};
}

/* After poll has reported a closed descriptor. It also does so when its time is up and it looks up
 * the number again; until then it has not noticed. */
static enum qn_block_end end_on_closed(uint64_t until_ns)
{
    return qn_clock_now_monotonic_ns() >= until_ns ? QN_BLOCK_PLAN : QN_BLOCK_CLOSED;
}

static enum qn_block_end block_on_fd(struct block *b, int fd, uint64_t deadline)
{
    uint64_t now;

    while ((now = qn_clock_ticks()) < deadline) {
        uint64_t left_ns = qn_clock_to_ns(deadline - now);
        uint64_t until_ns = qn_clock_now_monotonic_ns() + left_ns;
        struct timespec left = timespec_of(left_ns);
        struct pollfd poll = {.fd = fd, .events = POLLIN};
        int n_ready;
        ssize_t n;

        QN_STEP("blocking");
        n_ready = ppoll(&poll, 1, &left, &b->inside);
        if (n_ready < 0 && is_interrupted())
            return QN_BLOCK_INTERRUPTED;
        if (n_ready <= 0)
            continue;
        if (poll.revents & POLLNVAL)
            return end_on_closed(until_ns);
        n = take_bytes(fd);
        if (n >= 0)
            return n > 0 ? QN_BLOCK_WOKEN : QN_BLOCK_PEER_CLOSED;
    }
    return QN_BLOCK_PLAN;
}

static void unlock_mutex(void *mutex)
{
    pthread_mutex_unlock(mutex);
}

/* A signal runs its handler and changes nothing: the C library continues waiting. */
static enum qn_block_end block_on_cond(struct block *b, uint64_t deadline)
{
    volatile bool is_woken;
    uint64_t now;

    if (b->has_signals)
        mask_signal(SIG_UNBLOCK);
    QN_STEP("blocking");
    pthread_mutex_lock(&b->lock);
    pthread_cleanup_push(unlock_mutex, &b->lock); /* a cancelled wait returns with the lock held */
    while (!b->is_woken && (now = qn_clock_ticks()) < deadline) {
        struct timespec at =
            timespec_of(qn_clock_now_monotonic_ns() + qn_clock_to_ns(deadline - now));

        pthread_cond_timedwait(&b->cond, &b->lock, &at);
    }
    is_woken = b->is_woken;
    pthread_cleanup_pop(1);
    if (b->has_signals)
        mask_signal(SIG_BLOCK);
    return is_woken ? QN_BLOCK_WOKEN : QN_BLOCK_PLAN;
}

static enum qn_block_end op_block(struct qn_thread *self, uint64_t deadline)
{
    struct block *b = qn_pool_block_of(self);

    assert(b->type != QN_BLOCK_NONE);
    if (b->type == QN_BLOCK_CONDVAR)
        return block_on_cond(b, deadline);
    return block_on_fd(b, fd_of(self, b->type == QN_BLOCK_PIPE ? FD_READ : FD_EVENT), deadline);
}

/* The ways. */

/* Under the lock, which every close takes: writing to a pipe without readers would raise
 * SIGPIPE. */
static bool can_be_written(const struct block *b, enum fd fd)
{
    return b->is_open[fd] && (fd != FD_WRITE || b->is_open[FD_READ]);
}

static void op_wake(struct qn_thread *thread)
{
    const uint64_t one = 1;
    struct block *b = qn_pool_block_of(thread);
    enum fd fd = b->type == QN_BLOCK_PIPE ? FD_WRITE : FD_EVENT;
    ssize_t n = sizeof(one);

    pthread_mutex_lock(&b->lock);
    b->is_woken = true;
    if (b->type == QN_BLOCK_CONDVAR)
        pthread_cond_broadcast(&b->cond);
    else if (b->type != QN_BLOCK_NONE && can_be_written(b, fd))
        n = write(fd_of(thread, fd), &one, sizeof(one));
    pthread_mutex_unlock(&b->lock);
    assert(n == sizeof(one)); /* a wake or two fit */
    (void)n;
}

static void op_interrupt(struct qn_thread *thread)
{
    int rc = pthread_kill(((struct pool_thread *)thread)->pthread, REACH_SIGNAL);

    assert(rc == 0);
    (void)rc;
}

static void op_close(struct qn_thread *thread)
{
    struct block *b = qn_pool_block_of(thread);

    pthread_mutex_lock(&b->lock);
    if (b->type == QN_BLOCK_PIPE || b->type == QN_BLOCK_EVENTFD)
        shut_fd(thread, b->type == QN_BLOCK_PIPE ? FD_READ : FD_EVENT);
    pthread_mutex_unlock(&b->lock);
}

static void op_close_peer(struct qn_thread *thread)
{
    struct block *b = qn_pool_block_of(thread);

    pthread_mutex_lock(&b->lock);
    if (b->type == QN_BLOCK_PIPE)
        shut_fd(thread, FD_WRITE);
    pthread_mutex_unlock(&b->lock);
}

static const char *op_why_unsupported(unsigned n_threads)
{
    static _Thread_local char text[96];
    rlim_t needed = QN_BLOCK_FIRST_FD + (rlim_t)n_threads * QN_BLOCK_FDS;
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= needed)
        return NULL;
    snprintf(text, sizeof(text), "blocking calls need descriptors up to %llu; ulimit -n is %llu",
             (unsigned long long)needed, (unsigned long long)limit.rlim_cur);
    return text;
}

const struct qn_blocking_ops qn_pool_blocking = {
    .enter = op_enter,
    .leave = op_leave,
    .block = op_block,
    .wake = op_wake,
    .interrupt = op_interrupt,
    .close = op_close,
    .close_peer = op_close_peer,
    .cancel = qn_pool_cancel,
    .run_dedicated = qn_pool_run_dedicated,
    .test_cancel = qn_pool_test_cancel,
    .why_unsupported = op_why_unsupported,
    .why_no_dedicated_thread = qn_pool_why_no_dedicated_thread,
};
