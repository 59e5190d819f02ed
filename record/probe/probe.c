/*
 * What the tests of libquench-record run with QUENCH_RECORD_DIR: `probe SCENE`. A scene that ends as
 * it should exits with 0.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "probe.h"
#include "quench/record.h"

#define THREADS 8
#define CALLS 100

static uint64_t now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void whole_call(void)
{
    struct quench_recorded call = quench_record_call(1);

    quench_record_begin(call, 0);
    quench_record_end(call, 0, QUENCH_RECORD_OK);
    quench_record_returned(call, QUENCH_RECORD_NO_ERROR);
}

static void start(pthread_t *threads, size_t n, void *(*run)(void *), char *args, size_t arg_bytes)
{
    for (size_t i = 0; i < n; i++)
        if (pthread_create(&threads[i], NULL, run, args + i * arg_bytes) != 0)
            abort();
}

static void join(const pthread_t *threads, size_t n)
{
    for (size_t i = 0; i < n; i++)
        pthread_join(threads[i], NULL);
}

/* Worker t of every call runs on thread t; in every second call one fails. */

static struct quench_recorded calls[CALLS];

static void *run_workers(void *arg)
{
    uint32_t worker = *(uint32_t *)arg;

    for (uint32_t c = 0; c < CALLS; c++) {
        bool fails = c % 2 == 1 && c % THREADS == worker;

        quench_record_begin(calls[c], worker);
        quench_record_poll(calls[c], worker);
        quench_record_end(calls[c], worker, fails ? QUENCH_RECORD_FAILED : QUENCH_RECORD_OK);
    }
    return NULL;
}

static int on_threads(void)
{
    pthread_t threads[THREADS];
    uint32_t workers[THREADS];

    quench_record_name("eight threads");
    for (uint32_t c = 0; c < CALLS; c++)
        calls[c] = quench_record_call(THREADS);
    for (uint32_t i = 0; i < THREADS; i++)
        workers[i] = i;
    start(threads, THREADS, run_workers, (char *)workers, sizeof(*workers));
    join(threads, THREADS);
    for (uint32_t c = 0; c < CALLS; c++) {
        if (c % 2 == 1)
            quench_record_seen(calls[c], c % THREADS);
        quench_record_returned(calls[c],
                               c % 2 == 1 ? (int32_t)(c % THREADS) : QUENCH_RECORD_NO_ERROR);
    }
    return 0;
}

/* What CLOCK_MONOTONIC is before and after every recording call: lines "WHAT NUMBER WORKER
 * BEFORE AFTER", with the number of the call. */

static pthread_mutex_t printing = PTHREAD_MUTEX_INITIALIZER;

#define BRACKET(what, call, worker, expression) \
    do { \
        uint64_t before = now(), after; \
\
        expression; \
        after = now(); \
        pthread_mutex_lock(&printing); \
        printf("%s %u %u %llu %llu\n", what, call, worker, (unsigned long long)before, \
               (unsigned long long)after); \
        pthread_mutex_unlock(&printing); \
    } while (0)

static void *run_bracketed(void *arg)
{
    uint32_t first = *(uint32_t *)arg;

    for (uint32_t c = first; c < CALLS; c += THREADS) {
        struct quench_recorded call;

        BRACKET("call", call.id, 0u, call = quench_record_call(2));
        for (uint32_t w = 0; w < 2; w++) {
            BRACKET("begin", call.id, w, quench_record_begin(call, w));
            BRACKET("end", call.id, w,
                    quench_record_end(call, w, w ? QUENCH_RECORD_FAILED : QUENCH_RECORD_OK));
        }
        BRACKET("seen", call.id, 0u, quench_record_seen(call, 1));
        BRACKET("raising", call.id, 0u, quench_record_raising(call));
        BRACKET("returned", call.id, 0u, quench_record_returned(call, 1));
    }
    return NULL;
}

