#include "bench/peer/adopt.h"

#include <stdlib.h>

#include "runtime/memory.h"

static _Thread_local struct qn_adopted here;

static uint64_t bytes_of(const struct qn_adopted *t)
{
    return t->allocated ? __atomic_load_n(t->allocated, __ATOMIC_RELAXED) : 0;
}

/* Runs when an adopted thread ends. */
static void leave(void *arg)
{
    struct qn_adopted *t = arg;
    struct qn_adoption *a = t->by;

    pthread_mutex_lock(&a->mutex);
    a->ended_bytes += bytes_of(t) - t->before;
    if (t->place >= 0)
        a->n_at[t->place]--;
    a->n_bound -= t->is_bound;
    *t->link = t->next;
    if (t->next)
        t->next->link = t->link;
    pthread_mutex_unlock(&a->mutex);
    t->by = NULL;
}

static void enlist(struct qn_adoption *a, struct qn_adopted *t)
{
    t->allocated = qn_memory_thread_allocated();
    t->before = bytes_of(t);
    t->next = a->list;
    t->link = &a->list;
    if (t->next)
        t->next->link = &t->next;
    a->list = t;
}

static int take_place(struct qn_adoption *a)
{
    unsigned best = 0;

    for (unsigned i = 1; i < a->n_places; i++)
        if (a->n_at[i] < a->n_at[best])
            best = i;
    a->n_at[best]++;
    return (int)best;
}

/* Binds and schedules the calling thread as those of the pool are. A machine that can't bind threads is measured
 * anyway, as with ours; bound_threads says so. */
static void fit(struct qn_adoption *a, struct qn_adopted *t)
{
    int rc = a->place ? qn_place_bind_foreign(a->place, t->place) : QN_ENOTSUP;
    const char *why;

    t->is_bound = rc == QN_OK;
    if (rc != QN_OK && rc != QN_ENOTSUP)
        t->refusal = QN_BREACH_UNBOUND;
    else if (qn_sched_set_self(&a->sched, &why) != QN_OK)
        t->refusal = QN_BREACH_UNSCHEDULED;
}

static struct qn_adopted *adopt(struct qn_adoption *a, struct qn_adopted *t)
{
    *t = (struct qn_adopted){.by = a, .self = &t->own};
    pthread_mutex_lock(&a->mutex);
    t->place = take_place(a);
    pthread_mutex_unlock(&a->mutex);
    qn_thread_init(&t->own, a->exec, t->place);
    qn_self_ptr = &t->own;
    fit(a, t);
    pthread_mutex_lock(&a->mutex);
    if (t->is_bound && ++a->n_bound > a->most_bound)
        a->most_bound = a->n_bound;
    enlist(a, t); /* last: what binding allocates isn't the peer's */
    pthread_mutex_unlock(&a->mutex);
    pthread_setspecific(a->key, t);
    return t;
}

int qn_adoption_init(struct qn_adoption *a, struct qn_exec *exec, struct qn_place_ctx *place,
                     unsigned n_places, struct qn_sched sched, bool computes)
{
    int rc = QN_OK;

    *a = (struct qn_adoption){.exec = exec, .place = place, .n_places = n_places, .sched = sched};
    a->n_at = calloc(n_places, sizeof(*a->n_at));
    if (!a->n_at)
        return QN_ENOMEM;
    if (pthread_mutex_init(&a->mutex, NULL) != 0) {
        free(a->n_at);
        return QN_EAGAIN;
    }
    if (pthread_key_create(&a->key, leave) != 0) {
        pthread_mutex_destroy(&a->mutex);
        free(a->n_at);
        return QN_EAGAIN;
    }
    here = (struct qn_adopted){.by = a, .self = qn_self(), .place = computes ? take_place(a) : -1};
    if (computes && place)
        rc = qn_place_bind_foreign(place, here.place);
    enlist(a, &here);
    if (rc == QN_OK || rc == QN_ENOTSUP)
        return QN_OK;
    qn_adoption_fini(a);
    return rc;
}

void qn_adoption_fini(struct qn_adoption *a)
{
    leave(&here);
    pthread_key_delete(a->key);
}

unsigned qn_adoption_most_bound(struct qn_adoption *a)
{
    unsigned most;

    pthread_mutex_lock(&a->mutex);
    most = a->most_bound;
    pthread_mutex_unlock(&a->mutex);
    return most;
}

struct qn_adopted *qn_adopted_self(struct qn_adoption *a)
{
    return QN_LIKELY(here.by == a) ? &here : adopt(a, &here);
}

const struct qn_adopted *qn_adopted_here(void)
{
    return &here;
}

void qn_adoption_count(struct qn_adoption *a)
{
    pthread_mutex_lock(&a->mutex);
    a->ended_bytes = 0;
    for (struct qn_adopted *t = a->list; t; t = t->next)
        t->before = bytes_of(t);
    pthread_mutex_unlock(&a->mutex);
}

int64_t qn_adoption_counted(struct qn_adoption *a)
{
    uint64_t bytes;

    if (!qn_memory_is_exact())
        return -1;
    pthread_mutex_lock(&a->mutex);
    bytes = a->ended_bytes;
    for (struct qn_adopted *t = a->list; t; t = t->next)
        bytes += bytes_of(t) - t->before;
    pthread_mutex_unlock(&a->mutex);
    return (int64_t)bytes;
}
