#include "bench/run/signals.h"

#include <string.h>
#include <unistd.h>

static bool counts_hangup = true;
static const char *last_words;
static int last_code;

void qn_signals_stops(sigset_t *out)
{
    sigemptyset(out);
    sigaddset(out, SIGINT);
    sigaddset(out, SIGTERM);
    if (counts_hangup)
        sigaddset(out, SIGHUP);
}

void qn_signals_hold(void)
{
    struct sigaction hangup;
    sigset_t held;

    if (sigaction(SIGHUP, NULL, &hangup) == 0)
        counts_hangup = hangup.sa_handler != SIG_IGN;
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    signal(SIGCHLD, SIG_DFL); /* if it were ignored, waitpid would not report children */
    qn_signals_stops(&held);
    sigaddset(&held, SIGCHLD);
    sigprocmask(SIG_BLOCK, &held, NULL);
}

bool qn_signals_stop_has_come(void)
{
    sigset_t pending, stops;

    sigpending(&pending);
    qn_signals_stops(&stops);
    return sigandset(&pending, &pending, &stops) == 0 && !sigisemptyset(&pending);
}

static void stop(int number)
{
    ssize_t ignored = write(STDERR_FILENO, last_words, strlen(last_words));

    (void)number;
    (void)ignored;
    _exit(last_code);
}

void qn_signals_let_stop(const char *message, int code)
{
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
    struct sigaction act = {.sa_handler = stop};
    sigset_t stops;

    last_words = message;
    last_code = code;
    qn_signals_stops(&stops);
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
        if (sigismember(&stops, numbers[i]))
            sigaction(numbers[i], &act, NULL);
    sigaddset(&stops, SIGCHLD);
    sigprocmask(SIG_UNBLOCK, &stops, NULL);
}
