#include "bench/base/cause.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "bench/base/complain.h"
#include "bench/base/text.h"
#include "runtime/base.h"
#include "runtime/err.h"

#define TEXT_BYTES 256

/* A limit and the error it causes. EAGAIN comes from threads too, whose stacks take memory. */
static const struct {
    int error, resource;
    const char *flag;
    unsigned unit; /* in bytes; 0: a count */
} limits[] = {
    {EFBIG, RLIMIT_FSIZE, "-f", 1024}, {ENOMEM, RLIMIT_AS, "-v", 1024},
    {ENOMEM, RLIMIT_DATA, "-d", 1024}, {EAGAIN, RLIMIT_NPROC, "-u", 0},
    {EAGAIN, RLIMIT_AS, "-v", 1024},   {EAGAIN, RLIMIT_DATA, "-d", 1024},
    {EMFILE, RLIMIT_NOFILE, "-n", 0},
};

const char *qn_cause_limits(int error)
{
    static _Thread_local char text[TEXT_BYTES];

    text[0] = '\0';
    for (size_t i = 0; i < QN_ARRAY_LEN(limits); i++) {
        struct rlimit rl;
        unsigned unit = limits[i].unit;

        if (limits[i].error != error ||
            getrlimit((__rlimit_resource_t)limits[i].resource, &rl) != 0 ||
            rl.rlim_cur == RLIM_INFINITY || (limits[i].resource == RLIMIT_NPROC && getuid() == 0))
            continue;
        qn_text_add(text, sizeof(text), "%sulimit %s is %llu%s", *text ? ", " : " (",
                    limits[i].flag, (unsigned long long)(rl.rlim_cur / (unit ? unit : 1)),
                    unit ? " KiB" : "");
    }
    if (*text)
        qn_text_add(text, sizeof(text), ")");
    return text;
}

const char *qn_cause(int error)
{
    static _Thread_local char text[2 * TEXT_BYTES];

    snprintf(text, sizeof(text), "%s%s", strerror(error), qn_cause_limits(error));
    return text;
}

int qn_complain_of_file(const char *dir, const char *name)
{
    qn_complain("%s%s%s: %s", dir, name ? "/" : "", name ? name : "", qn_cause(errno));
    return QN_EIO;
}
