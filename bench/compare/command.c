/* quench compare: see bench/compare/comparison.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/args.h"
#include "bench/base/commands.h"
#include "bench/base/complain.h"
#include "bench/base/exit.h"
#include "bench/base/units.h"
#include "bench/compare/comparison.h"

struct request {
    const char *dirs[2];
    int n_dirs;
    const char *out; /* NULL: stdout */
    double noise;
    enum qn_compare_format format;
    bool fails_on_regression;
};

static int take_noise(const struct qn_given *given, void *out)
{
    static const char allowed[] = "a percentage from 0 to less than 100, such as 5 or 5%";
    double *noise = out;

    if (qn_parse_percent(given->value, noise) != QN_OK || !(*noise >= 0 && *noise < 1))
        return qn_refuse(given->where, given->value, allowed);
    return QN_OK;
}

static int take_folder(void *request, const char *word)
{
    struct request *r = request;

    if (r->n_dirs == 2) {
        qn_complain("compare: '%s' is one folder too many; two are expected", word);
        return QN_EINVAL;
    }
    r->dirs[r->n_dirs++] = word;
    return QN_OK;
}

/* enum qn_compare_format */
#define FORMATS QN_WORDS("text", "csv", "json")

static const struct qn_option options[] = {
    {"noise", "PCT", "differences up to this get no verdict (5)", take_noise,
     offsetof(struct request, noise), NULL},
    {"fail-on", NULL, "exit with 1 if some row is worse", qn_take_only,
     offsetof(struct request, fails_on_regression), QN_WORDS("regression")},
    {"format", NULL, "(text)", qn_take_choice, offsetof(struct request, format), FORMATS},
    {"out", "FILE", "write to FILE instead of stdout", qn_take_text, offsetof(struct request, out),
     NULL},
    {0},
};

static const struct qn_command_line command_line = {
    .name = "quench compare",
    .words = "A B",
    .doc = "Compares two results folders cell by cell: what is better or worse in B than in A. "
           "Times are ratios to drain in the same run; verdicts are corrected for the number of "
           "rows. docs/comparing.md explains how to read them.\vExit codes: 0 done; 1 with "
           "--fail-on regression, some row is worse; 2 wrong usage or input; 3 the result can't be "
           "written.",
    .options = options,
    .take_word = take_folder,
};

static int parse(int argc, char **argv, struct request *r)
{
    *r = (struct request){.noise = QN_COMPARE_NOISE};
    if (qn_args_parse(&command_line, argc, argv, r) != QN_OK)
        return QN_EINVAL;
    if (r->n_dirs == 2)
        return QN_OK;
    qn_complain("compare: two results folders are expected; see `%s --help`", command_line.name);
    return QN_EINVAL;
}

static int write_result(const struct qn_comparison *c, const struct request *r)
{
    FILE *file = r->out ? fopen(r->out, "we") : stdout;
    int rc;

    if (!file) {
        qn_complain("--out: '%s' can't be written: %s", r->out, strerror(errno));
        return QN_EXIT_BAD_INPUT;
    }
    rc = qn_comparison_write(c, r->format, file);
    if (r->out && fclose(file) != 0)
        rc = QN_EIO;
    if (rc == QN_OK)
        return QN_EXIT_DONE;
    if (rc == QN_ENOMEM)
        qn_complain("out of memory");
    else if (r->out) /* bench/base/output.h complains about stdout */
        qn_complain("%s can't be written", r->out);
    return QN_EXIT_NOT_WHOLE;
}

static int judge(const struct qn_comparison *c, const struct request *r)
{
    int code;

    if (r->fails_on_regression && c->n_judged == 0) {
        qn_complain(
            "--fail-on regression: no row can be judged; a cell needs at least two processes in "
            "both runs");
        return QN_EXIT_BAD_INPUT;
    }
    code = write_result(c, r);
    if (r->format == QN_COMPARE_CSV)
        for (size_t i = 0; i < c->n_notes; i++)
            qn_note("note: %s", c->notes[i]);
    return code == QN_EXIT_DONE && r->fails_on_regression && c->n_worse > 0 ? QN_EXIT_CHECK_FAILED
                                                                            : code;
}

int qn_compare_command(int argc, char **argv)
{
    struct qn_comparison c;
    struct request r;
    int code, rc;

    if (parse(argc, argv, &r) != QN_OK)
        return QN_EXIT_BAD_INPUT;
    rc = qn_comparison_make(r.dirs[0], r.dirs[1], r.noise, &c);
    if (rc == QN_ENOMEM)
        qn_complain("out of memory");
    if (rc != QN_OK)
        return QN_EXIT_BAD_INPUT;
    code = judge(&c, &r);
    qn_comparison_fini(&c);
    return code;
}
