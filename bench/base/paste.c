#include "bench/base/paste.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench/base/quote.h"
#include "bench/base/text.h"

#define MAX_WORDS 16

char *qn_paste_words(const char *const *words, size_t n)
{
    bool is_whole = true;
    struct qn_text text;
    FILE *f = qn_text_begin(&text);
    char *pasted;

    if (!f)
        return NULL;
    for (size_t i = 0; i < n; i++) {
        char *word = qn_quote_for_shell(words[i]);

        is_whole &= word != NULL;
        fprintf(f, "%s%s", i > 0 ? " " : "", word ? word : "");
        free(word);
    }
    pasted = qn_text_end(&text);
    if (is_whole)
        return pasted;
    free(pasted);
    return NULL;
}

const char *qn_paste_command(char *out, size_t bytes, ...)
{
    const char *words[MAX_WORDS] = {program_invocation_name}, *word;
    size_t n = 1;
    va_list args;
    char *text;

    va_start(args, bytes);
    while (n < MAX_WORDS && (word = va_arg(args, const char *)))
        words[n++] = word;
    va_end(args);
    text = qn_paste_words(words, n);
    snprintf(out, bytes, "%s", text ? text : "");
    free(text);
    return out;
}
