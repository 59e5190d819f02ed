#include "bench/base/share.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>

#include "runtime/err.h"

struct qn_share {
    qn_share_work *work;
    void *user;
    size_t n;
    atomic_size_t next;
    atomic_int error; /* the first one */
};

bool qn_share_take(struct qn_share *s, size_t *item)
{
    *item = atomic_fetch_add_explicit(&s->next, 1, memory_order_relaxed);
    return *item < s->n && atomic_load_explicit(&s->error, memory_order_relaxed) == QN_OK;
}

static void *run(void *share)
{
    struct qn_share *s = share;
    int rc = s->work(s->user, s), none = QN_OK;

    if (rc != QN_OK)
        atomic_compare_exchange_strong(&s->error, &none, rc);
    return NULL;
}

static size_t count_threads(size_t n_items)
{
    cpu_set_t allowed;
    size_t n =
        sched_getaffinity(0, sizeof(allowed), &allowed) == 0 ? (size_t)CPU_COUNT(&allowed) : 1;

    n = n > QN_SHARE_MOST ? QN_SHARE_MOST : n;
    return n > n_items ? n_items : n;
}

int qn_share_out(size_t n, qn_share_work *work, void *user)
{
    struct qn_share s = {.work = work, .user = user, .n = n};
    pthread_t threads[QN_SHARE_MOST];
    size_t n_threads = 0, n_wanted = count_threads(n);
    sigset_t all, before;

    sigfillset(&all);
    /* inherited by the threads, so that signals are handled by the caller */
    pthread_sigmask(SIG_SETMASK, &all, &before);
    while (n_threads + 1 < n_wanted && pthread_create(&threads[n_threads], NULL, run, &s) == 0)
        n_threads++;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    run(&s);
    for (size_t i = 0; i < n_threads; i++)
        pthread_join(threads[i], NULL);
    return atomic_load(&s.error);
}
