/*
 * A module that isn't to be taken, or only with care: CASE says which. All but the first have one peer
 * with one thing about it.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "quench/peer.h"

enum {
    NO_SYMBOL,
    ABI,
    SIZE,
    NEWER,
    NAME,
    FLAGS,
    TWICE,
    OURS,
    NO_CALL,
    NO_SETTLE,
    ENV,
    EMPTY,
    ENDLESS,
    CRASH,
    HANG,
    EXIT,
    CLOSE,
    TEXT,
    VERSION,
    ORPHANS,
    OPENMP
};

/* Writes its number to the file of them. */
static void note_process(void)
{
    char line[16];
    int fd = open(getenv("REFUSED_ORPHANS"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

    (void)!write(fd, line, (size_t)snprintf(line, sizeof line, "%d\n", (int)getpid()));
    close(fd);
}

/* Leaves a process and a child of that, in a session of their own. */
__attribute__((constructor)) static void leave_orphans(void)
{
    char byte;
    int fds[2];

    if (CASE != ORPHANS || pipe2(fds, O_CLOEXEC) != 0)
        return;
    if (fork() == 0) {
        setsid();
        (void)fork();
        note_process();
        close(fds[0]);
        close(fds[1]);
        while (true)
            pause();
    }
    close(fds[1]);
    (void)!read(fds[0], &byte, 1); /* ends when both have been noted */
    close(fds[0]);
}

static int32_t run(void *peer, struct quench_call *call)
{
    struct quench_worker w;

    (void)peer;
    for (uint32_t i = 0; i < call->n; i++) {
        enum quench_step step;

        quench_begin(call, i, &w);
        do
            step = quench_chunk(&w);
        while (step == QUENCH_MORE);
        quench_end(&w);
        if (step == QUENCH_FAILED) {
            quench_seen(call, i);
            return (int32_t)i;
        }
    }
    return QUENCH_NO_ERROR;
}

static const char *no_text(void)
{
    return "1.\xff";
}

static const char *const env[] = {CASE == OPENMP ? "OMP_CANCELLATION=true" : "NO VALUE=1", NULL};

/* A struct of a later version, with one more field. */
static const struct {
    struct quench_peer peer;
    void (*later)(void);
} newer = {{
               .abi = CASE == ABI ? QUENCH_PEER_ABI + 1 : QUENCH_PEER_ABI,
               .size = CASE == SIZE    ? 64
                       : CASE == NEWER ? sizeof newer
                                       : sizeof(struct quench_peer),
               .name = CASE == NAME   ? "Not A Name"
                       : CASE == OURS ? "cancel"
                                      : "only",
               .library = CASE == TEXT ? "caf\xe9" : NULL,
               .version = CASE == VERSION ? no_text : NULL,
               .flags = QUENCH_CALLER_WORKS | QUENCH_SKIPS_QUEUED | QUENCH_FIRST_BY_INDEX |
                        (CASE == NO_SETTLE ? 0 : QUENCH_WAITS_ALL) | (CASE == FLAGS ? 1u << 20 : 0),
               .env = CASE == ENV || CASE == OPENMP ? env : NULL,
               .call = CASE == NO_CALL ? NULL : run,
           },
           abort};

#if CASE == NO_SYMBOL
const void *another_symbol(void);
const void *another_symbol(void)
{
    return &newer;
}
#else
QUENCH_PEER_ENTRY(uint32_t i)
{
    if (CASE == CRASH)
        raise(SIGSEGV);
    for (int fd = 3; CASE == CLOSE && fd < 256; fd++)
        close(fd);
    while (CASE == HANG || CASE == CLOSE)
        pause();
    if (CASE == EXIT)
        _exit(7);
    if (CASE == ENDLESS)
        return &newer.peer;
    return CASE != EMPTY && i < (CASE == TWICE ? 2 : 1) ? &newer.peer : NULL;
}
#endif
