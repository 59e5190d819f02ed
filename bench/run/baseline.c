#include "bench/run/baseline.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/base/complain.h"
#include "bench/base/exit.h"
#include "bench/base/nearest.h"
#include "bench/base/path.h"
#include "bench/base/progress.h"
#include "bench/base/replace.h"
#include "bench/base/text.h"
#include "bench/compare/comparison.h"
#include "bench/folder/files.h"
#include "bench/folder/make.h"
#include "bench/folder/writer.h"

static int shelf(char *out)
{
    char results[QN_PATH_BYTES];

    return qn_folder_base(results) == QN_OK ? qn_path(out, "%s/baselines", results) : QN_EIO;
}

static int baseline_path(char *out, const char *name)
{
    char folder[QN_PATH_BYTES];

    return shelf(folder) == QN_OK ? qn_path(out, "%s/%s", folder, name) : QN_EIO;
}

static int is_visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static int refuse_missing(const char *name)
{
    char folder[QN_PATH_BYTES], known[QN_PATH_BYTES / 2] = "";
    struct dirent **entries;
    int n = shelf(folder) == QN_OK ? scandir(folder, &entries, is_visible, alphasort) : -1;
    struct qn_nearest nearest;

    qn_nearest_begin(&nearest, name);
    for (int i = 0; i < n; i++) {
        qn_nearest_offer(&nearest, entries[i]->d_name);
        qn_text_add(known, sizeof(known), "%s%s", i ? ", " : "", entries[i]->d_name);
        free(entries[i]);
    }
    if (n >= 0)
        free(entries);
    qn_complain("--baseline: no baseline '%s'; %s%s%s", name,
                n > 0 ? "saved: " : "none has been saved (--save-baseline)", known, nearest.hint);
    return QN_EINVAL;
}

static bool has_drain(const struct qn_run_options *o)
{
    for (size_t i = 0; i < o->n_strategies; i++)
        if (strcmp(o->strategies[i]->name, "drain") == 0)
            return true;
    return false;
}

int qn_baseline_check(const struct qn_run_options *o)
{
    char path[QN_PATH_BYTES];

    if (!o->baseline)
        return o->fail_on_regression ? qn_refuse("--fail-on", "regression", "only with --baseline")
                                     : QN_OK;
    if (baseline_path(path, o->baseline) != QN_OK || access(path, F_OK) != 0)
        return refuse_missing(o->baseline);
    if (!has_drain(o)) {
        qn_complain(
            "--baseline: runs are compared as ratios to drain, which --strategies doesn't include");
        return QN_EINVAL;
    }
    return qn_comparison_check(path);
}

/* Saving. */

static int copy_bytes(FILE *in, FILE *out)
{
    char buffer[1 << 16];
    size_t n;

    while ((n = fread(buffer, 1, sizeof(buffer), in)) > 0)
        if (fwrite(buffer, 1, n, out) != n)
            return QN_EIO;
    return ferror(in) ? QN_EIO : QN_OK;
}

static int copy_file(const char *from, const char *to, const char *name)
{
    FILE *in = qn_results_open(from, name, "re");
    FILE *out = in ? qn_results_open(to, name, "we") : NULL;
    int rc = in && out ? copy_bytes(in, out) : QN_EIO, error;

    if (out && qn_close_whole(out) != QN_OK)
        rc = QN_EIO;
    error = errno;
    if (in)
        fclose(in);
    errno = error;
    return rc;
}

/* Removes a folder that contains only files. */
static void remove_folder(const char *path)
{
    DIR *dir = opendir(path);
    const struct dirent *entry;

    while (dir && (entry = readdir(dir)))
        unlinkat(dirfd(dir), entry->d_name, 0); /* fails for "." and "..", as it should */
    if (dir)
        closedir(dir);
    rmdir(path);
}

/* Replaces path with the folder fresh. If the file system can't exchange two names, the baseline is
 * missing for an instant. */
static int put_in_place(const char *fresh, const char *path, bool *is_replaced)
{
    char old[QN_PATH_BYTES];

    *is_replaced = false;
    if (renameat2(AT_FDCWD, fresh, AT_FDCWD, path, RENAME_NOREPLACE) == 0)
        return QN_OK;
    *is_replaced = access(path, F_OK) == 0;
    if (!*is_replaced)
        return rename(fresh, path) == 0 ? QN_OK : QN_EIO;
    if (renameat2(AT_FDCWD, fresh, AT_FDCWD, path, RENAME_EXCHANGE) == 0) {
        remove_folder(fresh);
        return QN_OK;
    }
    if (errno != EINVAL)
        return QN_EIO;
    if (qn_path(old, "%s.old", fresh) != QN_OK || rename(path, old) != 0 ||
        rename(fresh, path) != 0)
        return QN_EIO;
    remove_folder(old);
    return QN_OK;
}

