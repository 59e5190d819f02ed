/*
 * What quench_steps has in addition to quench: faults at the points of bench/base/fault.h and
 * runtime/step.h, set by environment variables. Counting is exact, so the same settings give the
 * same fault in every run.
 *
 * QUENCH_STOP=NAME:WHOM: at its step of that name a measuring process is stopped ("child"), or both it
 * and its parent ("all"), as by SIGSTOP or Ctrl-Z; when they are, they are continued
 *
 * QUENCH_FAULT=[NAME#]N:WHAT: at the N-th point (of that name) KILL, INT, TERM or HUP is raised; ONCE: the
 * step fails; FULL: it and every later one fails as on a full disk
 *
 * QUENCH_CHILD=K:N: the K-th measuring process is killed at its N-th step; K:N:HANG: the thread that takes it
 * never goes on
 *
 * QUENCH_POINTS=FILE: the name of every point that is passed is appended there
 */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/base/fault.h"
#include "runtime/step.h"

static struct {
    const char *name; /* NULL: any */
    unsigned long at, passed;
    const char *what;
    bool is_full;
    const char *points;
    const char *children; /* NULL: none is killed */
    unsigned long n_children;
} fault;

static atomic_ulong steps_left;
static bool hangs;

static void die_at_step(const char *point)
{
    (void)point;
    if (atomic_fetch_sub(&steps_left, 1) != 1)
        return;
    while (hangs)
        pause();
    raise(SIGKILL);
}

static char stop_at[64];
static bool stops_all;

static bool is_stopped(pid_t pid)
{
    char path[64], text[256], *state;
    FILE *file;
    size_t n;

    snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
    file = fopen(path, "re");
    n = file ? fread(text, 1, sizeof(text) - 1, file) : 0;
    if (file)
        fclose(file);
    text[n] = '\0';
    state = strrchr(text, ')');
    return state && state[2] == 'T';
}

/* In a separate process: waits until they are stopped, and continues them. */
static void let_go_on(pid_t child, pid_t parent)
{
    while (!is_stopped(child) || (parent && !is_stopped(parent)))
        sched_yield();
    if (parent)
        kill(parent, SIGCONT);
    kill(child, SIGCONT);
    _exit(0);
}

static void stop_at_step(const char *point)
{
    pid_t child = getpid(), parent = stops_all ? getppid() : 0, helper;

    if (strcmp(point, stop_at) != 0)
        return;
    helper = fork();
    if (helper == 0)
        let_go_on(child, parent);
    if (parent)
        kill(parent, SIGSTOP);
    raise(SIGSTOP);
    waitpid(helper, NULL, 0);
}

static void note(const char *point)
{
    FILE *file = fault.points ? fopen(fault.points, "ae") : NULL;

    if (!file)
        return;
    fprintf(file, "%s\n", point);
    fclose(file);
}

static void orphan(void)
{
    pid_t parent = getppid();

    kill(parent, SIGKILL);
    while (getppid() == parent)
        sched_yield();
}

/* Whether the step fails, at the requested point. */
static bool act(void)
{
    static const struct {
        const char *name;
        int number;
    } signals[] = {{"KILL", SIGKILL}, {"INT", SIGINT}, {"TERM", SIGTERM}, {"HUP", SIGHUP}};

    for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
        if (strcmp(fault.what, signals[i].name) == 0)
            kill(getpid(), signals[i].number);
    if (strcmp(fault.what, "ORPHAN") == 0)
        orphan();
    fault.is_full = strcmp(fault.what, "FULL") == 0;
    return fault.is_full || strcmp(fault.what, "ONCE") == 0;
}

static bool needs_room(const char *point)
{
    return strcmp(point, "fork") != 0 && strcmp(point, "mapping") != 0 &&
           strcmp(point, "cut back") != 0;
}

/* Sets the step, if any, at which the next process is killed or hangs. */
static void start_child(void)
{
    const char *at = fault.children;
    static const char hang[] = ":HANG";
    unsigned long child, step;
    char number[32];
    bool is_hang;
    int n;

    unsetenv("QUENCH_STEP");
    fault.n_children++;
    /* NOLINTNEXTLINE(cert-err34-c): small numbers from the test script */
    while (at && sscanf(at, "%lu:%lu%n", &child, &step, &n) == 2) {
        is_hang = strncmp(at + n, hang, strlen(hang)) == 0;
        n += is_hang ? (int)strlen(hang) : 0;
        snprintf(number, sizeof(number), "%lu%s", step, is_hang ? hang : "");
        if (child == fault.n_children)
            setenv("QUENCH_STEP", number, 1);
        at += n + (at[n] == ',');
    }
}

static bool on_point(const char *point)
{
    bool fails = fault.is_full && needs_room(point);

    /* passed by the child, whose count the parent does not see */
    if (strcmp(point, "become") == 0 && (!fault.name || strcmp(fault.name, point) != 0))
        return false;
    note(point);
    if (strcmp(point, "fork") == 0)
        start_child();
    if (fault.what && (!fault.name || strcmp(point, fault.name) == 0) && ++fault.passed == fault.at)
        fails = act();
    if (fails)
        errno = strcmp(point, "fork") == 0 ? EAGAIN : ENOSPC;
    return fails;
}

__attribute__((constructor)) static void set_up(void)
{
    static char text[128];
    const char *said = getenv("QUENCH_FAULT"), *step = getenv("QUENCH_STEP");
    const char *stop = getenv("QUENCH_STOP");
    char *hash, *at = text;

    fault.points = getenv("QUENCH_POINTS");
    fault.children = getenv("QUENCH_CHILD");
    if (said && snprintf(text, sizeof(text), "%s", said) < (int)sizeof(text)) {
        if ((hash = strchr(text, '#'))) {
            *hash = '\0';
            fault.name = text;
            at = hash + 1;
        }
        fault.at = strtoul(at, &at, 10);
        fault.what = *at == ':' ? at + 1 : "";
    }
    if (step) {
        atomic_store(&steps_left, strtoul(step, NULL, 10));
        hangs = strchr(step, ':') != NULL;
        qn_step_hook = die_at_step;
    }
    if (stop && sscanf(stop, "%63[^:]", stop_at) == 1) {
        stops_all = strcmp(stop + strlen(stop_at), ":all") == 0;
        qn_step_hook = stop_at_step;
    }
    qn_fault_hook = on_point;
}
