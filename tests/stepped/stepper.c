#include "tests/stepped/stepper.h"

#include <stdlib.h>
#include <string.h>

#include "runtime/wait.h"
#include "tests/stepped/fiber.h"

#define MAX_JOBS 64u

struct fiber {
    struct qn_thread thread; /* first */
    struct qn_stepper *stepper;
    enum qn_fiber_state state;
    const char *point;
    struct qn_lock *lock; /* LOCKED: the one it waits for */
    uint64_t deadline;    /* TIMED */
    void (*fn)(void *arg);
    void *arg;
    struct qn_fiber fiber;
};

struct job {
    qn_task_fn *fn;
    qn_ended_fn *ended;
    void *arg;
    uint32_t n, next;
};

struct qn_stepper {
    struct qn_exec exec;
    uint64_t time;
    uint64_t seed;
    struct fiber *fibers[QN_MAX_FIBERS];
    unsigned n_fibers;
    struct fiber *current;
    struct job jobs[MAX_JOBS];
    unsigned n_jobs;
    struct qn_home home;
};

/* Global, since the hook of injected steps has no argument for it. */
static struct qn_stepper *the_stepper;

static struct qn_stepper *stepper_of(struct qn_exec *exec)
{
    return QN_CONTAINER_OF(exec, struct qn_stepper, exec);
}

/* Switches from the scheduler to a fiber, until it leaves. */
static void enter(struct fiber *f)
{
    struct qn_stepper *s = f->stepper;

    s->current = f;
    qn_self_ptr = &f->thread;
    qn_fiber_enter(&s->home, &f->fiber);
    qn_self_ptr = NULL;
    s->current = NULL;
}

static void rest(struct fiber *f, enum qn_fiber_state state, const char *point)
{
    f->state = state;
    f->point = point;
    qn_fiber_leave(&f->stepper->home, &f->fiber, false);
    f->state = QN_FIBER_READY;
}

static void on_step(const char *point)
{
    if (the_stepper && the_stepper->current)
        rest(the_stepper->current, QN_FIBER_READY, point);
}

/* The entry point of every fiber; the stepper knows which one it has entered. */
static void fiber_main(void)
{
    struct fiber *f = the_stepper->current;

    qn_fiber_arrive(&f->stepper->home);
    f->fn(f->arg);
    f->state = QN_FIBER_DONE;
    f->point = "done";
    qn_fiber_leave(&f->stepper->home, &f->fiber, true);
}

static void start_over(struct fiber *f)
{
    qn_fiber_start_over(&f->fiber, fiber_main);
    f->state = QN_FIBER_READY;
    f->point = "start";
}

/* The pretended pool. */

static struct job *claimable(struct qn_stepper *s)
{
    for (unsigned i = 0; i < s->n_jobs; i++)
        if (s->jobs[i].next < s->jobs[i].n)
            return &s->jobs[i];
    return NULL;
}

/* The job is a copy: its slot may be reused when the task returns. */
static void run_task(struct job job, uint32_t index)
{
    job.fn(job.arg, index);
    if (job.ended)
        job.ended(job.arg, 1);
}

static void pool_fiber(void *arg)
{
    struct fiber *f = arg;

    for (;;) {
        struct job *job = claimable(f->stepper);

        if (job)
            run_task(*job, job->next++);
        else
            rest(f, QN_FIBER_IDLE, "idle");
    }
}

static int op_spawn(struct qn_exec *exec, qn_task_fn *fn, qn_ended_fn *ended, void *arg, uint32_t n)
{
    struct qn_stepper *s = stepper_of(exec);

    QN_STEP("spawn");
    if (!claimable(s))
        s->n_jobs = 0;
    if (s->n_jobs == MAX_JOBS)
        return QN_EAGAIN;
    s->jobs[s->n_jobs++] = (struct job){fn, ended, arg, n, 0};
    return QN_OK;
}

static bool op_park(struct qn_thread *self, uint64_t deadline)
{
    struct fiber *f = (struct fiber *)self;

    f->deadline = deadline;
    if (!atomic_load(&self->token)) {
        if (deadline == QN_NEVER)
            rest(f, QN_FIBER_PARKED, "parked");
        else
            rest(f, QN_FIBER_TIMED, "timed");
    }
    if (atomic_exchange(&self->token, 0))
        return true;
    assert(deadline != QN_NEVER);
    if (f->stepper->time < deadline)
        f->stepper->time = deadline;
    return false;
}

static void op_unpark(struct qn_thread *thread)
{
    assert(!atomic_load(&thread->token)); /* a wait is won once, so its thread is woken once */
    atomic_store(&thread->token, 1);
}

