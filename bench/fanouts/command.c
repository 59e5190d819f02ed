/* quench import: fan-outs that other programs ran, as a results folder. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "bench/base/cause.h"
#include "bench/base/commands.h"
#include "bench/base/complain.h"
#include "bench/base/exit.h"
#include "bench/base/grow.h"
#include "bench/base/path.h"
#include "bench/fanouts/folder.h"
#include "bench/fanouts/recording.h"
#include "bench/fanouts/trace/reader.h"
#include "bench/stats/numbers.h"

static const struct qn_fanouts_reader *const readers[] = {&qn_recordings, &qn_traces};

/* Of the names in a folder that are looked at. */
#define ENDING ".qrec"

/* Room for why a file is left out; the rest is cut. */
#define WHY_BYTES 512

/* What is read more than once, and each once only. QN_EINVAL after a complaint. */
static int check_file(const struct qn_import *import, const char *path, struct stat *s)
{
    if (stat(path, s) != 0) {
        qn_complain("%s can't be read: %s", path, qn_cause(errno));
        return QN_EINVAL;
    }
    if (!S_ISREG(s->st_mode)) {
        qn_complain("%s isn't a regular file: import reads twice what it is given; write it to a "
                    "file",
                    path);
        return QN_EINVAL;
    }
    for (size_t i = 0; i < import->n_sources; i++)
        if (!import->sources[i].why && import->sources[i].device == s->st_dev &&
            import->sources[i].inode == s->st_ino) {
            qn_complain("%s is the same file as %s: its calls would count twice", path,
                        import->sources[i].path);
            return QN_EINVAL;
        }
    return QN_OK;
}

/* The reader of a file; NULL after a complaint. */
static const struct qn_fanouts_reader *reader_of(const char *path)
{
    char beginning[QN_READER_LOOK_BYTES];
    FILE *file = fopen(path, "re");
    size_t n = file ? fread(beginning, 1, sizeof(beginning), file) : 0;

    if (!file || ferror(file)) {
        qn_complain("%s can't be read: %s", path, qn_cause(errno));
        if (file)
            fclose(file);
        return NULL;
    }
    fclose(file);
    for (size_t i = 0; i < QN_ARRAY_LEN(readers); i++)
        if (readers[i]->is_of(beginning, n))
            return readers[i];
    qn_complain("%s is %s: a file of libquench-record, or a trace in JSON, is expected", path,
                n == 0 ? "empty" : "no recording and no trace");
    return NULL;
}

/* Drops calls whose times are too large. QN_EINVAL after a complaint: no other is left. */
static int drop_large(struct qn_fanouts *list, size_t first, const char *path)
{
    size_t n = qn_fanouts_drop_large(list, first);

    if (n > 0)
        qn_complain("%s%s: %zu %s times that are too large to be added up%s",
                    list->n > first ? "warning: " : "", path, n,
                    qn_plural(n, "call has", "calls have"),
                    list->n == first ? "; there is no other"
                    : n == 1         ? ", and is left out"
                                     : ", and are left out");
    return n == 0 || list->n > first ? QN_OK : QN_EINVAL;
}

/* A path whose file was read; s, format and n_calls are the file's. why: it is left out instead. */
static int add_source(struct qn_import *import, const char *path, const struct stat *s,
                      const char *format, size_t n_calls, const char *why)
{
    struct qn_import_source *source;

    if (!qn_grow(&import->sources, import->n_sources, sizeof(*import->sources)))
        return QN_ENOMEM;
    source = &import->sources[import->n_sources++];
    *source = (struct qn_import_source){strdup(path), format,   n_calls, why ? strdup(why) : NULL,
                                        s->st_dev,    s->st_ino};
    import->n_left_out += why != NULL;
    return source->path && (source->why || !why) ? QN_OK : QN_ENOMEM;
}

static int read_file(struct qn_import *import, const char *path)
{
    const struct qn_fanouts_reader *reader;
    size_t n_before = import->list.n;
    struct stat s;
    int rc = check_file(import, path, &s);

    if (rc != QN_OK)
        return rc;
    reader = reader_of(path);
    rc = reader ? reader->read(path, import->request, &import->list) : QN_EINVAL;
    if (rc != QN_OK || (rc = drop_large(&import->list, n_before, path)) != QN_OK)
        return rc;
    return add_source(import, path, &s, reader->format, import->list.n - n_before, NULL);
}

