#include "bench/base/args.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/complain.h"
#include "bench/base/nearest.h"
#include "runtime/err.h"

#define NAME_BYTES 64

/* The option of a word such as "--noise=5", or NULL. */
static const struct argp_option *find_option(const struct argp *argp, const char *word)
{
    size_t n = strcspn(word + 2, "=");

    for (const struct argp_option *o = argp->options; o->name || o->doc; o++)
        if (o->name && strlen(o->name) == n && strncmp(o->name, word + 2, n) == 0)
            return o;
    return NULL;
}

static void complain_of_option(const struct argp *argp, const char *word, const char *command)
{
    struct qn_nearest nearest;
    char written[NAME_BYTES], name[NAME_BYTES];

    snprintf(written, sizeof(written), "%.*s", (int)strcspn(word, "="), word);
    qn_nearest_begin(&nearest, written);
    for (const struct argp_option *o = argp->options; o->name || o->doc; o++) {
        snprintf(name, sizeof(name), "--%s", o->name ? o->name : "");
        if (o->name)
            qn_nearest_offer_with(&nearest, name, word + strcspn(word, "="));
    }
    qn_complain("'%s' is no option of `%s`; see `%s --help`%s", word, command, command,
                nearest.hint);
}

/* Without its errors argp has no help either (ARGP_NO_ERRS): so it is asked for it. */
static void show_help(const struct argp *argp, const char *command, unsigned flags)
{
    char name[NAME_BYTES];

    snprintf(name, sizeof(name), "%s", command);
    argp_help(argp, stdout, flags, name);
    exit(EXIT_SUCCESS);
}

int qn_words_check(const struct argp *argp, const char *command, int argc, char **argv, int *end)
{
    int unwanted;

    end = end ? end : &unwanted;
    for (int i = 1; i < argc; i++) {
        const struct argp_option *o;

        *end = i;
        if (strcmp(argv[i], "--") == 0)
            return QN_OK;
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-?") == 0)
            show_help(argp, command, ARGP_HELP_STD_HELP & ~(unsigned)ARGP_HELP_EXIT_OK);
        if (strcmp(argv[i], "--usage") == 0)
            show_help(argp, command, ARGP_HELP_USAGE);
        if (argv[i][0] != '-' || argv[i][1] == '\0') /* standard input is no option */
            continue;
        o = strncmp(argv[i], "--", 2) == 0 ? find_option(argp, argv[i]) : NULL;
        if (!o) {
            complain_of_option(argp, argv[i], command);
            return QN_EINVAL;
        }
        if (!o->arg && strchr(argv[i], '=')) {
            qn_complain("--%s takes no value ('%s')", o->name, argv[i]);
            return QN_EINVAL;
        }
        if (o->arg && !strchr(argv[i], '=') && ++i == argc) {
            qn_complain("--%s: its value is missing: %s", o->name, o->arg);
            return QN_EINVAL;
        }
    }
    *end = argc;
    return QN_OK;
}
