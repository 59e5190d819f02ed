#include "bench/tune/answer/files.h"

#include <unistd.h>

#include "bench/base/cause.h"
#include "bench/base/path.h"
#include "bench/base/replace.h"
#include "bench/tune/answer/tables.h"
#include "bench/tune/answer/text.h"
#include "bench/tune/search/verdict.h"

static const struct file {
    const char *name;
    int (*put)(const struct qn_tune_answer *answer, FILE *file);
    bool is_of_choice; /* written only if something is recommended */
} files[] = {
    {"candidates.csv", qn_tune_put_candidates, false}, {"bounds.csv", qn_tune_put_bounds, false},
    {"rounds.csv", qn_tune_put_rounds, false},         {"front.csv", qn_tune_put_front, false},
    {"polls.csv", qn_tune_put_polls, false},           {"rates.csv", qn_tune_put_rates, false},
    {"crossings.csv", qn_tune_put_crossings, false},   {"recommendation.txt", qn_tune_say, false},
    {"recommended.ini", qn_tune_put_ini, true},
};

static void remove_file(const char *dir, const char *name)
{
    char path[QN_PATH_BYTES];

    if (qn_path(path, "%s/%s", dir, name) == QN_OK)
        unlink(path);
}

/* Ends a file that began with what putting its text returned. */
static int end_file(struct qn_replace *replace, int put, const char *dir, const char *name)
{
    int rc = qn_replace_end(replace, put == QN_OK);

    rc = put != QN_OK ? put : rc;
    return rc == QN_EIO ? qn_complain_of_file(dir, name) : rc;
}

static int write_file(const struct file *file, const struct qn_tune_answer *answer, const char *dir)
{
    struct qn_replace replace;

    if (qn_replace_begin(&replace, dir, file->name) != QN_OK)
        return qn_complain_of_file(dir, file->name);
    return end_file(&replace, file->put(answer, replace.file), dir, file->name);
}

static int write_code(enum qn_code_language language, const struct qn_tune_answer *answer,
                      const char *dir)
{
    struct qn_replace replace;
    const char *name = qn_code_files[language];

    if (qn_replace_begin(&replace, dir, name) != QN_OK)
        return qn_complain_of_file(dir, name);
    return end_file(&replace, qn_tune_put_code(answer, language, replace.file), dir, name);
}

int qn_tune_write(const struct qn_tune_answer *answer, const char *dir)
{
    bool has_choice = qn_tune_is_answer(qn_tune_verdict_of(answer->tune));
    int rc = QN_OK;

    for (size_t i = 0; i < QN_ARRAY_LEN(files) && rc == QN_OK; i++)
        if (files[i].is_of_choice && !has_choice)
            remove_file(dir, files[i].name);
        else
            rc = write_file(&files[i], answer, dir);
    for (int l = QN_CODE_NONE + 1; l < QN_CODE_LANGUAGE_COUNT && rc == QN_OK; l++)
        if (!has_choice || !qn_tune_has_code(answer))
            remove_file(dir, qn_code_files[l]);
        else
            rc = write_code((enum qn_code_language)l, answer, dir);
    return rc;
}
