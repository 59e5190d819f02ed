#include "bench/compare/command.h"

#include <argp.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/args.h"
#include "bench/base/complain.h"
#include "bench/base/nearest.h"
#include "bench/base/units.h"
#include "bench/compare/comparison.h"

enum exit_code { EXIT_DONE = 0, EXIT_WORSE = 1, EXIT_BAD_INPUT = 2, EXIT_NOT_WRITTEN = 3 };

static const char command[] = "quench compare";

enum { OPT_NOISE = 1000, OPT_FAIL_ON, OPT_FORMAT, OPT_OUT };

static const struct argp_option options[] = {
    {"noise", OPT_NOISE, "PCT", 0, "a verdict needs a difference shown to be beyond this (5)", 0},
    {"fail-on", OPT_FAIL_ON, "regression", 0, "exit code 1 if some row is worse", 0},
    {"format", OPT_FORMAT, "text|csv|json", 0, "(text)", 0},
    {"out", OPT_OUT, "FILE", 0, "write there instead of to stdout", 0},
    {0},
};

struct request {
    const char *dirs[2];
    int n_dirs;
    const char *out; /* NULL: stdout */
    double noise;
    enum qn_compare_format format;
    bool fails_on_regression;
};

static int take_noise(const char *value, double *noise)
{
    static const char allowed[] = "a percentage from 0 to less than 100, such as 5 or 5%";

    if (qn_parse_percent(value, noise) != QN_OK || !(*noise >= 0 && *noise < 1))
        return qn_refuse("--noise", value, allowed);
    return QN_OK;
}

static int take_format(const char *value, enum qn_compare_format *format)
{
    static const char *const words[] = {
        [QN_COMPARE_TEXT] = "text", [QN_COMPARE_CSV] = "csv", [QN_COMPARE_JSON] = "json"};
    size_t i;

    if (qn_take_word("--format", value, words, QN_ARRAY_LEN(words), "text, csv or json", &i) !=
        QN_OK)
        return QN_EINVAL;
    *format = (enum qn_compare_format)i;
    return QN_OK;
}

static int take_folder(struct request *r, const char *value)
{
    if (r->n_dirs == 2) {
        qn_complain("compare: '%s' is one folder too many; it wants two", value);
        return QN_EINVAL;
    }
    r->dirs[r->n_dirs++] = value;
    return QN_OK;
}

static error_t on_option(int key, char *value, struct argp_state *state)
{
    struct request *r = state->input;
    size_t word;
    int rc = QN_OK;

    switch (key) {
    case OPT_NOISE:
        rc = take_noise(value, &r->noise);
        break;
    case OPT_FAIL_ON:
        rc = qn_take_word("--fail-on", value, (const char *const[]){"regression"}, 1, "regression",
                          &word);
        r->fails_on_regression = true;
        break;
    case OPT_FORMAT:
        rc = take_format(value, &r->format);
        break;
    case OPT_OUT:
        r->out = value;
        break;
    case ARGP_KEY_ARG:
        rc = take_folder(r, value);
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    return rc == QN_OK ? 0 : EINVAL;
}

static const struct argp compare_argp = {
    .options = options,
    .parser = on_option,
    .args_doc = "A B",
    .doc =
        "Compares two results folders cell by cell: what is better or worse in B than in A, as "
        "ratios to each run's own cells of drain, with a verdict that is corrected for the number "
        "of rows. docs/comparing.md says how to read it.\v"
        "Exit codes: 0 done; 1 with --fail-on regression, some row is worse; 2 wrong usage or "
        "input; 3 the result can't be written.",
};

static int parse(int argc, char **argv, struct request *r)
{
    *r = (struct request){.noise = QN_COMPARE_NOISE};
    if (qn_words_check(&compare_argp, command, argc, argv, NULL) != QN_OK ||
        argp_parse(&compare_argp, argc, argv, ARGP_NO_ERRS, NULL, r) != 0)
        return QN_EINVAL;
    if (r->n_dirs == 2)
        return QN_OK;
    qn_complain("compare: wants two results folders; see `%s --help`", command);
    return QN_EINVAL;
}

static int write_result(const struct qn_comparison *c, const struct request *r)
{
    FILE *file = r->out ? fopen(r->out, "we") : stdout;
    int rc;

    if (!file) {
        qn_complain("--out: '%s' can't be written: %s", r->out, strerror(errno));
        return EXIT_BAD_INPUT;
    }
    rc = qn_comparison_write(c, r->format, file);
    if (r->out && fclose(file) != 0)
        rc = QN_EIO;
    if (rc == QN_OK)
        return EXIT_DONE;
    if (rc == QN_ENOMEM)
        qn_complain("out of memory");
    else if (r->out) /* of stdout bench/base/output.h complains */
        qn_complain("%s: it could not be written", r->out);
    return EXIT_NOT_WRITTEN;
}

static int judge(const struct qn_comparison *c, const struct request *r)
{
    int code;

    if (r->fails_on_regression && c->n_judged == 0) {
        qn_complain(
            "--fail-on regression: no row can be judged; a cell takes two processes or more "
            "in both runs");
        return EXIT_BAD_INPUT;
    }
    code = write_result(c, r);
    if (r->format == QN_COMPARE_CSV)
        for (size_t i = 0; i < c->n_notes; i++)
            qn_note("note: %s", c->notes[i]);
    return code == EXIT_DONE && r->fails_on_regression && c->n_worse > 0 ? EXIT_WORSE : code;
}

int qn_compare_command(int argc, char **argv)
{
    struct qn_comparison c;
    struct request r;
    int code, rc;

    if (parse(argc, argv, &r) != QN_OK)
        return EXIT_BAD_INPUT;
    rc = qn_comparison_make(r.dirs[0], r.dirs[1], r.noise, &c);
    if (rc == QN_ENOMEM)
        qn_complain("out of memory");
    if (rc != QN_OK)
        return EXIT_BAD_INPUT;
    code = judge(&c, &r);
    qn_comparison_fini(&c);
    return code;
}
