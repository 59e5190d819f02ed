#include "bench/import/lines.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "runtime/err.h"

#define BUFFER_BYTES ((size_t)256 << 10)
#define FIRST_TEXT_BYTES 4096

/* Files that are not text, by their first bytes. */
static const struct {
    const char *bytes;
    size_t n;
    const char *error;
} no_text[] = {
#define MAGIC(bytes, error) \
    { \
        bytes, sizeof(bytes) - 1, error \
    }
    MAGIC("\xff\xfe\0\0", "it is UTF-32; `iconv -f UTF-32 -t UTF-8` converts it"),
    MAGIC("\xff\xfe", "it is UTF-16; `iconv -f UTF-16 -t UTF-8` converts it"),
    MAGIC("\xfe\xff", "it is UTF-16; `iconv -f UTF-16 -t UTF-8` converts it"),
    MAGIC("\x28\xb5\x2f\xfd",
          "it is compressed with zstd; `zstd -dc FILE | quench fit -` reads it"),
    MAGIC("\xfd"
          "7zXZ",
          "it is compressed with xz; `xz -dc FILE | quench fit -` reads it"),
    MAGIC("BZh", "it is compressed with bzip2; `bzip2 -dc FILE | quench fit -` reads it"),
    MAGIC("PK\x03\x04", "it is a zip archive or a spreadsheet; text such as CSV is expected"),
    MAGIC("PAR1", "it is Parquet; text such as CSV is expected"),
    MAGIC("SQLite format 3", "it is an SQLite database; text such as CSV is expected"),
    MAGIC("\x7f"
          "ELF",
          "it is a program; text such as CSV is expected"),
    MAGIC("PERFILE2", "it is perf's own data; `perf script` turns it into text"),
    MAGIC("<?xml", "it is XML; text with one row per line, such as CSV, is expected"),
#undef MAGIC
};

/* Replaces the buffer with what follows in the file. */
static int fill(struct qn_lines *l)
{
    int n = 0, code;

    l->n_buffered = l->at = 0;
    while (l->n_buffered < BUFFER_BYTES &&
           (n = gzread(l->file, l->buffer + l->n_buffered,
                       (unsigned)(BUFFER_BYTES - l->n_buffered))) > 0)
        l->n_buffered += (size_t)n;
    l->is_all = l->n_buffered < BUFFER_BYTES;
    if (n >= 0 && !l->is_all)
        return QN_OK;
    gzerror(l->file, &code);
    l->is_cut = code == Z_BUF_ERROR;
    if (n >= 0 || l->is_cut)
        return QN_OK;
    l->error =
        code == Z_DATA_ERROR ? "its compressed data is damaged" : "it can't be read to its end";
    return code == Z_MEM_ERROR ? QN_ENOMEM : QN_EINVAL;
}

static int fill_first(struct qn_lines *l)
{
    static const char mark[] = "\xef\xbb\xbf";
    int rc = fill(l);

    l->is_first = true;
    if (rc != QN_OK)
        return rc;
    for (size_t i = 0; i < QN_ARRAY_LEN(no_text); i++)
        if (l->n_buffered >= no_text[i].n &&
            memcmp(l->buffer, no_text[i].bytes, no_text[i].n) == 0) {
            l->error = no_text[i].error;
            return QN_EINVAL;
        }
    if (l->n_buffered >= 3 && memcmp(l->buffer, mark, 3) == 0)
        l->begin = l->at = 3;
    return QN_OK;
}

static bool is_standard_input(const char *path)
{
    return strcmp(path, "-") == 0 || strcmp(path, "/dev/stdin") == 0;
}

static int open_file(struct qn_lines *l, const char *path)
{
    int fd = is_standard_input(path) ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)
                                     : open(path, O_RDONLY | O_CLOEXEC);
    struct stat st;

    if (fd < 0 || fstat(fd, &st) != 0)
        goto fail;
    if (S_ISDIR(st.st_mode)) {
        close(fd);
        l->error = "it is a folder";
        return QN_EINVAL;
    }
    l->size_bytes = S_ISREG(st.st_mode) ? (double)st.st_size : 0;
    l->file = gzdopen(fd, "rb");
    if (l->file)
        return QN_OK;
    errno = ENOMEM;
