#include "bench/base/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/base/complain.h"
#include "bench/base/exit.h"

static bool was_closed, has_complained;

int qn_output_end(const char *what)
{
    int error;

    if (has_complained)
        return QN_EIO;
    errno = 0;
    if (fflush(stdout) == 0 && !ferror(stdout))
        return QN_OK;
    error = errno;
    /* the stream remembers that a write failed, but not why: one more byte shows it */
    if (!error) {
        clearerr(stdout);
        if (putchar('\n') == EOF || fflush(stdout) != 0)
            error = errno;
    }
    qn_complain("%s can't be written to stdout: %s", what,
                error ? strerror(error) : "an earlier part was lost");
    has_complained = true;
    return QN_EIO;
}

bool qn_output_was_closed(void)
{
    return was_closed;
}

static void at_end(void)
{
    if (qn_output_end("the output") != QN_OK)
        _exit(QN_EXIT_NOT_WHOLE);
}

void qn_output_begin(void)
{
    was_closed = fcntl(STDOUT_FILENO, F_GETFD) < 0;
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        /* the lowest free descriptor is fd itself */
        if (fcntl(fd, F_GETFD) < 0)
            (void)!open("/dev/null", fd == STDOUT_FILENO ? O_RDONLY : O_RDWR);
    if (atexit(at_end) != 0)
        qn_complain("out of memory");
}
