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
    {"recommended.ini", qn_tune_put_ini, true},        {"recommended.h", qn_tune_put_c, true},
};

static void remove_file(const char *dir, const char *name)
{
    char path[QN_PATH_BYTES];

    if (qn_path(path, "%s/%s", dir, name) == QN_OK)
        unlink(path);
}

static int write_file(const struct file *file, const struct qn_tune_answer *answer, const char *dir)
{
    struct qn_replace replace;
    int rc = qn_replace_begin(&replace, dir, file->name);

    if (rc == QN_OK) {
        int put = file->put(answer, replace.file);

        rc = qn_replace_end(&replace, put == QN_OK);
        rc = put != QN_OK ? put : rc;
    }
    if (rc == QN_EIO)
        rc = qn_complain_of_file(dir, file->name);
    return rc;
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
    return rc;
}
