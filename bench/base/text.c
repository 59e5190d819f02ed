#include "bench/base/text.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

FILE *qn_text_begin(struct qn_text *text)
{
    *text = (struct qn_text){0};
    text->file = open_memstream(&text->string, &text->bytes);
    return text->file;
}

char *qn_text_end(struct qn_text *text)
{
    bool is_whole = !ferror(text->file);

    is_whole &= fclose(text->file) == 0;
    if (is_whole)
        return text->string;
    free(text->string);
    return NULL;
}

void qn_text_add(char *out, size_t bytes, const char *format, ...)
{
    size_t n = strlen(out);
    va_list args;

    va_start(args, format);
    vsnprintf(out + n, bytes - n, format, args);
    va_end(args);
}

/* UTF-8. */

/* The bytes of the character that begins here; 0: none does. */
static size_t character(const char *text)
{
    const unsigned char *c = (const unsigned char *)text;
    size_t n = c[0] < 0x80                    ? 1
               : c[0] >= 0xc2 && c[0] <= 0xdf ? 2
               : (c[0] & 0xf0) == 0xe0        ? 3
               : c[0] >= 0xf0 && c[0] <= 0xf4 ? 4
                                              : 0;

    for (size_t i = 1; i < n; i++)
        if ((c[i] & 0xc0) != 0x80) /* nor is a NUL */
            return 0;
    if ((c[0] == 0xe0 && c[1] < 0xa0) || (c[0] == 0xed && c[1] > 0x9f) ||
        (c[0] == 0xf0 && c[1] < 0x90) || (c[0] == 0xf4 && c[1] > 0x8f))
        return 0;
    return n;
}

bool qn_text_is_utf8(const char *text)
{
    for (size_t n; *text; text += n)
        if ((n = character(text)) == 0)
            return false;
    return true;
}

void qn_text_mend(char *text)
{
    for (size_t n; *text; text += n ? n : 1)
        if ((n = character(text)) == 0)
            *text = '?';
}

void qn_text_copy(char *out, size_t bytes, const char *text)
{
    size_t n = text ? strlen(text) : 0;

    if (n >= bytes)
        for (n = bytes - 1; n > 0 && ((unsigned char)text[n] & 0xc0) == 0x80;)
            n--;
    if (n > 0)
        memcpy(out, text, n);
    out[n] = '\0';
}
