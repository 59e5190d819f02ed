/*
 * A child for tests: `run good` is a whole one on one thread, every other name misbehaves in one
 * way. It knows nothing of Quench but its public header.
 */
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "include/quench/child.h"

static const char *mode;
static struct quench_child_header *h;

static bool is(const char *name)
{
    return strcmp(mode, name) == 0;
}

static uint64_t now(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (uint64_t)ts.tv_sec * 1000000000 + (uint64_t)ts.tv_nsec;
}

static void say(uint32_t what, uint32_t number)
{
    struct quench_child_message m = {what, number};

    if (write(QUENCH_CHILD_ANSWERS, &m, is("short") ? 3 : sizeof(m)) < 0)
        exit(4);
}

static _Noreturn void sleep_on(void)
{
    for (;;)
        pause();
}

/* One worker after the other until one fails; the rest never begin. */
static void call(void)
{
    const struct quench_child_task *tasks = (void *)((char *)h + h->tasks_at);
    struct quench_child_row *rows = (void *)((char *)h + h->rows_at);

    h->t0 = now();
    for (uint32_t i = 0; i < h->workers && !h->error_word; i++) {
        rows[i] = (struct quench_child_row){.begin = now(),
                                            .quanta = tasks[i].quanta,
                                            .at_error = QUENCH_CHILD_UNSEEN,
                                            .outcome = QUENCH_CHILD_WHOLE,
                                            .thread = 1};
        rows[i].stop = rows[i].end = now();
        if (!tasks[i].fails)
            continue;
        rows[i].outcome = QUENCH_CHILD_FAILED;
        h->error_word = 1;
        h->returned = (int32_t)i;
        h->error_seen = h->cancel_at = now();
    }
    h->return_at = now();
    h->settle_at = now();
    if (is("stamps"))
        rows[0].stop = rows[0].begin - 1;
    if (is("none"))
        h->workers = 0;
    if (is("crowd"))
        h->workers = h->room + 1000000;
    if (is("offsets"))
        h->rows_at = UINT64_MAX / 2;
    if (is("shrinks") && ftruncate(QUENCH_CHILD_MAPPING, 0) == 0)
        h->t0 = 0; /* not reached: its size is sealed */
}

/* What is done in the place of an answer; returns if it is to be given. */
static void misbehave_in_call(void)
{
    if (is("dies"))
        raise(SIGKILL);
    if (is("exits")) {
        fprintf(stderr, "first line\nthe heap is upside down\n");
        exit(7);
    }
    if (is("hangs"))
        sleep_on();
    if (is("hangs-up")) {
        close(QUENCH_CHILD_ANSWERS);
        sleep_on();
    }
    for (int i = 0; is("chatty") && i < 20000; i++)
        fprintf(stderr, "a line of no importance, number %d, to fill a pipe\n", i);
}

static void misbehave_before_ready(void)
{
    if (is("early-exit")) {
        fprintf(stderr, "no such library");
        exit(3);
    }
    if (is("early-hang"))
        sleep_on();
    if (is("old"))
        say(QUENCH_CHILD_READY, QUENCH_CHILD_ABI + 1);
    if (is("wrong-message"))
        say(QUENCH_CHILD_BYE, 0);
}

static int run(void)
{
    struct quench_child_message m;
    struct stat st;

    if (fstat(QUENCH_CHILD_MAPPING, &st) != 0)
        return 3;
    h = mmap(NULL, (size_t)st.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, QUENCH_CHILD_MAPPING, 0);
    if (h == MAP_FAILED || memcmp(h->magic, QUENCH_CHILD_MAGIC, sizeof(h->magic)) != 0 ||
        h->abi != QUENCH_CHILD_ABI || h->header_bytes != sizeof(*h))
        return 3;
    misbehave_before_ready();
    h->iterations_per_quantum = 100;
    h->quantum_ps = is("measures-nothing") ? 0 : is("slow") ? UINT64_MAX : 251000;
    say(QUENCH_CHILD_READY, QUENCH_CHILD_ABI);
    while (read(QUENCH_CHILD_COMMANDS, &m, sizeof(m)) == sizeof(m) && m.what != QUENCH_CHILD_BYE) {
        if (m.what == QUENCH_CHILD_MEASURE) {
            say(QUENCH_CHILD_MEASURED, 0);
            continue;
        }
        misbehave_in_call();
        call();
        say(QUENCH_CHILD_DONE, is("other-call") ? m.number + 1 : m.number);
    }
    if (is("stays"))
        sleep_on();
    if (is("dies-at-last"))
        abort();
    if (is("exits-at-last"))
        fprintf(stderr, "double free\n");
    return is("exits-at-last") ? 9 : 0;
}

/* The first two have everything that can be said; the others are modes, for whoever wants a whole run. */
static const char description[] =
    "abi=1\n"
    "peer=good\nsummary=the first\nlibrary=none\nversion=1\nlicence=MIT\nflags=skips-queued,leaks\n"
    "reach=not at all\nkinds=cpu,wait\nenv=A=%P\nenv=B=2\n"
    "peer=waits\nkinds=wait\nsummary=\n"
    "peer=chatty\nflags=skips-queued\n"
    "peer=dies\npeer=exits\npeer=hangs\npeer=stamps\npeer=early-exit\npeer=old\n"
    "peer=flagless\n"
    "peer=exits-at-last\nflags=skips-queued\n";

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "describe") == 0)
        return fputs(description, stdout) < 0;
    if (argc != 3 || strcmp(argv[1], "run") != 0)
        return 2;
    mode = argv[2];
    return run();
}