static int is_looked_at(const struct dirent *entry)
{
    size_t n = strlen(entry->d_name), n_ending = strlen(ENDING);

    return n > n_ending && entry->d_name[0] != '.' &&
           strcmp(entry->d_name + n - n_ending, ENDING) == 0;
}

/* Reads one of a folder's files, of which *n_read were of use; if it is of none, it is left out with
 * a warning. */
static int read_entry(struct qn_import *import, const char *path, int *n_read)
{
    const struct stat none = {0};
    char why[WHY_BYTES];
    int rc;

    qn_complain_as_warnings(why, sizeof(why));
    rc = read_file(import, path);
    qn_complain_as_warnings(NULL, 0);
    *n_read += rc == QN_OK;
    return rc == QN_EINVAL ? add_source(import, path, &none, NULL, 0, why) : rc;
}

static int read_files(struct qn_import *import, const char *dir, struct dirent **entries, int n)
{
    int n_read = 0, rc = QN_OK;

    for (int i = 0; i < n && rc == QN_OK; i++) {
        char path[QN_PATH_BYTES];

        rc = qn_path(path, "%s/%s", dir, entries[i]->d_name);
        if (rc == QN_OK)
            rc = read_entry(import, path, &n_read);
        else
            qn_complain("%s/%s can't be read: %s", dir, entries[i]->d_name, qn_cause(errno));
    }
    if (rc != QN_OK || n_read > 0)
        return rc;
    qn_complain(n == 0 ? "%s has no recordings: no *" ENDING : "%s has no recording that is of use",
                dir);
    return QN_EINVAL;
}

static int read_folder(struct qn_import *import, const char *dir)
{
    struct dirent **entries;
    int n = scandir(dir, &entries, is_looked_at, versionsort), rc;

    if (n < 0) {
        qn_complain("%s can't be read: %s", dir, qn_cause(errno));
        return QN_EINVAL;
    }
    rc = read_files(import, dir, entries, n);
    for (int i = 0; i < n; i++)
        free(entries[i]);
    free(entries);
    return rc;
}

static int read_path(struct qn_import *import, const char *path)
{
    struct stat s;

    return stat(path, &s) == 0 && S_ISDIR(s.st_mode) ? read_folder(import, path)
                                                     : read_file(import, path);
}

/* How many calls there are to write, and how many of them failed. */
static void say_calls(const struct qn_import *import)
{
    size_t n = import->list.n, n_read = import->n_sources - import->n_left_out, n_failed = 0;
    char left_out[64] = "";

    for (size_t i = 0; i < n; i++)
        n_failed += qn_fanout_has_failed(&import->list.calls[i]);
    if (import->n_left_out > 0)
        snprintf(left_out, sizeof(left_out), "; %zu %s left out", import->n_left_out,
                 qn_plural(import->n_left_out, "file is", "files are"));
    qn_note("%zu %s in %zu %s, %zu of them failed%s", n, qn_plural(n, "call", "calls"), n_read,
            qn_plural(n_read, "file", "files"), n_failed, left_out);
}

static int import_all(const struct qn_import_request *request)
{
    struct qn_import import = {.request = request};
    int rc = QN_OK, code;

    for (size_t i = 0; rc == QN_OK && i < request->n_paths; i++)
        rc = read_path(&import, request->paths[i]);
    if (rc == QN_ENOMEM)
        qn_complain("out of memory");
    if (rc == QN_OK)
        say_calls(&import);
    code = rc == QN_OK       ? qn_import_write(&import)
           : rc == QN_ENOMEM ? QN_EXIT_NOT_WHOLE
                             : QN_EXIT_BAD_INPUT;
    for (size_t i = 0; i < import.n_sources; i++) {
        free(import.sources[i].path);
        free(import.sources[i].why);
    }
    free(import.sources);
    qn_fanouts_fini(&import.list);
    return code;
}

int qn_import_command(int argc, char **argv)
{
    struct qn_import_request request;
    int code = QN_EXIT_BAD_INPUT;

    if (qn_import_request_parse(argc, argv, &request) == QN_OK)
        code = import_all(&request);
    qn_import_request_fini(&request);
    return code;
}
