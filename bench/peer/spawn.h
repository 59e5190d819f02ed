/*
 * Starting a child (bench/peer/program.h) with its descriptors and CPUs, and ending it.
 *
 * The process dies with this one, and is never left as a zombie: whoever spawns gives it to
 * qn_spawned_end. One thread at a time.
 */
#ifndef QN_BENCH_PEER_SPAWN_H
#define QN_BENCH_PEER_SPAWN_H

#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "runtime/base.h"
#include "runtime/sched.h"

/* The last line that was read from a stream; what doesn't fit is cut. */
struct qn_last_line {
    char text[160];
    unsigned n;
    bool is_over; /* the next byte begins a new one */
};

/* Reads what is there from a descriptor that doesn't block; false: there is nothing, or no more. */
bool qn_last_line_read(struct qn_last_line *line, int fd);

/* Reads all that is there, but no more than a pipe holds: what the child has started may go on writing. -1: nothing. */
void qn_last_line_drain(struct qn_last_line *line, int fd);
const char *qn_last_line(const struct qn_last_line *line);

/* How long a program may take to end after it has said everything. */
#define QN_SPAWNED_END_NS (2 * QN_NS_PER_S)

struct qn_spawned {
    pid_t pid;    /* -1: it is over, and status says how */
    int pidfd;    /* -1: the kernel has none */
    int commands; /* a socket, so that writing to a dead child raises no signal */
    int answers, errors;
    int status; /* as from waitpid */
};

/*
 * Starts PATH run NAME with this process's environment; with a mapping of -1, PATH describe (name is NULL
 * then), whose output is what `answers` reads. cpus, sched: NULL: as this process. Returns 0 or the errno of
 * what failed, exec included; *out holds nothing then.
 */
int qn_spawn(const char *path, const char *name, const cpu_set_t *cpus,
             const struct qn_sched *sched, int mapping, struct qn_spawned *out) QN_MUST_CHECK;

/* Waits until it has ended, for at most limit_ns; false: it had to be killed. Sets status. */
bool qn_spawned_wait(struct qn_spawned *process, uint64_t limit_ns);

/* Closes its descriptors and waits as above. */
void qn_spawned_end(struct qn_spawned *process, uint64_t limit_ns);

#endif
