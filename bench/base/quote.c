#include "bench/base/quote.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* None of these is special to a shell. */
static const char plain[] =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@%+=:,./-";

char *qn_quote_item(const char *item)
{
    size_t n = strlen(item);
    bool is_plain = n > 0 && strpbrk(item, ":,;#\"\\") == NULL &&
                    !isspace((unsigned char)item[0]) && !isspace((unsigned char)item[n - 1]);
    char *out = malloc(2 * n + 3), *at = out;

    if (!out || is_plain)
        return out ? memcpy(out, item, n + 1) : NULL;
    *at++ = '"';
    for (; *item; item++) {
        if (*item == '"' || *item == '\\')
            *at++ = '\\';
        *at++ = *item;
    }
    *at++ = '"';
    *at = '\0';
    return out;
}

char *qn_quote_for_shell(const char *word)
{
    size_t n = strlen(word);
    char *out = malloc(4 * n + 3), *at = out;

    if (!out || (n > 0 && strspn(word, plain) == n))
        return out ? memcpy(out, word, n + 1) : NULL;
    *at++ = '\'';
    for (; *word; word++) {
        if (*word == '\'')
            at = stpcpy(at, "'\\'");
        *at++ = *word;
    }
    *at++ = '\'';
    *at = '\0';
    return out;
}
