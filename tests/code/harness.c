/*
 * Runs a generated fan_out() with planned failures and counts what it does; nothing is timed. Compiled with the
 * generated file: LOOKS, SKIPS, WAITS and GRACE are 0 or 1, as it should behave.
 *
 * No item goes on before as many have begun as there are threads; then item 0 fails. Those beside it go on as soon as the thread of item 0
 * has dealt with its error: it ends, where there is a flag to see, or begins another item. So each item that looks
 * has one chunk, exactly, and no other begins. Where the call must not wait, they go on once it has returned. A
 * program that waits for what never comes is ended by the script.
 */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define N 12
#define CHUNKS 5
#define FIRST (-5)
#define SECOND (-7)

int fan_out(int n, int threads);
int some_work(int i);
int all_work(int i);

static struct {
    int threads, fails; /* fails: the item; -1: none */
    bool second,
        holds; /* the item after it fails too, later; those beside it wait for the return */
} plan;
static atomic_int begun, exited, in_work, chunks[N];
static atomic_bool gone, returned;
static pthread_key_t key;
static char failing, other;
static int failures;

static void end(void *which)
{
    if (which == &failing)
        atomic_store(&gone, true);
    atomic_fetch_add(&exited, 1);
}

static void until(atomic_bool *flag)
{
    while (!atomic_load(flag))
        sched_yield();
}

/* Of an item's next chunk, or all of its work. */
static int work(int i, int n_chunks)
{
    int chunk = atomic_fetch_add(&chunks[i], 1) + 1;

    if (!pthread_getspecific(key))
        pthread_setspecific(key, &other);
    if (pthread_getspecific(key) == &failing)
        atomic_store(&gone, true);
    if (chunk == 1)
        atomic_fetch_add(&begun, 1);
    while (atomic_load(&begun) < plan.threads)
        sched_yield();
    if (i == plan.fails) {
        pthread_setspecific(key, &failing);
        return FIRST;
    }
    if (plan.fails >= 0 && plan.threads > 1 && pthread_getspecific(key) != &failing) {
        until(&gone);
        if (plan.holds)
            until(&returned);
    }
    if (plan.second && i == plan.fails + 1)
        return SECOND;
    return chunk < n_chunks;
}

static int counted(int i, int n_chunks)
{
    atomic_fetch_add(&in_work, 1);
    int rc = work(i, n_chunks);
    atomic_fetch_sub(&in_work, 1);
    return rc;
}

int some_work(int i)
{
    return counted(i, CHUNKS);
}
int all_work(int i)
{
    return counted(i, 1);
}

static void expect(const char *what, int is, int should)
{
    if (is == should)
        return;
    printf("%d threads, item %d fails: %s: %d instead of %d\n", plan.threads, plan.fails, what, is,
           should);
    failures++;
}

static void call(int threads, int fails, bool second, bool holds)
{
    const int each = LOOKS ? CHUNKS : 1;
    int error, stopped, running;

    plan.threads = threads, plan.fails = fails, plan.second = second, plan.holds = holds;
    begun = exited = in_work = 0;
    gone = returned = false;
    memset(chunks, 0, sizeof(chunks));
    error = fan_out(N, threads);
    stopped = atomic_load(&exited);
    running = atomic_load(&in_work);
    atomic_store(&returned, true);
    expect("error returned", error, fails < 0 ? 0 : FIRST);
    if (WAITS)
        expect("threads that ended before the return", stopped, threads);
    if (WAITS || (GRACE && !holds))
        expect("items at work at the return", running, 0);
    while (atomic_load(&exited) < threads)
        sched_yield();
    expect("items begun", begun, fails < 0 || !SKIPS ? N : fails + threads);
    for (int i = 0; i < begun; i++) {
        bool is_cut =
            fails >= 0 && (i == fails || (i > fails && SKIPS) || (second && i == fails + 1));

        expect("chunks of an item", chunks[i], is_cut ? 1 : each);
    }
}

int main(void)
{
    pthread_key_create(&key, end);
    call(1, -1, false, false);
    call(3, -1, false, false);
    call(1, 3, false, false);
#ifdef SHORT_GRACE /* which is over before they stop */
    call(3, 0, false, true);
    call(3, 0, true, true);
#else
    call(3, 0, false, !WAITS && !GRACE);
    call(3, 0, true, !WAITS && !GRACE);
#endif
    return failures > 0;
}
