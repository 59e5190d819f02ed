#include "bench/fanouts/request.h"

#include <stdlib.h>

#include "bench/base/args.h"
#include "bench/base/complain.h"
#include "bench/base/grow.h"
#include "strategies/foreign.h"

static int take_name(const struct qn_given *given, void *out)
{
    const struct qn_strategy *known = qn_strategy_find(given->value);

    if (known || !qn_foreign_is_name(given->value))
        return qn_refuse(given->where, given->value,
                         known ? "that is a strategy of Quench; take another name"
                               : "up to 31 of a-z, 0-9 and '-'");
    return qn_take_text(given, out);
}

static int take_path(void *request, const char *word)
{
    struct qn_import_request *r = request;

    if (!qn_grow(&r->paths, r->n_paths, sizeof(*r->paths)))
        return QN_ENOMEM;
    r->paths[r->n_paths++] = word;
    return QN_OK;
}

#define AT(field) offsetof(struct qn_import_request, field)

static const struct qn_option options[] = {
    {"out", "DIR", "the results folder (results/<UTC stamp>-<host>)", qn_take_text, AT(out), NULL},
    {"name", "NAME",
     "name of what was recorded, where a strategy's stands (as recorded, or `recorded`)", take_name,
     AT(name), NULL},
    {"no-plots", NULL, "neither plots nor page", qn_take_flag, AT(has_no_plots), NULL},
    {0}};

static const struct qn_command_line command_line = {
    .name = "quench import",
    .words = "FILE|DIR...",
    .doc = "Makes a results folder of fan-outs that other programs ran: of the files that "
           "libquench-record\nwrites (docs/your-own-code.md). A folder stands for its *.qrec."
           "\vWork is wall time. What a recording can't know is left empty.",
    .options = options,
    .take_word = take_path,
};

int qn_import_request_parse(int argc, char **argv, struct qn_import_request *r)
{
    int rc;

    *r = (struct qn_import_request){.words = argv, .n_words = (size_t)argc};
    rc = qn_args_parse(&command_line, argc, argv, r);
    if (rc == QN_OK && r->n_paths == 0) {
        qn_complain("import: a file or a folder is missing; see `%s --help`", command_line.name);
        rc = QN_EINVAL;
    }
    return rc;
}

void qn_import_request_fini(struct qn_import_request *r)
{
    free(r->paths);
    r->paths = NULL;
}
