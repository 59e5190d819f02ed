#include "bench/complain.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>

#include "runtime/err.h"

#define LINE_BYTES 1024

void qn_complain(const char *format, ...)
{
    char line[LINE_BYTES];
    va_list args;

    va_start(args, format);
    vsnprintf(line, sizeof(line), format, args);
    va_end(args);
    for (char *c = line; *c; c++)
        if (iscntrl((unsigned char)*c))
            *c = '?';
    fprintf(stderr, "quench: %s\n", line);
}

int qn_refuse(const char *where, const char *value, const char *allowed)
{
    qn_complain("%s: '%s' is not allowed: %s", where, value, allowed);
    return QN_EINVAL;
}
