#include "bench/options/resume_words.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/base/complain.h"
#include "bench/base/paste.h"
#include "bench/folder/make.h"
#include "bench/folder/manifest.h"
#include "runtime/err.h"

/* The next option; none after "--". */
static bool next(const struct qn_option *options, int argc, char *const *argv, int *i,
                 struct qn_arg *out)
{
    while (qn_args_next(options, argc, argv, i, out))
        if (out->name)
            return true;
    return false;
}

static bool is_named(const struct qn_arg *w, const char *name)
{
    return strlen(name) == w->name_len && strncmp(w->name, name, w->name_len) == 0;
}

static bool same_name(const struct qn_arg *a, const struct qn_arg *b)
{
    return a->name_len == b->name_len && strncmp(a->name, b->name, a->name_len) == 0;
}

/* True if an option of that name is among the words. */
static bool has(const struct qn_option *options, int argc, char *const *argv,
                const struct qn_arg *wanted)
{
    struct qn_arg w;
    int i = 1;

    while (next(options, argc, argv, &i, &w))
        if (same_name(&w, wanted))
            return true;
    return false;
}

static bool is_of_resuming(const struct qn_arg *w)
{
    return is_named(w, "resume") || is_named(w, "out") || is_named(w, "plan");
}

static int push_text(struct qn_resume_words *out, const char *text)
{
    char **grown = realloc(out->argv, ((size_t)out->argc + 2) * sizeof(char *));

    if (!grown)
        return QN_ENOMEM;
    out->argv = grown;
    grown[out->argc] = strdup(text);
    if (!grown[out->argc])
        return QN_ENOMEM;
    grown[++out->argc] = NULL;
    return QN_OK;
}

/* Joins an option and its value into one word. */
static int push(struct qn_resume_words *out, const struct qn_arg *w)
{
    char *text;
    int rc;

    if (asprintf(&text, "--%.*s%s%s", (int)w->name_len, w->name, w->value ? "=" : "",
                 w->value ? w->value : "") < 0)
        return QN_ENOMEM;
    rc = push_text(out, text);
    free(text);
    return rc;
}

/* The merged command line. */
struct merge {
    const struct qn_option *options;
    const char *dir;
    int argc, old_argc;
    char *const *argv, *const *old_argv;
};

/* Appends what follows "--", from the new command line if it has one. */
static int merge_benchmark_args(const struct merge *m, struct qn_resume_words *out)
{
    int rc = QN_OK, i = 1, from = 1;
    struct qn_arg w;

    while (next(m->options, m->argc, m->argv, &i, &w))
        continue;
    while (next(m->options, m->old_argc, m->old_argv, &from, &w))
        continue;
    if (i < m->argc)
        for (; i < m->argc && rc == QN_OK; i++)
            rc = push_text(out, m->argv[i]);
    else
        for (; from < m->old_argc && rc == QN_OK; from++)
            rc = push_text(out, m->old_argv[from]);
    return rc;
}

static int merge(const struct merge *m, struct qn_resume_words *out)
{
    int rc = push_text(out, m->argv[0]), i = 1;
    struct qn_arg w;

    while (rc == QN_OK && next(m->options, m->old_argc, m->old_argv, &i, &w)) {
        if (is_of_resuming(&w) || has(m->options, m->argc, m->argv, &w))
            continue;
        rc = push(out, &w);
    }
    i = 1;
    while (rc == QN_OK && next(m->options, m->argc, m->argv, &i, &w))
        rc = push(out, &w);
    return rc == QN_OK ? merge_benchmark_args(m, out) : rc;
}

/* The words in the manifest; the array is to be freed, the words are borrowed. *argc is 0 if there
 * are none. */
static int old_words(const cJSON *manifest, char ***argv, int *argc)
{
    const cJSON *list = qn_manifest_item(manifest, QN_MANIFEST_WORDS), *item;
    int n = cJSON_GetArraySize(list);

    *argc = 0;
    *argv = calloc((size_t)n + 1, sizeof(char *));
    if (!*argv)
        return QN_ENOMEM;
    cJSON_ArrayForEach(item, list)
    {
        if (!cJSON_IsString(item)) {
            *argc = 0;
            return QN_OK;
        }
        (*argv)[(*argc)++] = item->valuestring;
    }
    return QN_OK;
}

/* A run that ended before it wrote its manifest: only the command line can give its options. */
static int without_manifest(const struct merge *m)
{
    struct qn_arg w;
    int i = 1;

    while (next(m->options, m->argc, m->argv, &i, &w))
        if (!is_of_resuming(&w) && !is_named(&w, "no-plots"))
            return QN_OK;
    if (!qn_folder_is_begun(m->dir))
        return QN_OK; /* opening the folder gives a better message */
    qn_complain("--resume: the run in %s ended before it saved its options: give them "
                "again",
                m->dir);
    return QN_EINVAL;
}

/* Whether the new command line names files, which are relative to the current folder. */
static bool names_files(const struct merge *m)
{
    struct qn_arg w;
    int i = 1;

    while (next(m->options, m->argc, m->argv, &i, &w))
        if (is_named(&w, "workload") || is_named(&w, "service") || is_named(&w, "work"))
            return true;
    return false;
}

static int from_manifest(struct merge *m, const cJSON *manifest, struct qn_resume_words *out)
{
    const char *folder = qn_manifest_text(manifest, QN_MANIFEST_FOLDER);
    char **old = NULL;
    int rc = old_words(manifest, &old, &m->old_argc);

    m->old_argv = old;
    if (rc == QN_OK && m->old_argc > 0 && strcmp(old[0], m->argv[0]) != 0) {
        qn_complain("--out: %s is a run of `quench %s`; `quench %s --resume --out` continues it",
                    m->dir, old[0], old[0]);
        rc = QN_EINVAL;
    }
    if (rc == QN_OK && folder && !names_files(m) && !(out->folder = strdup(folder)))
        rc = QN_ENOMEM;
    if (rc == QN_OK && m->old_argc > 0)
        rc = merge(m, out);
    free(old);
    return rc;
}

int qn_resume_words_make(const struct qn_option *options, int argc, char **argv,
                         struct qn_resume_words *out)
{
    struct merge m = {.options = options, .argc = argc, .argv = argv};
    bool is_resuming = false;
    struct qn_arg w;
    cJSON *root;
    int i = 1, rc;

    *out = (struct qn_resume_words){0};
    while (next(options, argc, argv, &i, &w)) {
        is_resuming |= is_named(&w, "resume");
        if (is_named(&w, "out"))
            m.dir = w.value;
    }
    if (!is_resuming || !m.dir)
        return QN_OK;
    root = qn_manifest_read(m.dir);
    rc = root ? from_manifest(&m, root, out) : without_manifest(&m);
    cJSON_Delete(root);
    return rc;
}

int qn_resume_words_enter(const struct qn_resume_words *w)
{
    int home = w->folder ? open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;

    if (home >= 0 && chdir(w->folder) != 0) {
        close(home);
        home = -1;
    }
    return home;
}

void qn_resume_words_leave(int home)
{
    if (home < 0)
        return;
    if (fchdir(home) != 0)
        qn_complain("can't return to the current folder: %s", strerror(errno));
    close(home);
}

void qn_resume_words_fini(struct qn_resume_words *w)
{
    for (int i = 0; i < w->argc; i++)
        free(w->argv[i]);
    free(w->argv);
    free(w->folder);
    *w = (struct qn_resume_words){0};
}
