#include <inttypes.h>
#include <math.h>

#include "bench/fit/parts.h"
#include "runtime/clock.h"

/* Rows between two readings of the clock; a power of two. */
#define PROGRESS_ROWS 16384u

void qn_fit_progress_begin(struct qn_fit_progress *p, const char *path,
                           const struct qn_lines *lines)
{
    *p = (struct qn_fit_progress){.path = path, .lines = lines};
    p->began_ns = qn_clock_now_monotonic_ns();
    /* a file that is read quickly needs no progress line */
    p->said = (struct qn_progress_pace){.said_ns = p->began_ns, .has_said = true};
}

void qn_fit_progress_step(struct qn_fit_progress *p)
{
    char left[QN_LEFT_BYTES];
    double done;
    uint64_t now;

    if (++p->n_rows % PROGRESS_ROWS != 0)
        return;
    now = qn_clock_now_monotonic_ns();
    if (!qn_progress_is_due(&p->said, now))
        return;
    /* for a pipe, or a file that grows while it is read, the rest is unknown */
    done = qn_lines_share(p->lines);
    if (!(done > 0 && done <= 1))
        done = NAN;
    qn_progress_left((double)(now - p->began_ns) / 1e9 * (1 - done) / done, left, sizeof(left));
    qn_progress_say("%" PRIu64 " rows read, %s: %s", p->n_rows, left, p->path);
}

void qn_fit_progress_end(struct qn_fit_progress *p)
{
    (void)p;
    qn_progress_clear();
}
