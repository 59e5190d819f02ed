#include "bench/cell/waits.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "bench/base/csv.h"

int qn_waits_open(void)
{
    return open("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC);
}

/* The file's second number. */
static int64_t read_run_delay(int fd)
{
    char text[96], *end;
    ssize_t n = fd < 0 ? -1 : pread(fd, text, sizeof(text) - 1, 0);
    unsigned long long delay;

    if (n <= 0)
        return QN_NONE;
    text[n] = '\0';
    strtoull(text, &end, 10); /* time that it ran */
    delay = strtoull(end, &end, 10);
    return *end == ' ' ? (int64_t)delay : QN_NONE;
}

struct qn_waits qn_waits_read(int fd)
{
    struct qn_waits waits = {QN_NONE, read_run_delay(fd)};
    struct rusage usage;

    if (getrusage(RUSAGE_THREAD, &usage) == 0)
        waits.preemptions = usage.ru_nivcsw;
    return waits;
}

static int64_t between(int64_t before, int64_t after)
{
    return before == QN_NONE || after == QN_NONE ? QN_NONE : after - before;
}

struct qn_waits qn_waits_between(const struct qn_waits *before, const struct qn_waits *after)
{
    return (struct qn_waits){between(before->preemptions, after->preemptions),
                             between(before->run_delay_ns, after->run_delay_ns)};
}