static int make_folder(const char *path)
{
    return mkdir(path, 0777) == 0 || errno == EEXIST ? QN_OK : QN_EIO;
}

static int save(const char *dir, const char *name)
{
    char results[QN_PATH_BYTES], folder[QN_PATH_BYTES], path[QN_PATH_BYTES], fresh[QN_PATH_BYTES];
    bool is_replaced = false;
    int rc, error;

    if (qn_folder_base(results) != QN_OK || shelf(folder) != QN_OK ||
        qn_path(path, "%s/%s", folder, name) != QN_OK ||
        qn_path(fresh, "%s/.%s.%ld", folder, name, (long)getpid()) != QN_OK ||
        make_folder(results) != QN_OK || make_folder(folder) != QN_OK || mkdir(fresh, 0777) != 0) {
        qn_complain("--save-baseline: '%s' can't be saved: %s", name, strerror(errno));
        return QN_EIO;
    }
    rc = QN_OK;
    for (size_t i = 0; i < qn_n_files && rc == QN_OK; i++)
        if (qn_files[i].uses & QN_FILE_KEPT)
            rc = copy_file(dir, fresh, qn_files[i].name);
    if (rc == QN_OK)
        rc = put_in_place(fresh, path, &is_replaced);
    if (rc == QN_OK) {
        qn_note("baseline '%s' %s: %s", name, is_replaced ? "is replaced" : "is saved", path);
        return QN_OK;
    }
    error = errno;
    remove_folder(fresh);
    qn_complain("--save-baseline: '%s' can't be saved: %s", name, strerror(error));
    return QN_EIO;
}

/* Comparing. */

static int write_table(const struct qn_comparison *c, const char *dir)
{
    FILE *file = qn_results_open(dir, "compare.csv", "we");
    int error = errno, rc = file ? qn_comparison_write(c, QN_COMPARE_CSV, file) : QN_EIO;

    if (file && qn_close_whole(file) != QN_OK && rc != QN_ENOMEM) {
        error = errno;
        rc = QN_EIO;
    }
    if (rc != QN_OK)
        qn_complain("%s/compare.csv: %s", dir, rc == QN_ENOMEM ? "out of memory" : strerror(error));
    return rc;
}

static int compare(const struct qn_run_options *o, const char *dir)
{
    int code = QN_EXIT_DONE, rc;
    struct qn_comparison c;
    char path[QN_PATH_BYTES];

    rc = baseline_path(path, o->baseline);
    if (rc == QN_OK)
        rc = qn_comparison_make(path, dir, QN_COMPARE_NOISE, &c);
    if (rc == QN_ENOMEM)
        qn_complain("out of memory");
    if (rc != QN_OK)
        return o->fail_on_regression ? QN_EXIT_CHECK_FAILED : QN_EXIT_DONE;
    qn_progress_clear();
    if (write_table(&c, dir) != QN_OK ||
        (!qn_is_quiet() && qn_comparison_write(&c, QN_COMPARE_TEXT, stderr) != QN_OK))
        code = QN_EXIT_NOT_WHOLE;
    else if (o->fail_on_regression && (c.n_worse > 0 || c.n_judged == 0))
        code = QN_EXIT_CHECK_FAILED;
    qn_comparison_fini(&c);
    return code;
}

int qn_baseline_conclude(const struct qn_run_options *o, const char *dir, int code)
{
    int compare_code = QN_EXIT_DONE;

    if (o->baseline && code != QN_EXIT_INTERRUPTED)
        compare_code = compare(o, dir);
    if (code == QN_EXIT_DONE)
        code = compare_code;
    else if (o->save_baseline)
        qn_complain("baseline '%s' is not saved: the run is incomplete", o->save_baseline);
    if (code == QN_EXIT_CHECK_FAILED && o->save_baseline)
        qn_complain("baseline '%s' is not saved: the comparison failed", o->save_baseline);
    if (code == QN_EXIT_DONE && o->save_baseline && save(dir, o->save_baseline) != QN_OK)
        code = QN_EXIT_NOT_WHOLE;
    return code;
}
