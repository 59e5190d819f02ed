#include <inttypes.h>
#include <math.h>
#include <unistd.h>

#include "bench/fit_parts.h"
#include "runtime/clock.h"

#define PLAIN_EVERY_NS (10 * QN_NS_PER_S)
#define TERMINAL_EVERY_NS (QN_NS_PER_S / 5)
/* Rows between two looks at the clock; a power of two. */
#define PROGRESS_ROWS 16384u

void qn_fit_progress_begin(struct qn_fit_progress *p, const char *path, const struct qn_lines *lines)
{
    *p = (struct qn_fit_progress){.path = path, .lines = lines};
    p->began_ns = p->said_ns = qn_clock_now_monotonic_ns();
}

void qn_fit_progress_step(struct qn_fit_progress *p)
{
    bool is_terminal;
    double done, left_s;
    uint64_t now;

    if (++p->n_rows % PROGRESS_ROWS != 0)
        return;
    now = qn_clock_now_monotonic_ns();
    is_terminal = isatty(STDERR_FILENO);
    if (now - p->said_ns < (is_terminal ? TERMINAL_EVERY_NS : PLAIN_EVERY_NS))
        return;
    p->said_ns = now;
    done = qn_lines_share(p->lines);
    left_s = (double)(now - p->began_ns) / 1e9 * (1 - done) / done;
    if (!(done > 0)) {
        fprintf(stderr, is_terminal ? "\r\033[K%s: %" PRIu64 " rows" : "quench: %s: %" PRIu64 " rows read\n",
                p->path, p->n_rows);
        return;
    }
    fprintf(stderr,
            is_terminal ? "\r\033[K%s: %" PRIu64 " rows, %.0f %%, %.0f s left"
                        : "quench: %s: %" PRIu64 " rows read, %.0f %%, about %.0f s left\n",
            p->path, p->n_rows, done * 100, fmax(0, left_s));
}

void qn_fit_progress_end(struct qn_fit_progress *p)
{
    if (p->n_rows >= PROGRESS_ROWS && isatty(STDERR_FILENO))
        fputs("\r\033[K", stderr);
}
