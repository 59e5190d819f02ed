#include "bench/base/path.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

int qn_path(char *out, const char *format, ...)
{
    va_list args;
    int n;

    va_start(args, format);
    n = vsnprintf(out, QN_PATH_BYTES, format, args);
    va_end(args);
    if (n >= 0 && n < QN_PATH_BYTES)
        return QN_OK;
    errno = ENAMETOOLONG;
    return QN_EIO;
}
