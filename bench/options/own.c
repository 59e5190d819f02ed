#include "bench/options/own.h"

#include <cjson/cJSON.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/complain.h"
#include "bench/base/data_dir.h"
#include "bench/base/text.h"
#include "bench/folder/manifest.h"
#include "bench/folder/own.h"
#include "bench/options/key_takes.h"

#define NAMES_BYTES 256

void qn_own_choice_free(struct qn_own_choice *choice)
{
    if (choice)
        free(choice->file);
    free(choice);
}

static bool is_file_name(const char *text)
{
    size_t n = strlen(text);

    return strchr(text, '/') || (n > 3 && strcmp(text + n - 3, ".so") == 0);
}

static int is_module(const struct dirent *entry)
{
    return is_file_name(entry->d_name);
}

/* Refuses a word that names no module of the program's. */
static int refuse_word(const struct qn_key_value *v)
{
    char allowed[NAMES_BYTES + 128], names[NAMES_BYTES] = "";
    struct dirent **entries;
    int n = scandir(qn_work_dir(), &entries, is_module, alphasort);

    for (int i = 0; i < n; i++) {
        qn_text_add(names, sizeof(names), "%s%.*s", i ? ", " : "",
                    (int)strlen(entries[i]->d_name) - 3, entries[i]->d_name);
        free(entries[i]);
    }
    if (n >= 0)
        free(entries);
    snprintf(allowed, sizeof(allowed),
             "FILE.so[:NAME], or the name of work that comes with Quench (%s)",
             *names ? names : "none was built");
    return qn_key_refuse(v, allowed);
}

/* The module's file, absolute, and where the name of its kind of work begins in the text. */
static int find_file(const struct qn_key_making *m, const struct qn_key_value *v, char **file,
                     const char **name)
{
    const char *colon = strrchr(v->text, ':');
    int n = colon && !strchr(colon, '/') ? (int)(colon - v->text) : (int)strlen(v->text), made;
    char *word = strndup(v->text, (size_t)n), *path = NULL;

    *name = v->text[n] ? colon + 1 : "";
    if (!word)
        return QN_ENOMEM;
    if (!*word || (v->text[n] && !qn_work_is_name(*name))) {
        free(word);
        return qn_key_refuse(v, "FILE.so, or FILE.so:NAME with a name of a-z, 0-9 and '-'");
    }
    if (!is_file_name(word))
        made = asprintf(&path, "%s/%s.so", qn_work_dir(), word);
    else if (*word == '/' || !m->work_dir)
        made = asprintf(&path, "%s", word);
    else
        made = asprintf(&path, "%s/%s", m->work_dir, word);
    *file = made < 0 ? NULL : realpath(path, NULL);
    if (made >= 0 && !*file && !is_file_name(word))
        refuse_word(v);
    else if (made >= 0 && !*file)
        qn_complain("%s: %s: %s", v->origin, path, strerror(errno));
    free(word);
    if (made >= 0)
        free(path);
    return *file ? QN_OK : made < 0 ? QN_ENOMEM : QN_EINVAL;
}

static int refuse_others(const struct qn_key_making *m)
{
    const struct qn_key_value *kind = &m->of[QN_KEY_KIND];

    if (*kind->origin && m->set->base.kind != QN_KIND_OWN)
        return qn_key_refuse(kind, "own, or none, together with work of your own (--work)");
    if (m->set->base.n_resources > 0)
        return qn_key_refuse(&m->of[QN_KEY_RESOURCES],
                             "none together with work of your own (--work)");
    return QN_OK;
}

int qn_key_settle_work(const struct qn_key_making *m)
{
    const struct qn_key_value *v = &m->of[QN_KEY_WORK];
    struct qn_workload *w = &m->set->base;
    struct qn_own_choice *choice;
    const char *name;
    int rc;

    if (!v->text)
        return w->kind == QN_KIND_OWN
                   ? qn_key_refuse(&m->of[QN_KEY_KIND], "own only together with --work")
                   : QN_OK;
    if ((rc = refuse_others(m)) != QN_OK)
        return rc;
    if (!(choice = calloc(1, sizeof(*choice))))
        return QN_ENOMEM;
    m->set->own = choice;
    if ((rc = find_file(m, v, &choice->file, &name)) != QN_OK)
        return rc;
    rc = qn_work_inspect(choice->file, name, &choice->facts);
    if (rc == QN_EINVAL)
        qn_complain("%s: %s: %s", v->origin, choice->file, choice->facts.why);
    if (rc == QN_OK && qn_work_checksum(choice->file, choice->checksum) != QN_OK) {
        qn_complain("%s: %s: %s", v->origin, choice->file, strerror(errno));
        rc = QN_EINVAL;
    }
    w->kind = QN_KIND_OWN;
    w->own.file = choice->file;
    snprintf(w->own.name, sizeof(w->own.name), "%s", choice->facts.name);
    return rc;
}

int qn_key_absolute_work(const struct qn_own_choice *choice, char **text)
{
    char *made;

    if (asprintf(&made, "%s:%s", choice->file, choice->facts.name) < 0)
        return QN_ENOMEM;
    free(*text);
    *text = made;
    return QN_OK;
}

static int settle_unit(const struct qn_run_options *o, struct qn_workload_set *set)
{
    cJSON *root = o->resume && o->out ? qn_manifest_read(o->out) : NULL;
    struct qn_folder_own before;
    char why[QN_MODULE_WHY_BYTES];
    int rc = QN_OK;

    if (qn_folder_own_of(root, set->base.name, &before)) /* its calls were drawn by that */
        set->own->unit = before.takes;
    cJSON_Delete(root);
    if (set->own->unit.n_workers == 0)
        rc = qn_work_calibrate(set->own->file, set->own->facts.name, &set->own->unit, why);
    if (rc == QN_EINVAL)
        qn_complain("%s: %s: %s", set->given->of[QN_KEY_WORK].origin, set->own->file, why);
    set->base.own.unit_ns = set->own->unit.ns;
    return rc;
}

int qn_own_settle_units(struct qn_run_options *o)
{
    int rc = QN_OK;

    for (size_t i = 0; i < o->n_workloads && rc == QN_OK; i++)
        if (o->workloads[i].own)
            rc = settle_unit(o, &o->workloads[i]);
    return rc;
}
