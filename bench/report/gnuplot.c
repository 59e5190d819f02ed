#include "bench/report/gnuplot.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/base/complain.h"
#include "bench/base/data_dir.h"
#include "runtime/err.h"

/* Variables. */

struct qn_gnuplot_variable {
    char *name, *text; /* a number: as gnuplot reads it */
    bool is_number;
};

/* The variable of that name, or a new one without a text; NULL: out of memory. */
static struct qn_gnuplot_variable *variable(struct qn_gnuplot *c, const char *name)
{
    struct qn_gnuplot_variable *grown;

    for (size_t i = 0; i < c->n; i++)
        if (strcmp(c->variables[i].name, name) == 0)
            return &c->variables[i];
    grown = reallocarray(c->variables, c->n + 1, sizeof(*grown));
    if (!grown)
        return NULL;
    c->variables = grown;
    grown[c->n] = (struct qn_gnuplot_variable){.name = strdup(name)};
    return grown[c->n].name ? &grown[c->n++] : NULL;
}

/* Takes ownership of text, which may be NULL. */
static void set(struct qn_gnuplot *c, const char *name, char *text, bool is_number)
{
    struct qn_gnuplot_variable *v = variable(c, name);

    if (!v || !text) {
        c->is_short = true;
        free(text);
        return;
    }
    free(v->text);
    v->text = text;
    v->is_number = is_number;
}

static char *print(const char *format, va_list ap)
{
    char *text;

    return vasprintf(&text, format, ap) < 0 ? NULL : text;
}

void qn_gnuplot_text(struct qn_gnuplot *c, const char *name, const char *format, ...)
{
    va_list ap;

    va_start(ap, format);
    set(c, name, print(format, ap), false);
    va_end(ap);
}

/* Puts a backslash before each character of the text that is one of `marks`. */
static char *escaped(const char *text, const char *marks)
{
    char *out = malloc(2 * strlen(text) + 1), *at = out;

    for (; out && *text; text++) {
        if (strchr(marks, *text))
            *at++ = '\\';
        *at++ = *text;
    }
    if (out)
        *at = '\0';
    return out;
}

void qn_gnuplot_marked_up(struct qn_gnuplot *c, const char *name, const char *format, ...)
{
    char *text;
    va_list ap;

    va_start(ap, format);
    text = print(format, ap);
    va_end(ap);
    set(c, name, text ? escaped(text, "_") : NULL, false);
    free(text);
}

void qn_gnuplot_number(struct qn_gnuplot *c, const char *name, double value)
{
    char *text;

    set(c, name, asprintf(&text, "%.17g", value) < 0 ? NULL : text, true);
}

void qn_gnuplot_add(struct qn_gnuplot *c, const char *name, const char *separator,
                    const char *format, ...)
{
    struct qn_gnuplot_variable *v = variable(c, name);
    char *item, *text = NULL;
    va_list ap;

    va_start(ap, format);
    item = print(format, ap);
    va_end(ap);
    if (v && item && v->text && asprintf(&text, "%s%s%s", v->text, separator, item) < 0)
        text = NULL;
    if (v && !v->text) {
        text = item;
        item = NULL;
    }
    set(c, name, text, false);
    free(item);
}

void qn_gnuplot_files(struct qn_gnuplot *c, const char *path, const char *data)
{
    qn_gnuplot_text(c, "scripts", "%s/plots", qn_data_dir());
    qn_gnuplot_text(c, "svg", "%s.svg", path);
    qn_gnuplot_text(c, "png", "%s.png", path);
    qn_gnuplot_text(c, "data", "%s", data);
}

void qn_gnuplot_fini(struct qn_gnuplot *c)
{
    for (size_t i = 0; i < c->n; i++) {
        free(c->variables[i].name);
        free(c->variables[i].text);
    }
    free(c->variables);
    *c = (struct qn_gnuplot){.n = 0};
}

/* The call. */

/* A variable as an argument of gnuplot's -e. */
static char *assignment(const struct qn_gnuplot_variable *v)
{
    char *quoted = escaped(v->text, v->is_number ? "" : "\"\\"), *text;
    const char *quote = v->is_number ? "" : "\"";

    if (!quoted)
        return NULL;
    for (char *at = quoted; (at = strchr(at, '`'));)
        *at = '\''; /* gnuplot would execute what is between two of them */
    if (asprintf(&text, "%s = %s%s%s", v->name, quote, quoted, quote) < 0)
        text = NULL;
    free(quoted);
    return text;
}

static void free_args(char **args)
{
    for (size_t i = 0; args && args[i]; i++)
        free(args[i]);
    free(args);
}

/* gnuplot's arguments; NULL: out of memory. */
static char **make_args(const struct qn_gnuplot *c, const char *script)
{
    char **args = calloc(2 * c->n + 3, sizeof(*args));
    size_t n = 0;
    bool is_whole = args != NULL;

    if (is_whole)
        is_whole = (args[n++] = strdup("gnuplot")) != NULL;
    for (size_t i = 0; i < c->n && is_whole; i++) {
        is_whole = (args[n++] = strdup("-e")) != NULL;
        is_whole = is_whole && (args[n++] = assignment(&c->variables[i])) != NULL;
    }
    if (is_whole)
        is_whole = asprintf(&args[n], "%s/plots/%s", qn_data_dir(), script) >= 0;
    if (is_whole)
        return args;
    free_args(args);
    return NULL;
}

static int run(char **args, const char *dir, const char *script, const char *log, const char *again)
{
    posix_spawn_file_actions_t actions;
    extern char **environ;
    pid_t pid;
    int status, rc;

    if (posix_spawn_file_actions_init(&actions) != 0)
        return QN_ENOMEM;
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, log, O_WRONLY | O_CREAT | O_APPEND,
                                     0666);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addchdir_np(&actions, dir);
    rc = posix_spawnp(&pid, "gnuplot", &actions, NULL, args, environ);
    posix_spawn_file_actions_destroy(&actions);
    if (rc != 0) {
        qn_complain(
            "gnuplot can't be started (%s); everything but the plots is there, and `%s` draws "
            "them once it is installed",
            strerror(rc), again);
        return QN_ENOENT;
    }
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        continue;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return QN_OK;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 127) {
        qn_complain("gnuplot is not installed; `%s` draws the plots once it is", again);
        return QN_ENOENT;
    }
    qn_complain("gnuplot failed on plots/%s; its output is in %s", script, log);
    return QN_EIO;
}

int qn_gnuplot_run(struct qn_gnuplot *c, const char *dir, const char *script, const char *log,
                   const char *again)
{
    char **args = c->is_short ? NULL : make_args(c, script);
    struct stat st;
    int rc = args ? run(args, dir, script, log, again) : QN_ENOMEM;

    if (stat(log, &st) == 0 && st.st_size == 0)
        unlink(log); /* it printed nothing */
    free_args(args);
    qn_gnuplot_fini(c);
    return rc;
}
