#include "bench/base/text.h"

#include <stdarg.h>
#include <stdbool.h>
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
