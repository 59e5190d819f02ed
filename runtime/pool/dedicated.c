/* Dedicated threads, for work that pthread_cancel may end; see block.h. */
#include "runtime/pool/parts.h"

/* Under the lock, while has_dedicated, the dedicated thread has not ended and its handle is good. */
void qn_pool_cancel(struct qn_thread *thread)
{
    struct block *b = qn_pool_block_of(thread);

    pthread_mutex_lock(&b->lock);
    b->is_cancelled = true;
    if (b->has_dedicated)
        pthread_cancel(b->dedicated);
    pthread_mutex_unlock(&b->lock);
}

struct dedicated {
    struct qn_thread *self;
    void (*fn)(void *arg);
    void (*clean_up)(void *arg);
    void *arg;
};

static void do_nothing(void *arg)
{
    (void)arg;
}

/* Runs however the thread ended: from here on only the joining thread may use its handle. */
static void say_over(void *arg)
{
    const struct dedicated *a = arg;
    struct block *b = qn_pool_block_of(a->self);

    pthread_mutex_lock(&b->lock);
    b->has_dedicated = false;
    pthread_mutex_unlock(&b->lock);
}

static void *dedicated_main(void *arg)
{
    struct dedicated *a = arg;
    struct block *b = qn_pool_block_of(a->self);

    qn_self_ptr = a->self;
    pthread_cleanup_push(say_over, a);
    pthread_mutex_lock(&b->lock); /* wait until the creator has published the handle */
    pthread_mutex_unlock(&b->lock);
    pthread_cleanup_push(a->clean_up, a->arg);
    a->fn(a->arg);
    pthread_cleanup_pop(0);
    pthread_cleanup_pop(1);
    return NULL;
}

static void *be_cancelled(void *arg)
{
    for (;;)
        pthread_testcancel();
    return arg;
}

/* The C library loads its unwinder at the first cancellation, which takes some ms; better before. */
static void load_unwinder(void)
{
    pthread_t thread;

    if (pthread_create(&thread, NULL, be_cancelled, NULL) != 0)
        return;
    pthread_cancel(thread);
    pthread_join(thread, NULL);
}

int qn_pool_run_dedicated(struct qn_thread *self, void (*fn)(void *arg),
                          void (*clean_up)(void *arg), void *arg, bool *was_cancelled)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    struct dedicated a = {self, fn, clean_up ? clean_up : do_nothing, arg};
    struct block *b = qn_pool_block_of(self);
    void *result;
    int rc;

    pthread_once(&once, load_unwinder);
    pthread_mutex_lock(&b->lock);
    rc = pthread_create(&b->dedicated, NULL, dedicated_main,
                        &a); /* inherits its creator's affinity */
    b->has_dedicated = rc == 0;
    if (rc == 0 && b->is_cancelled)
        pthread_cancel(b->dedicated);
    pthread_mutex_unlock(&b->lock);
    if (rc != 0)
        return QN_EAGAIN;
    rc = pthread_join(b->dedicated, &result);
    assert(rc == 0);
    *was_cancelled = result == PTHREAD_CANCELED;
    return QN_OK;
}

void qn_pool_test_cancel(void)
{
    pthread_testcancel();
}

const char *qn_pool_why_no_dedicated_thread(void)
{
#if defined(__SANITIZE_THREAD__)
    return "ThreadSanitizer does not follow pthread_cancel";
#elif defined(__SANITIZE_ADDRESS__)
    return "AddressSanitizer takes the stack that pthread_cancel unwinds for one in use";
#else
    return NULL;
#endif
}
