#include "bench/base/progress.h"

#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "runtime/clock.h"

#define PLAIN_EVERY_NS (10 * QN_NS_PER_S)
#define TERMINAL_EVERY_NS (QN_NS_PER_S / 5)
#define LINE_BYTES 512
/* The width of a terminal that doesn't report one. */
#define USUAL_COLUMNS 80u

static bool is_quiet, has_line;

bool qn_is_quiet(void)
{
    return is_quiet;
}

void qn_quiet_take(int *argc, char **argv)
{
    int n = 0, i = 0;

    for (; i < *argc && strcmp(argv[i], "--") != 0; i++) {
        if (strcmp(argv[i], "--quiet") == 0)
            is_quiet = true;
        else
            argv[n++] = argv[i];
    }
    for (; i <= *argc; i++)
        argv[n++] = argv[i];
    *argc = n - 1;
}

/* A terminal on which a line can be replaced. */
static bool can_replace(void)
{
    const char *term = getenv("TERM");

    return isatty(STDERR_FILENO) && term && *term && strcmp(term, "dumb") != 0;
}

static size_t columns(void)
{
    struct winsize size;

    return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col
                                                                           : USUAL_COLUMNS;
}

bool qn_progress_is_due(struct qn_progress_pace *p, uint64_t now)
{
    if (is_quiet)
        return false;
    if (p->has_said && now - p->said_ns < (can_replace() ? TERMINAL_EVERY_NS : PLAIN_EVERY_NS))
        return false;
    p->has_said = true;
    p->said_ns = now;
    return true;
}

/* The length of the first letter of text, in bytes. */
static size_t letter_bytes(const char *text)
{
    size_t n = 1;

    while (((unsigned char)text[n] & 0xC0) == 0x80)
        n++;
    return n;
}

size_t qn_progress_fit(const char *text, size_t room)
{
    size_t at = 0;

    while (text[at]) {
        size_t n = letter_bytes(text + at), width = n > 2 ? 2 : 1;

        if (width > room)
            break;
        room -= width;
        at += n;
    }
    return at;
}

void qn_progress_say(const char *format, ...)
{
    char line[LINE_BYTES];
    va_list args;

    if (is_quiet)
        return;
    va_start(args, format);
    vsnprintf(line, sizeof(line), format, args);
    va_end(args);
    for (char *c = line; *c; c++)
        if (iscntrl((unsigned char)*c))
            *c = '?';
    if (!can_replace()) {
        fprintf(stderr, "quench: %s\n", line);
        return;
    }
    /* the last column stays free: some terminals wrap once it is used */
    fprintf(stderr, "\r%.*s\033[K", (int)qn_progress_fit(line, columns() - 1), line);
    has_line = true;
}

void qn_progress_clear(void)
{
    if (!has_line)
        return;
    fputs("\r\033[K", stderr);
    has_line = false;
}

const char *qn_progress_left(double left_s, char *out, size_t bytes)
{
    if (!isfinite(left_s))
        snprintf(out, bytes, "time left not yet known");
    else if (left_s < 100)
        snprintf(out, bytes, "about %.0f s left", fmax(left_s, 1));
    else
        snprintf(out, bytes, "about %.0f min left", left_s / 60);
    return out;
}
