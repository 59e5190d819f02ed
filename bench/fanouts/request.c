#include "bench/fanouts/request.h"

#include <stdlib.h>

#include "bench/base/args.h"
#include "bench/base/complain.h"
#include "bench/base/grow.h"
#include "bench/base/units.h"
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

static int take_list(const struct qn_given *given, char ***items, size_t *n)
{
    const char *allowed;
    int rc;

    qn_list_free(*items, *n);
    *n = 0;
    rc = qn_list_split(given->value, ',', items, n, &allowed);
    return rc == QN_EINVAL ? qn_refuse(given->where, given->value, allowed) : rc;
}

static int take_cancelled(const struct qn_given *given, void *request)
{
    struct qn_import_request *r = request;

    return take_list(given, &r->cancelled, &r->n_cancelled);
}

static int take_callers(const struct qn_given *given, void *request)
{
    struct qn_import_request *r = request;

    return take_list(given, &r->callers, &r->n_callers);
}

#define AT(field) offsetof(struct qn_import_request, field)

static const struct qn_option options[] = {
    {"out", "DIR", "the results folder (results/<UTC stamp>-<host>)", qn_take_text, AT(out), NULL},
    {"name", "NAME",
     "name of what was recorded, where a strategy's stands (as recorded, or `recorded`)", take_name,
     AT(name), NULL},
    {"no-plots", NULL, "neither plots nor page", qn_take_flag, AT(has_no_plots), NULL},
    {.help = "Traces:"},
    {"cancelled-as", "NAME[,NAME]",
     "spans with this error.type, args.error or name were cancelled (none: an error is a failure)",
     take_cancelled, 0, NULL},
    {"callers", "NAME[,NAME]",
     "spans with these names (* is any text) have their children on other threads (found; only "
     "Chrome's format)",
     take_callers, 0, NULL},
    {0}};

static const struct qn_command_line command_line = {
    .name = "quench import",
    .words = "FILE|DIR...",
    .doc =
        "Makes a results folder of fan-outs that other programs ran: of the files that "
        "libquench-record\nwrites (docs/your-own-code.md), and of traces in the format of Chrome or "
        "OTLP-JSON\n(docs/traces.md), which may be compressed with gzip. A folder stands for its *.qrec."
        "\vWork is wall time. What a source can't know is left empty.\n\nExit codes: 0 done; 2 wrong usage or "
        "input; 3 some recording of a folder is of no use, or a result could not be written.",
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
    qn_list_free(r->cancelled, r->n_cancelled);
    qn_list_free(r->callers, r->n_callers);
    *r = (struct qn_import_request){0};
}
