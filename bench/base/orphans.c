#include "bench/base/orphans.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/wait.h>

/* Each round ends a generation; only what forks without end has as many. */
#define MAX_ROUNDS 100u

bool qn_orphans_adopt(void)
{
    siginfo_t child;

    return waitid(P_ALL, 0, &child, WEXITED | WNOHANG | WNOWAIT) != 0 && errno == ECHILD &&
           prctl(PR_SET_CHILD_SUBREAPER, 1ul, 0ul, 0ul, 0ul) == 0;
}

/* False: there is none that can be killed. */
static bool end_children(void)
{
    FILE *f = fopen("/proc/thread-self/children", "re");
    bool is_killed = false;
    int pid;

    while (f && fscanf(f, "%d", &pid) == 1) {
        if (kill(pid, SIGKILL) != 0)
            continue;
        is_killed = true;
        while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
            continue;
    }
    if (f)
        fclose(f);
    return is_killed;
}

void qn_orphans_end(void)
{
    for (unsigned i = 0; i < MAX_ROUNDS && end_children(); i++)
        continue;
    while (waitpid(-1, NULL, WNOHANG) > 0) /* where there is no such file */
        continue;
}
