#include "bench/base/replace.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "bench/base/fault.h"
#include "bench/base/path.h"

/* The new version is written next to the old one, under this name, until it is complete. */
#define FRESH_NAME ".%s.new"

static int fresh_path(const char *dir, const char *name, char *out)
{
    return qn_path(out, "%s/" FRESH_NAME, dir, name);
}

int qn_replace_begin(struct qn_replace *r, const char *dir, const char *name)
{
    char fresh[QN_PATH_BYTES];

    *r = (struct qn_replace){NULL, dir, name};
    if (fresh_path(dir, name, fresh) != QN_OK || qn_fault("replace: open"))
        return QN_EIO;
    r->file = fopen(fresh, "we");
    return r->file ? QN_OK : QN_EIO;
}

/* The stream doesn't remember why a write failed. The cause usually persists, so writing one more
 * byte, to a file that is lost anyway, shows it. */
static int cause_of_failure(FILE *file)
{
    clearerr(file);
    return fputc('\n', file) == EOF || fflush(file) != 0 ? errno : EIO;
}

int qn_close_whole(FILE *file)
{
    int cause = ferror(file) ? cause_of_failure(file) : 0;

    if (fclose(file) != 0 && cause == 0)
        return QN_EIO;
    if (cause != 0)
        errno = cause;
    return cause == 0 ? QN_OK : QN_EIO;
}

int qn_replace_end(struct qn_replace *r, bool is_good)
{
    char path[QN_PATH_BYTES], fresh[QN_PATH_BYTES];
    bool is_whole = qn_close_whole(r->file) == QN_OK, is_in_place = false;
    int error;

    r->file = NULL;
    if (is_whole && qn_fault("replace: write"))
        is_whole = false;
    error = errno;
    if (fresh_path(r->dir, r->name, fresh) != QN_OK ||
        qn_path(path, "%s/%s", r->dir, r->name) != QN_OK)
        return QN_EIO;
    if (is_good && is_whole) {
        is_in_place = !qn_fault("replace: rename") && rename(fresh, path) == 0;
        error = errno;
    }
    if (!is_in_place)
        unlink(fresh);
    errno = error;
    return is_in_place || !is_good ? QN_OK : QN_EIO;
}

bool qn_replace_is_part(const char *file, const char *name)
{
    char fresh[NAME_MAX + 1];

    snprintf(fresh, sizeof(fresh), FRESH_NAME, name);
    return strcmp(file, fresh) == 0;
}

void qn_replace_tidy(const char *dir, const char *name)
{
    char fresh[QN_PATH_BYTES];

    if (fresh_path(dir, name, fresh) == QN_OK)
        unlink(fresh);
}