static int in_brackets(void)
{
    pthread_t threads[THREADS];
    uint32_t firsts[THREADS];

    for (uint32_t i = 0; i < THREADS; i++)
        firsts[i] = i;
    start(threads, THREADS, run_bracketed, (char *)firsts, sizeof(*firsts));
    join(threads, THREADS);
    return 0;
}

static int is_over; /* atomic */

/* Writes to standard output, whatever that is, until the rest is over. The kernel's call, since
 * ThreadSanitizer holds a write to a descriptor that another thread opens for an error, as it is. */
static void *scribble(void *unused)
{
    while (!__atomic_load_n(&is_over, __ATOMIC_RELAXED))
        if (syscall(SYS_write, STDOUT_FILENO, "scribble", 8) < 0)
            continue;
    return unused;
}

/* The same, with standard output closed and a thread that writes to it all the same. */
static int closed(void)
{
    pthread_t writer;

    close(STDOUT_FILENO);
    if (pthread_create(&writer, NULL, scribble, NULL) != 0)
        return 1;
    in_brackets();
    __atomic_store_n(&is_over, 1, __ATOMIC_RELAXED);
    pthread_join(writer, NULL);
    return fflush(stdout) == 0; /* to nowhere */
}

/* Ends of the process. */

static int ended_by(int signal)
{
    struct quench_recorded call;

    whole_call();
    call = quench_record_call(2);
    quench_record_begin(call, 0);
    quench_record_end(call, 0, QUENCH_RECORD_OK);
    quench_record_returned(call, QUENCH_RECORD_NO_ERROR);
    call = quench_record_call(1);
    quench_record_begin(call, 0);
    raise(signal);
    return 1;
}

static int killed(void)
{
    return ended_by(SIGKILL);
}

static int aborted(void)
{
    return ended_by(SIGABRT);
}

/* A fork in the midst of a call: its worker ends in the parent, as the child says too. */
static int forked(void)
{
    struct quench_recorded call = quench_record_call(1);
    int status;
    pid_t pid;

    quench_record_begin(call, 0);
    pid = fork();
    if (pid == 0) {
        quench_record_end(call, 0, QUENCH_RECORD_FAILED);
        whole_call();
        whole_call();
        exit(0);
    }
    waitpid(pid, &status, 0);
    quench_record_end(call, 0, QUENCH_RECORD_OK);
    quench_record_returned(call, QUENCH_RECORD_NO_ERROR);
    pid = fork(); /* a child that records nothing has no file */
    if (pid == 0)
        _exit(0);
    waitpid(pid, &status, 0);
    return status;
}

/* A child that no handler of forks is told of, and one that it forks itself, both with a call of their own. */

static void *clone_here(void *arg)
{
    struct quench_recorded *call = arg;
    int status = -1;
    pid_t pid = (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);

    if (pid == 0) {
        quench_record_end(*call, 0, QUENCH_RECORD_FAILED);
        quench_record_name("child");
        whole_call();
        pid = fork();
        if (pid == 0) {
            whole_call();
            _exit(0);
        }
        waitpid(pid, &status, 0);
        if (status != 0)
            _exit(1);
        pthread_exit(NULL); /* what is run at its end must not fail either */
    }
    waitpid(pid, &status, 0);
    quench_record_end(*call, 0, status ? QUENCH_RECORD_FAILED : QUENCH_RECORD_OK);
    return NULL;
}

static int cloned(void)
{
    struct quench_recorded call;
    pthread_t thread;

    quench_record_name("parent");
    whole_call();
    call = quench_record_call(1);
    quench_record_begin(call, 0);
    start(&thread, 1, clone_here, (char *)&call, 0);
    join(&thread, 1);
    quench_record_returned(call, QUENCH_RECORD_NO_ERROR);
    return 0;
}

/* Fills the buffer of a thread; the main thread's has room. */

static void *fill(void *unused)
{
    for (int i = 0; i < 1000; i++)
        whole_call();
    return unused;
}

static int filled(void)
{
    pthread_t thread;

    whole_call();
    start(&thread, 1, fill, NULL, 0);
    join(&thread, 1);
    whole_call();
    return 0;
}

