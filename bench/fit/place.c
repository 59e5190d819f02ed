/* Where `quench fit` writes. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/base/complain.h"
#include "bench/fit/parts.h"

/* The trace's name without its ending: builds/.ninja_log has "ninja_log", a pipe "stdin". */
static void name_after_trace(const char *trace, char *base)
{
    const char *name = strrchr(trace, '/') ? strrchr(trace, '/') + 1 : trace;
    size_t n = strlen(name);
    char *dot;

    if (strcmp(trace, "-") == 0 || strncmp(trace, "/dev/", 5) == 0 ||
        strncmp(trace, "/proc/", 6) == 0) {
        snprintf(base, QN_PATH_BYTES, "stdin");
        return;
    }
    name += name[0] == '.' && name[1] != '\0';
    snprintf(base, QN_PATH_BYTES, "%s", name);
    if (n > 3 && strcmp(base + strlen(base) - 3, ".gz") == 0)
        base[strlen(base) - 3] = '\0';
    dot = strrchr(base, '.');
    if (dot && dot != base)
        *dot = '\0';
}

int qn_fit_place(struct qn_fit_request *r, const char *out)
{
    static const char allowed[] = "a file name that ends in .ini, in an existing folder";
    char path[2 * QN_PATH_BYTES + 8];
    const char *slash, *name;
    struct stat st;
    size_t n;

    snprintf(r->dir, sizeof(r->dir), ".");
    if (!out) {
        name_after_trace(r->trace, r->base);
    } else {
        slash = strrchr(out, '/');
        name = slash ? slash + 1 : out;
        n = strlen(name);
        if (strlen(out) >= QN_PATH_BYTES || n <= 4 || strcmp(name + n - 4, ".ini") != 0)
            return qn_refuse("--out", out, allowed);
        if (slash)
            snprintf(r->dir, sizeof(r->dir), "%.*s", slash == out ? 1 : (int)(slash - out), out);
        snprintf(r->base, sizeof(r->base), "%.*s", (int)n - 4, name);
    }
    if (stat(r->dir, &st) != 0 || !S_ISDIR(st.st_mode) || access(r->dir, W_OK) != 0)
        return qn_refuse("--out", out ? out : r->dir, "an existing, writable folder");
    snprintf(path, sizeof(path), "%s/%s.ini", r->dir, r->base);
    if (lstat(path, &st) == 0 && (!r->is_forced || !S_ISREG(st.st_mode)))
        return qn_refuse("--out", out ? out : path + 2,
                         r->is_forced ? "a regular file"
                                      : "a file that doesn't exist yet, or --force");
    return QN_OK;
}
