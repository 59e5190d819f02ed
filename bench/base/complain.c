#include "bench/base/complain.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>

#include "bench/base/progress.h"
#include "runtime/err.h"

#define LINE_BYTES 1024

static void print(const char *format, va_list args)
{
    char line[LINE_BYTES];

    vsnprintf(line, sizeof(line), format, args);
    for (char *c = line; *c; c++)
        if (iscntrl((unsigned char)*c))
            *c = '?';
    qn_progress_clear();
    fprintf(stderr, "quench: %s\n", line);
}

void qn_complain(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    print(format, args);
    va_end(args);
}

void qn_note(const char *format, ...)
{
    va_list args;

    if (qn_is_quiet())
        return;
    va_start(args, format);
    print(format, args);
    va_end(args);
}

int qn_refuse(const char *where, const char *value, const char *allowed)
{
    qn_complain("%s: '%s' is not allowed: %s", where, value, allowed);
    return QN_EINVAL;
}