/* A thread for each call, one after the other. */

static void *run_call(void *unused)
{
    whole_call();
    return unused;
}

static int one_after_the_other(void)
{
    for (int i = 0; i < 300; i++) {
        pthread_t thread;

        start(&thread, 1, run_call, NULL, 0);
        join(&thread, 1);
    }
    return 0;
}

/* The same; each has calls of its data's destructor too, in every round of these. ThreadSanitizer has
 * ended a thread before the last round, and crashes in it. */

#ifdef __SANITIZE_THREAD__
#define ROUNDS 2
#else
#define ROUNDS PTHREAD_DESTRUCTOR_ITERATIONS
#endif

static pthread_key_t key;

static void run_again(void *data)
{
    char *rounds_left = data;

    whole_call();
    pthread_setspecific(key, *--rounds_left ? rounds_left : NULL);
}

static void *run_and_leave_data(void *unused)
{
    static char rounds[ROUNDS + 1] = "";

    whole_call();
    pthread_setspecific(key, &rounds[ROUNDS]);
    return unused;
}

static int destructors(void)
{
    if (pthread_key_create(&key, run_again) != 0)
        return 1;
    for (int i = 0; i < 100; i++) {
        pthread_t thread;

        start(&thread, 1, run_and_leave_data, NULL, 0);
        join(&thread, 1);
    }
    return 0;
}

/* errno and the current folder are the program's. */
static int elsewhere(void)
{
    if (chdir("/") != 0)
        return 1;
    errno = EDOM;
    quench_record_name("elsewhere");
    whole_call();
    return errno != EDOM;
}

/* A program that closes what it doesn't know, and opens a file of its own. */
static int daemonlike(void)
{
    pthread_t thread;
    int fd;

    whole_call();
    for (fd = 0; fd < 64; fd++)
        close(fd);
    fd = open("victim", O_RDWR | O_CREAT, 0666);
    start(&thread, 1, run_call, NULL, 0);
    join(&thread, 1);
    return fd != 0;
}

/* A limit on the size of files, with room for a header and for no buffer. */
static int limited(void)
{
    const struct rlimit limit = {8192, 8192};

    if (setrlimit(RLIMIT_FSIZE, &limit) != 0)
        return 1;
    whole_call();
    return 0;
}

/* The same with room for one buffer, which the first thread begins and the second fills. */
static int refused(void)
{
    const rlim_t bytes = 2 * (rlim_t)sysconf(_SC_PAGESIZE);
    const struct rlimit limit = {bytes, bytes};
    pthread_t thread;

    if (setrlimit(RLIMIT_FSIZE, &limit) != 0)
        return 1;
    start(&thread, 1, run_call, NULL, 0);
    join(&thread, 1);
    start(&thread, 1, fill, NULL, 0);
    join(&thread, 1);
    return 0;
}

/* Programs hand on what work() returned. */
static int ended_with_codes(void)
{
    static const int codes[] = {EIO, -1, EINTR};
    struct quench_recorded call = quench_record_call(3);

    for (uint32_t i = 0; i < 3; i++) {
        quench_record_begin(call, i);
        quench_record_end(call, i, (enum quench_record_how)codes[i]);
    }
    quench_record_returned(call, 0);
    return 0;
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        int (*run)(void);
    } scenes[] = {
        {"threads", on_threads},       {"brackets", in_brackets}, {"killed", killed},
        {"aborted", aborted},          {"forked", forked},        {"filled", filled},
        {"many", one_after_the_other}, {"elsewhere", elsewhere},  {"cpp", probe_cpp},
        {"daemon", daemonlike},        {"closed", closed},        {"limited", limited},
        {"codes", ended_with_codes},   {"cloned", cloned},        {"destructors", destructors},
        {"refused", refused},
    };

    for (size_t i = 0; i < sizeof(scenes) / sizeof(*scenes); i++)
        if (argc == 2 && strcmp(argv[1], scenes[i].name) == 0)
            return scenes[i].run();
    return 2;
}
