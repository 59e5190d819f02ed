#include "bench/base/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bench/base/cause.h"
#include "bench/base/complain.h"
#include "bench/base/fault.h"
#include "bench/base/path.h"

static int refuse(const char *dir, int fd)
{
    struct flock other = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    int holder = 0;

    if (fcntl(fd, F_GETLK, &other) == 0 && other.l_type != F_UNLCK)
        holder = (int)other.l_pid;
    if (holder > 0)
        qn_complain("%s: another run (process %d) is writing to this folder; wait for it or end it",
                    dir, holder);
    else
        qn_complain("%s: another run is writing to this folder; wait for it or end it", dir);
    return QN_EINVAL;
}

int qn_folder_lock(const char *dir, int *out)
{
    struct flock want = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    char path[QN_PATH_BYTES];
    int fd = -1, rc = QN_EIO;

    if (qn_path(path, "%s/" QN_LOCK_NAME, dir) == QN_OK && !qn_fault("lock"))
        fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (fd >= 0 && fcntl(fd, F_SETLK, &want) == 0) {
        *out = fd;
        return QN_OK;
    }
    if (fd >= 0 && (errno == EACCES || errno == EAGAIN))
        rc = refuse(dir, fd);
    else
        qn_complain("%s/" QN_LOCK_NAME ": %s", dir, qn_cause(errno));
    if (fd >= 0)
        close(fd);
    return rc;
}
