#include "bench/base/complain.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "bench/base/progress.h"
#include "runtime/err.h"

#define LINE_BYTES 1024

static _Thread_local char *kept;
static _Thread_local size_t kept_bytes;

static void print(const char *format, va_list args, bool is_complaint)
{
    static const char warning[] = "warning: ";
    char line[LINE_BYTES];
    bool becomes_warning;

    vsnprintf(line, sizeof(line), format, args);
    for (char *c = line; *c; c++)
        if (iscntrl((unsigned char)*c))
            *c = '?';
    becomes_warning = is_complaint && kept && strncmp(line, warning, strlen(warning)) != 0;
    if (becomes_warning)
        snprintf(kept, kept_bytes, "%s", line);
    qn_progress_clear();
    fprintf(stderr, "quench: %s%s\n", becomes_warning ? warning : "", line);
}

void qn_complain(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    print(format, args, true);
    va_end(args);
}

void qn_complain_as_warnings(char *last, size_t n)
{
    kept = last;
    kept_bytes = n;
    if (last)
        *last = '\0';
}

void qn_note(const char *format, ...)
{
    va_list args;

    if (qn_is_quiet())
        return;
    va_start(args, format);
    print(format, args, false);
    va_end(args);
}

int qn_refuse(const char *where, const char *value, const char *allowed)
{
    qn_complain("%s: '%s' is not allowed: %s", where, value, allowed);
    return QN_EINVAL;
}