static void lock_slow(struct qn_lock *lock)
{
    struct fiber *f = (struct fiber *)qn_self();

    while (atomic_load(&lock->word)) {
        f->lock = lock;
        rest(f, QN_FIBER_LOCKED, "locked");
    }
    atomic_store(&lock->word, 1);
}

static void unlock_slow(struct qn_lock *lock)
{
    (void)lock;
}

static bool is_quiet(struct qn_stepper *s, struct qn_census *out)
{
    unsigned n_idle = 0;

    memset(out, 0, sizeof(*out));
    for (unsigned i = 0; i < s->n_jobs; i++)
        out->n_unclaimed += s->jobs[i].n - s->jobs[i].next;
    for (unsigned i = 0; i < s->exec.n_threads; i++) {
        struct fiber *f = s->fibers[i];

        if (f->state == QN_FIBER_IDLE)
            n_idle++;
        else if (f->state != QN_FIBER_PARKED || atomic_load(&f->thread.claim) != QN_CLAIM_WAITING)
            return false;
    }
    out->n_blocked = s->exec.n_threads - n_idle;
    return n_idle == 0 || out->n_unclaimed == 0;
}

static void op_quiesce(struct qn_exec *exec, struct qn_census *out)
{
    struct qn_stepper *s = stepper_of(exec);

    while (!is_quiet(s, out))
        rest(s->current, QN_FIBER_WATCHES, "watches");
}

static uint32_t op_drop_unclaimed(struct qn_exec *exec)
{
    struct qn_stepper *s = stepper_of(exec);
    uint32_t n = 0;

    for (unsigned i = 0; i < s->n_jobs; i++) {
        n += s->jobs[i].n - s->jobs[i].next;
        s->jobs[i].next = s->jobs[i].n;
    }
    return n;
}

static void op_unwind_blocked(struct qn_exec *exec)
{
    struct qn_stepper *s = stepper_of(exec);

    for (unsigned i = 0; i < exec->n_threads; i++) {
        struct qn_thread *thread = &s->fibers[i]->thread;

        if (s->fibers[i]->state == QN_FIBER_PARKED && qn_wait_claim(thread, QN_CLAIM_UNWOUND))
            qn_unpark(thread);
    }
}

static void op_unwind(struct qn_thread *self)
{
    struct fiber *f = (struct fiber *)self;

    assert(self->index >= 0 && !self->last_lock);
    start_over(f);
    qn_fiber_drop(&f->stepper->home);
}

static uint64_t op_now(struct qn_exec *exec)
{
    return ++stepper_of(exec)->time;
}

static void op_work(struct qn_exec *exec, uint64_t iterations)
{
    struct qn_stepper *s = stepper_of(exec);

    s->time += iterations;
    rest(s->current, QN_FIBER_READY, "work");
}

/* The step before it is where others get their turn. */
static void op_yield(void)
{
}

static const struct qn_exec_ops stepper_ops = {
    .name = "stepper",
    .spawn = op_spawn,
    .park = op_park,
    .unpark = op_unpark,
    .yield = op_yield,
    .no_scheduling = "the stepping executor has one kernel thread",
    .lock_slow = lock_slow,
    .unlock_slow = unlock_slow,
    .quiesce = op_quiesce,
    .drop_unclaimed = op_drop_unclaimed,
    .unwind_blocked = op_unwind_blocked,
    .unwind = op_unwind,
    .no_blocking = "the stepping executor makes no system calls",
    .now = op_now,
    .work = op_work,
};

/* Life. */

static void fiber_destroy(struct fiber *f)
{
    qn_fiber_fini(&f->fiber);
    free(f);
}

static int fiber_create(struct qn_stepper *s, void (*fn)(void *), void *arg, int index,
                        struct fiber **out)
{
    struct fiber *f;

    if (s->n_fibers == QN_MAX_FIBERS)
        return QN_ENOMEM;
    f = aligned_alloc(QN_LINE_BYTES,
                      (sizeof(*f) + QN_LINE_BYTES - 1) / QN_LINE_BYTES * QN_LINE_BYTES);
    if (!f)
        return QN_ENOMEM;
    memset(f, 0, sizeof(*f));
    if (qn_fiber_init(&f->fiber, fiber_main) != QN_OK) {
        free(f);
        return QN_ENOMEM;
    }
    qn_thread_init(&f->thread, &s->exec, index);
    f->thread.rng ^= s->seed * UINT64_C(0x2545f4914f6cdd1d);
    f->stepper = s;
    f->fn = fn;
    f->arg = arg ? arg : f;
    f->state = QN_FIBER_READY;
    f->point = "start";
    s->fibers[s->n_fibers++] = f;
    *out = f;
    return QN_OK;
}

