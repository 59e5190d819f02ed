#include "bench/folder/make.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "bench/base/cause.h"
#include "bench/base/complain.h"
#include "bench/base/data_dir.h"
#include "bench/base/fault.h"
#include "bench/base/path.h"
#include "bench/base/replace.h"
#include "bench/folder/files.h"

#define STAMP_BYTES 32
#define HOST_BYTES 64
/* Runs on one host that may begin in the same second. */
#define MAX_NUMBER 1000u

/* A folder that can be written to, or created. */
static bool has_room(const char *path)
{
    char parent[QN_PATH_BYTES];
    size_t n = strlen(path) - strlen(strrchr(path, '/'));

    if (access(path, W_OK | X_OK) == 0)
        return true;
    snprintf(parent, sizeof(parent), "%.*s", (int)n, path);
    return errno == ENOENT && access(parent, W_OK | X_OK) == 0;
}

int qn_folder_base(char *out)
{
    if (qn_program_is_installed())
        return qn_path(out, "results");
    if (qn_path(out, "%s/results", qn_data_dir()) != QN_OK)
        return QN_EIO;
    return has_room(out) ? QN_OK : qn_path(out, "results");
}

static int default_name(char **name, char *base)
{
    char stamp[STAMP_BYTES], host[HOST_BYTES] = "host";
    time_t now = time(NULL);
    struct tm tm;
    int rc = qn_folder_base(base);

    if (rc != QN_OK)
        return rc;
    if (mkdir(base, 0777) != 0 && errno != EEXIST)
        return qn_complain_of_file(base, NULL);
    gmtime_r(&now, &tm);
    strftime(stamp, sizeof(stamp), "%Y%m%dT%H%M%SZ", &tm);
    gethostname(host, sizeof(host) - 1);
    return asprintf(name, "%s/%s-%s", base, stamp, host) < 0 ? QN_ENOMEM : QN_OK;
}

/* Creates *dir; if another run that began in the same second has the name, the next free one from
 * NAME-2 on, and sets *dir to it. */
static int make_numbered(char **dir)
{
    char *name = *dir, *numbered;

    if (mkdir(name, 0777) == 0)
        return QN_OK;
    for (unsigned n = 2; errno == EEXIST && n <= MAX_NUMBER; n++) {
        if (asprintf(&numbered, "%s-%u", name, n) < 0)
            return QN_ENOMEM;
        if (mkdir(numbered, 0777) == 0) {
            free(name);
            *dir = numbered;
            return QN_OK;
        }
        free(numbered); /* leaves errno as it is */
    }
    return qn_complain_of_file(name, NULL);
}

/* Replaces the link in one step. */
static void point_latest(const char *base, const char *dir)
{
    char link[QN_PATH_BYTES], fresh[QN_PATH_BYTES];

    if (qn_path(link, "%s/latest", base) != QN_OK ||
        qn_path(fresh, "%s/.latest.%ld", base, (long)getpid()) != QN_OK)
        return;
    if (symlink(strrchr(dir, '/') + 1, fresh) != 0 || rename(fresh, link) != 0)
        qn_complain("%s can't be linked to the new folder: %s", link, strerror(errno));
}

int qn_folder_make(const char *out, char **dir)
{
    char base[QN_PATH_BYTES] = "";
    int rc = QN_OK;

    *dir = NULL;
    if (out)
        *dir = strdup(out);
    else
        rc = default_name(dir, base);
    if (rc != QN_OK)
        return rc;
    if (!*dir)
        return QN_ENOMEM;
    if (qn_fault("folder") || (out && mkdir(*dir, 0777) != 0))
        return qn_complain_of_file(*dir, NULL);
    if (!out && (rc = make_numbered(dir)) != QN_OK)
        return rc;
    if (base[0])
        point_latest(base, *dir);
    return QN_OK;
}

bool qn_folder_has(const char *dir, const char *name)
{
    char path[QN_PATH_BYTES];

    return qn_path(path, "%s/%s", dir, name) == QN_OK && access(path, R_OK) == 0;
}

/* A file that a run begins with, or part of the next version of a needed one. */
static bool is_of_a_beginning(const char *name)
{
    for (size_t i = 0; i < qn_n_files; i++) {
        const struct qn_file *f = &qn_files[i];

        if (((f->uses & QN_FILE_FIRST) && strcmp(name, f->name) == 0) ||
            ((f->uses & QN_FILE_NEEDED) && qn_replace_is_part(name, f->name)))
            return true;
    }
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

/* True if the table has more than its header. */
static bool has_rows(const char *dir, const char *name)
{
    char path[QN_PATH_BYTES];
    FILE *file = NULL;
    int c = EOF;

    if (qn_path(path, "%s/%s", dir, name) == QN_OK)
        file = fopen(path, "re");
    while (file && (c = getc(file)) != EOF && c != '\n')
        continue;
    if (file && c != EOF)
        c = getc(file);
    if (file)
        fclose(file);
    return c != EOF;
}

bool qn_folder_is_begun(const char *dir)
{
    DIR *d = opendir(dir);
    struct dirent *entry;
    bool is_begun = d && !has_rows(dir, QN_PAIRS_NAME) && !has_rows(dir, "trials.csv");

    while (is_begun && (entry = readdir(d)))
        is_begun = is_of_a_beginning(entry->d_name);
    if (d)
        closedir(d);
    return is_begun;
}
