#include "bench/folder.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "bench/complain.h"
#include "bench/fault.h"
#include "bench/lock.h"

#define PATH_BYTES 4096
#define STAMP_BYTES 32
#define HOST_BYTES 64

static int complain_of(const char *path)
{
    qn_complain("%s: %s", path, strerror(errno));
    return QN_EIO;
}

static int default_dir(char **dir, char *base, size_t base_bytes)
{
    char stamp[STAMP_BYTES], host[HOST_BYTES] = "host";
    time_t now = time(NULL);
    struct tm tm;

    if (snprintf(base, base_bytes, "%s/results", qn_data_dir()) >= (int)base_bytes)
        return QN_EIO;
    if (mkdir(base, 0777) != 0 && errno != EEXIST)
        return complain_of(base);
    gmtime_r(&now, &tm);
    strftime(stamp, sizeof(stamp), "%Y%m%dT%H%M%SZ", &tm);
    gethostname(host, sizeof(host) - 1);
    return asprintf(dir, "%s/%s-%s", base, stamp, host) < 0 ? QN_ENOMEM : QN_OK;
}

/* Replaces the link in one step. */
static void point_latest(const char *base, const char *dir)
{
    char link[PATH_BYTES], fresh[PATH_BYTES];

    if (snprintf(link, sizeof(link), "%s/latest", base) >= (int)sizeof(link) ||
        snprintf(fresh, sizeof(fresh), "%s/.latest.%ld", base, (long)getpid()) >=
            (int)sizeof(fresh))
        return;
    if (symlink(strrchr(dir, '/') + 1, fresh) != 0 || rename(fresh, link) != 0)
        qn_complain("%s can't be pointed at the new folder: %s", link, strerror(errno));
}

int qn_folder_make(const struct qn_run_options *o, char **dir)
{
    char base[PATH_BYTES] = "";
    int rc = QN_OK;

    *dir = NULL;
    if (o->out)
        *dir = strdup(o->out);
    else
        rc = default_dir(dir, base, sizeof(base));
    if (rc != QN_OK)
        return rc;
    if (!*dir)
        return QN_ENOMEM;
    if (qn_fault("folder") || mkdir(*dir, 0777) != 0)
        return complain_of(*dir);
    if (base[0])
        point_latest(base, *dir);
    return QN_OK;
}

bool qn_folder_has(const char *dir, const char *name)
{
    char path[PATH_BYTES];

    return snprintf(path, sizeof(path), "%s/%s", dir, name) < (int)sizeof(path) &&
           access(path, R_OK) == 0;
}

static bool is_of_a_beginning(const char *name)
{
    static const char *const names[] = {".",
                                        "..",
                                        QN_LOCK_NAME,
                                        "trials.csv",
                                        "timeline.csv",
                                        "blocks.csv",
                                        "gbench-parts.jsonl",
                                        "pairs.csv",
                                        "topology.xml",
                                        "manifest.json",
                                        ".manifest.json.new",
                                        ".plan.csv.new"};

    for (size_t i = 0; i < QN_ARRAY_LEN(names); i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return false;
}

/* True if something follows the table's header. */
static bool has_rows(const char *dir, const char *name)
{
    char path[PATH_BYTES];
    FILE *file = NULL;
    int c = EOF;

    if (snprintf(path, sizeof(path), "%s/%s", dir, name) < (int)sizeof(path))
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
    bool is_begun = d && !has_rows(dir, "pairs.csv") && !has_rows(dir, "trials.csv");

    while (is_begun && (entry = readdir(d)))
        is_begun = is_of_a_beginning(entry->d_name);
    if (d)
        closedir(d);
    return is_begun;
}
