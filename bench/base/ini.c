#include "bench/base/ini.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/base/complain.h"
#include "runtime/err.h"

#define BYTE_ORDER_MARK "\xef\xbb\xbf"

static int refuse_file(const char *path, const char *why)
{
    qn_complain("%s: %s; a workload is a text file or a name from `quench list workloads`", path,
                why);
    return QN_EINVAL;
}

/* Opens a pipe without waiting for its other end: without a writer it is empty. */
static int open_text(const char *path, int *fd)
{
    struct stat status;
    const char *why = NULL;

    *fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (*fd < 0)
        return errno == ENOENT || errno == ENOTDIR ? QN_ENOENT : refuse_file(path, strerror(errno));
    if (fstat(*fd, &status) != 0)
        why = strerror(errno);
    else if (S_ISREG(status.st_mode) || S_ISFIFO(status.st_mode))
        why = fcntl(*fd, F_SETFL, 0) == 0 ? NULL : strerror(errno);
    else
        why = S_ISDIR(status.st_mode) ? "it is a folder" : "it is a device or a socket";
    if (!why)
        return QN_OK;
    close(*fd);
    return refuse_file(path, why);
}

static int read_all(const char *path, int fd, char *text, size_t *len)
{
    ssize_t n;

    *len = 0;
    do {
        n = read(fd, text + *len, QN_INI_MAX_BYTES + 1 - *len);
        if (n < 0 && errno != EINTR)
            return refuse_file(path, strerror(errno));
        *len += n > 0 ? (size_t)n : 0;
    } while (n != 0 && *len <= QN_INI_MAX_BYTES);
    text[*len] = '\0';
    return *len <= QN_INI_MAX_BYTES ? QN_OK : refuse_file(path, "it is larger than 1 MiB");
}

/* The end of the line that begins at text; *next: the beginning of the next. */
static char *end_of_line(char *text, char **next)
{
    char *end = text + strcspn(text, "\r\n");

    *next = end + (*end != '\0') + (end[0] == '\r' && end[1] == '\n');
    return end;
}

/* Characters that text can't contain, including NUL. */
static int check_text(const char *path, char *text, size_t len)
{
    unsigned line = 1;

    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];

        line += c == '\n' || (c == '\r' && text[i + 1] != '\n');
        if (iscntrl(c) && !isspace(c)) {
            qn_complain("%s:%u: byte 0x%02x is not text; a workload file is UTF-8 text", path, line,
                        c);
            return QN_EINVAL;
        }
    }
    return QN_OK;
}

static char *trim(char *text)
{
    size_t n;

    text += strspn(text, " \t\v\f");
    n = strlen(text);
    while (n > 0 && isspace((unsigned char)text[n - 1]))
        n--;
    text[n] = '\0';
    return text;
}

static bool is_comment(const char *text)
{
    return *text == ';' || *text == '#';
}

/* Cuts off the comment after a value; a ';' or '#' in quotes doesn't begin one. */
static void cut_comment(char *value)
{
    bool is_quoted = false;

    for (char *at = value; *at; at++) {
        if (*at == '\\' && at[1])
            at++;
        else if (*at == '"' && (is_quoted || strchr(at + 1, '"')))
            is_quoted = !is_quoted;
        else if (is_comment(at) && !is_quoted && (at == value || isspace((unsigned char)at[-1])))
            *at-- = '\0';
        if (*at == '\0')
            return;
    }
}

/* Parses "[workload]". Returns the section's name, NULL after a complaint. */
static const char *take_section(const char *path, unsigned line, char *text)
{
    char *end = strchr(text, ']'), *behind;

    if (!end) {
        qn_complain("%s:%u: '%s' has no closing ']'", path, line, text);
        return NULL;
    }
    *end = '\0';
    behind = trim(end + 1);
    if (*behind && !is_comment(behind)) {
        qn_complain("%s:%u: '%s' follows [%s]; a key goes on its own line", path, line, behind,
                    text + 1);
        return NULL;
    }
    return trim(text + 1);
}

static int take_line(const char *path, unsigned line, char *text, const char **section,
                     qn_ini_key *on_key, void *user)
{
    char *sign = text + strcspn(text, "=:"), *value;

    if (*text == '\0' || is_comment(text))
        return QN_OK;
    if (*text == '[') {
        *section = take_section(path, line, text);
        return *section ? QN_OK : QN_EINVAL;
    }
    if (*sign == '\0' || sign == text) {
        qn_complain("%s:%u: '%s' is neither a [section] nor key = value", path, line, text);
        return QN_EINVAL;
    }
    *sign = '\0';
    value = trim(sign + 1);
    cut_comment(value);
    return on_key(user, line, *section ? *section : "", trim(text), trim(value));
}

static int take_lines(const char *path, char *text, qn_ini_key *on_key, void *user)
{
    const char *section = NULL;
    unsigned line = 0;
    int rc = QN_OK;

    while (*text && rc == QN_OK) {
        char *next, *end = end_of_line(text, &next);

        *end = '\0';
        rc = take_line(path, ++line, trim(text), &section, on_key, user);
        text = next;
    }
    if (rc == QN_OK && !section) {
        qn_complain("%s:%u: the file ends without a [workload] section; the keys go below that, "
                    "one per line",
                    path, line ? line : 1);
        rc = QN_EINVAL;
    }
    return rc;
}

int qn_ini_read(const char *path, qn_ini_key *on_key, void *user)
{
    char *text = malloc(QN_INI_MAX_BYTES + 2);
    size_t len;
    int fd, rc = text ? open_text(path, &fd) : QN_ENOMEM;

    if (rc == QN_OK) {
        rc = read_all(path, fd, text, &len);
        close(fd);
    }
    if (rc == QN_OK)
        rc = check_text(path, text, len);
    if (rc == QN_OK) {
        size_t mark = strncmp(text, BYTE_ORDER_MARK, strlen(BYTE_ORDER_MARK)) == 0;

        rc = take_lines(path, text + mark * strlen(BYTE_ORDER_MARK), on_key, user);
    }
    free(text);
    return rc;
}
