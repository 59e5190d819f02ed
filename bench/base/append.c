#include "bench/base/append.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio_ext.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "bench/base/fault.h"
#include "bench/base/path.h"

/* Writes stdio's whole buffer. Returns how much could be written. */
static ssize_t write_out(void *cookie, const char *text, size_t n)
{
    struct qn_append *a = cookie;
    size_t done = 0, piece = qn_fault_piece(n);

    while (done < n) {
        ssize_t wrote = qn_fault(a->name) ? -1 : write(a->fd, text + done, piece);

        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote <= 0) {
            a->error = errno;
            return (ssize_t)done;
        }
        done += (size_t)wrote;
        piece = n - done;
    }
    a->crc32 = (uint32_t)crc32_z(a->crc32, (const Bytef *)text, n);
    return (ssize_t)n;
}

int qn_append_open(struct qn_append *a, const char *dir, const char *name, bool is_fresh)
{
    char path[QN_PATH_BYTES];
    cookie_io_functions_t functions = {.write = write_out};

    memset(a, 0, sizeof(*a));
    a->name = name;
    if (qn_path(path, "%s/%s", dir, name) != QN_OK || qn_fault(name))
        return QN_EIO;
    a->fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | (is_fresh ? O_TRUNC : 0), 0666);
    if (a->fd < 0)
        return QN_EIO;
    a->file = fopencookie(a, "w", functions);
    if (a->file)
        return QN_OK;
    close(a->fd);
    return QN_EIO;
}

void qn_append_close(struct qn_append *a)
{
    if (!a->file)
        return;
    fclose(a->file);
    close(a->fd);
    a->file = NULL;
}

int qn_append_begin(struct qn_append *a)
{
    struct stat st;

    if (fstat(a->fd, &st) != 0)
        return QN_EIO;
    if (st.st_nlink == 0) {
        errno = ENOENT;
        return QN_EIO;
    }
    a->before = st.st_size;
    a->crc32 = 0;
    a->error = 0;
    return QN_OK;
}

int qn_append_end(struct qn_append *a)
{
    if (fflush(a->file) == 0 && !ferror(a->file))
        return QN_OK;
    errno = a->error;
    return QN_EIO;
}

int qn_append_undo(struct qn_append *a)
{
    int saved = errno;

    /* what stdio still buffers from the failed step must not be written with the next one */
    __fpurge(a->file);
    clearerr(a->file);
    if (qn_fault("cut back") || ftruncate(a->fd, a->before) != 0)
        return QN_EIO;
    errno = saved;
    return QN_OK;
}
