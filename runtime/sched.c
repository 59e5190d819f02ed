#include "runtime/sched.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "runtime/err.h"

/* The kernel's struct sched_attr, first version, and its call; glibc has neither before 2.41. */
struct attr {
    uint32_t size;
    uint32_t policy;
    uint64_t flags;
    int32_t nice;
    uint32_t priority;
    uint64_t runtime, deadline, period; /* runtime: the slice, of classes without deadlines */
};

static int get_attr(struct attr *out)
{
    *out = (struct attr){0};
    return syscall(SYS_sched_getattr, 0, out, sizeof(*out), 0) == 0 ? QN_OK : QN_ENOTSUP;
}

static const char *refused(const struct qn_sched *want, const struct attr *had)
{
    if (errno == EPERM && want->nice != 0 && want->nice < had->nice)
        return "a lower nice value needs CAP_SYS_NICE, or an RLIMIT_NICE (ulimit -e) of 20 minus that value";
    if (errno == EPERM)
        return "this process is not permitted to";
    return errno == ENOSYS ? "this kernel has no sched_setattr" : "the kernel refuses it";
}

static const char *not_taken(const struct qn_sched *want, const struct attr *got)
{
    if (got->policy != SCHED_OTHER && got->policy != SCHED_BATCH)
        return "this process runs in a real-time or idle class (chrt), which has no nice value or slice";
    if (want->slice_ns != 0 && got->runtime != want->slice_ns)
        return got->runtime == 0 ? "this kernel ignores slices; Linux 6.12 and later accept them"
                                 : "the kernel changed the slice; it accepts 100us to 100ms";
    if (want->nice != 0 && got->nice != want->nice)
        return "the kernel changed the nice value";
    if (want->class == QN_SCHED_CLASS_BATCH && got->policy != SCHED_BATCH)
        return "the kernel left the class unchanged";
    return NULL;
}

int qn_sched_set_self(const struct qn_sched *sched, const char **why)
{
    struct attr had, want;

    *why = "this kernel does not report how threads are scheduled";
    if (qn_sched_is_default(sched))
        return QN_OK;
    if (get_attr(&had) != QN_OK)
        return QN_ENOTSUP;
    want = had;
    want.size = sizeof(want);
    want.runtime = sched->slice_ns;
    if (sched->nice != 0)
        want.nice = sched->nice;
    if (sched->class == QN_SCHED_CLASS_BATCH)
        want.policy = SCHED_BATCH;
    if (syscall(SYS_sched_setattr, 0, &want, 0) != 0) {
        *why = refused(sched, &had);
        return QN_ENOTSUP;
    }
    if (get_attr(&want) != QN_OK)
        return QN_ENOTSUP;
    *why = not_taken(sched, &want);
    return *why ? QN_ENOTSUP : QN_OK;
}

struct trial {
    const struct qn_sched *sched;
    const char *why;
    int rc;
};

static void *try(void *arg)
{
    struct trial *t = arg;

    t->rc = qn_sched_set_self(t->sched, &t->why);
    return NULL;
}

int qn_sched_try(const struct qn_sched *sched, const char **why)
{
    struct trial trial = {.sched = sched};
    pthread_t thread;

    *why = NULL;
    if (qn_sched_is_default(sched))
        return QN_OK;
    if (pthread_create(&thread, NULL, try, &trial) != 0)
        return QN_EAGAIN;
    pthread_join(thread, NULL);
    *why = trial.why;
    return trial.rc;
}