int qn_stepper_create(unsigned n_threads, uint64_t seed, struct qn_stepper **out)
{
    struct qn_stepper *s = calloc(1, sizeof(*s));
    struct fiber *f;

    if (!s)
        return QN_ENOMEM;
    assert(!the_stepper);
    s->exec.ops = &stepper_ops;
    s->exec.n_threads = n_threads;
    s->exec.iterations_per_quantum = QN_QUANTUM_NS; /* one iteration, one tick */
    s->seed = seed;
    qn_home_init(&s->home);
    the_stepper = s;
#ifdef QN_STEPS
    qn_step_hook = on_step;
#else
    (void)on_step;
#endif
    for (unsigned i = 0; i < n_threads; i++) {
        if (fiber_create(s, pool_fiber, NULL, (int)i, &f) != QN_OK) {
            qn_stepper_destroy(s);
            return QN_ENOMEM;
        }
    }
    *out = s;
    return QN_OK;
}

void qn_stepper_destroy(struct qn_stepper *s)
{
    for (unsigned i = 0; i < s->n_fibers; i++)
        fiber_destroy(s->fibers[i]);
    the_stepper = NULL;
#ifdef QN_STEPS
    qn_step_hook = NULL;
#endif
    free(s);
}

struct qn_exec *qn_stepper_exec(struct qn_stepper *s)
{
    return &s->exec;
}

int qn_stepper_add(struct qn_stepper *s, void (*fn)(void *), void *arg, unsigned *id)
{
    struct fiber *f;
    int rc = fiber_create(s, fn, arg, -1, &f);

    if (rc == QN_OK)
        *id = s->n_fibers - 1;
    return rc;
}

unsigned qn_stepper_n_fibers(const struct qn_stepper *s)
{
    return s->n_fibers;
}

enum qn_fiber_state qn_stepper_state(struct qn_stepper *s, unsigned id)
{
    return s->fibers[id]->state;
}

const char *qn_stepper_point(const struct qn_stepper *s, unsigned id)
{
    return s->fibers[id]->point;
}

struct qn_thread *qn_stepper_thread(struct qn_stepper *s, unsigned id)
{
    return &s->fibers[id]->thread;
}

bool qn_stepper_can_run(struct qn_stepper *s, unsigned id)
{
    struct fiber *f = s->fibers[id];
    struct qn_census census;

    switch (f->state) {
    case QN_FIBER_READY:
    case QN_FIBER_TIMED:
        return true;
    case QN_FIBER_LOCKED:
        return atomic_load(&f->lock->word) == 0;
    case QN_FIBER_PARKED:
        return atomic_load(&f->thread.token) != 0;
    case QN_FIBER_IDLE:
        return claimable(s) != NULL;
    case QN_FIBER_WATCHES:
        return is_quiet(s, &census);
    case QN_FIBER_DONE:
        return false;
    }
    return false;
}

bool qn_stepper_resume(struct qn_stepper *s, unsigned id)
{
    if (!qn_stepper_can_run(s, id))
        return false;
    enter(s->fibers[id]);
    return true;
}

bool qn_stepper_run_to(struct qn_stepper *s, unsigned id, const char *point)
{
    while (qn_stepper_resume(s, id))
        if (strcmp(s->fibers[id]->point, point) == 0)
            return true;
    return false;
}

void qn_stepper_run_out(struct qn_stepper *s, unsigned id)
{
    while (s->fibers[id]->state != QN_FIBER_TIMED && qn_stepper_resume(s, id))
        continue;
}

/* Lists the fibers that can run; timed ones only if no other can. */
static unsigned runnable(struct qn_stepper *s, unsigned *ids)
{
    unsigned n = 0;

    for (unsigned i = 0; i < s->n_fibers; i++)
        if (s->fibers[i]->state != QN_FIBER_TIMED && qn_stepper_can_run(s, i))
            ids[n++] = i;
    for (unsigned i = 0; n == 0 && i < s->n_fibers; i++)
        if (s->fibers[i]->state == QN_FIBER_TIMED)
            ids[n++] = i;
    return n;
}

bool qn_stepper_run_random(struct qn_stepper *s, uint64_t *rng, uint64_t n_steps)
{
    unsigned ids[QN_MAX_FIBERS], n;

    while ((n = runnable(s, ids)) > 0) {
        if (n_steps-- == 0)
            return false;
        *rng = *rng * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        qn_stepper_resume(s, ids[(*rng >> 33) % n]);
    }
    return true;
}
