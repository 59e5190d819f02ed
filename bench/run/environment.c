#include "bench/run/environment.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/base/text.h"

static size_t count(char *const *env)
{
    size_t n = 0;

    while (env[n])
        n++;
    return n;
}

static char *make_padding(uint32_t bytes)
{
    static const char name[] = "QUENCH_PADDING=";
    char *pad = malloc(sizeof(name) + bytes);

    if (!pad)
        return NULL;
    memcpy(pad, name, sizeof(name));
    memset(pad + sizeof(name) - 1, 'x', bytes);
    pad[sizeof(name) - 1 + bytes] = '\0';
    return pad;
}

/* One setting of n bytes, with %P replaced. */
static char *make_setting(const char *from, size_t n, unsigned n_threads)
{
    struct qn_text text;
    FILE *f = qn_text_begin(&text);

    if (!f)
        return NULL;
    for (size_t i = 0; i < n; i++)
        if (from[i] == '%' && i + 1 < n && from[i + 1] == 'P') {
            fprintf(f, "%u", n_threads);
            i++;
        } else {
            putc(from[i], f);
        }
    return qn_text_end(&text);
}

/* Puts a variable in the place of one of the same name, or at the end; takes it over. */
static bool put(char **env, char *variable)
{
    size_t name_bytes = variable ? strcspn(variable, "=") + 1 : 0, i = 0;

    if (!variable)
        return false;
    while (env[i] && strncmp(env[i], variable, name_bytes) != 0)
        i++;
    free(env[i]);
    env[i] = variable;
    return true;
}

char **qn_environment_make(uint32_t padding_bytes, const char *settings, unsigned n_threads)
{
    size_t n = count(environ), n_blanks = 0;
    char **env;
    bool ok;

    settings = settings ? settings : "";
    for (const char *at = settings; *at; at++)
        n_blanks += *at == ' ';
    env = calloc(n + n_blanks + 3, sizeof(*env));
    if (!env)
        return NULL;
    ok = (env[0] = make_padding(padding_bytes)) != NULL;
    for (size_t i = 0; i < n && ok; i++)
        ok = (env[i + 1] = strdup(environ[i])) != NULL;
    for (const char *at = settings; *at && ok;) {
        size_t bytes = strcspn(at, " ");

        ok = put(env, make_setting(at, bytes, n_threads));
        at += bytes + (at[bytes] == ' ');
    }
    if (ok)
        return env;
    qn_environment_free(env);
    return NULL;
}

void qn_environment_free(char **env)
{
    for (char **at = env; at && *at; at++)
        free(*at);
    free(env);
}