fail:
    if (fd >= 0) {
        int saved = errno;

        close(fd);
        errno = saved;
    }
    return errno == ENOMEM ? QN_ENOMEM : QN_ENOENT;
}

int qn_lines_open(struct qn_lines *l, const char *path)
{
    const char *error;
    int rc;

    memset(l, 0, sizeof(*l));
    rc = open_file(l, path);
    if (rc != QN_OK)
        return rc;
    gzbuffer(l->file, BUFFER_BYTES);
    l->buffer = malloc(BUFFER_BYTES);
    rc = l->buffer ? fill_first(l) : QN_ENOMEM;
    if (rc != QN_OK) {
        error = l->error;
        qn_lines_close(l);
        l->error = error;
    }
    return rc;
}

void qn_lines_close(struct qn_lines *l)
{
    if (l->file)
        gzclose(l->file);
    free(l->buffer);
    free(l->text);
    memset(l, 0, sizeof(*l));
}

/* True if there is a byte in the buffer. */
static int make_ready(struct qn_lines *l, bool *is_over)
{
    int rc;

    *is_over = false;
    if (l->at < l->n_buffered)
        return QN_OK;
    *is_over = l->is_all || l->is_look;
    if (*is_over)
        return QN_OK;
    l->is_first = false;
    rc = fill(l);
    *is_over = l->n_buffered == 0;
    return rc;
}

static int add(struct qn_lines *l, const char *bytes, size_t n)
{
    if (l->n_text + n > QN_LINES_MAX_BYTES) {
        l->error = "a line of more than 16 MiB";
        return QN_EINVAL;
    }
    if (l->n_text + n + 1 > l->text_cap) {
        size_t cap = l->text_cap ? l->text_cap : FIRST_TEXT_BYTES;
        char *text;

        while (l->n_text + n + 1 > cap)
            cap *= 2;
        text = realloc(l->text, cap);
        if (!text)
            return QN_ENOMEM;
        l->text = text;
        l->text_cap = cap;
    }
    memcpy(l->text + l->n_text, bytes, n);
    l->n_text += n;
    l->text[l->n_text] = '\0';
    return QN_OK;
}

/* Adds the part of the line in the buffer, and skips the line's end if it is there. */
static int take(struct qn_lines *l)
{
    const char *from = l->buffer + l->at, *end = l->buffer + l->n_buffered, *to = from;
    int rc;

    while (to < end && *to != '\n' && *to != '\r')
        to++;
    rc = add(l, from, (size_t)(to - from));
    l->is_ended = to < end;
    l->has_return = l->is_ended && *to == '\r';
    l->at += (size_t)(to - from) + l->is_ended;
    return rc;
}

int qn_lines_next(struct qn_lines *l)
{
    bool is_over;
    int rc = make_ready(l, &is_over);

    if (rc == QN_OK && !is_over && l->has_return && l->buffer[l->at] == '\n') {
        l->at++;
        rc = make_ready(l, &is_over);
    }
    l->has_return = l->is_ended = false;
    l->n_text = 0;
    if (rc == QN_OK && is_over)
        return QN_ENOENT;
    l->number++;
    while (rc == QN_OK && !is_over && !l->is_ended) {
        if ((rc = take(l)) == QN_OK && !l->is_ended)
            rc = make_ready(l, &is_over);
    }
    if (rc == QN_OK && memchr(l->text, '\0', l->n_text)) {
        l->error = "a NUL byte; is it text?";
        rc = QN_EINVAL;
    }
    return rc == QN_OK && l->is_look && !l->is_ended && !l->is_all && l->number > 1 ? QN_ENOENT
                                                                                    : rc;
}

void qn_lines_look(struct qn_lines *l, bool is_look)
{
    l->is_look = is_look;
    l->at = l->begin;
    l->number = 0;
    l->has_return = l->is_ended = false;
    l->error = NULL;
}

double qn_lines_share(const struct qn_lines *l)
{
    return l->size_bytes > 0 ? fmin(1, (double)gzoffset(l->file) / l->size_bytes) : NAN;
}
