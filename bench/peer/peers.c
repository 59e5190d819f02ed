#include "bench/peer/peers.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/base/complain.h"
#include "bench/base/data_dir.h"
#include "bench/base/path.h"
#include "bench/base/text.h"
#include "bench/peer/describe.h"
#include "bench/peer/known.h"
#include "runtime/err.h"
#include "strategies/foreign.h"
#include "strategies/task.h"

/* A peer's flags by bit, as words. */
static const char *const trait_words[] = {"caller-works", "stops-running", "skips-queued",
                                          "waits-all",    "first-by-time", "first-by-index",
                                          "process-wide"};

/* … and that of programs only. */
static const char leaks_word[] = "leaks";

#define TRAITS_BYTES 128

static void write_traits(uint32_t flags, char *out)
{
    out[0] = '\0';
    for (unsigned bit = 0; bit < QN_ARRAY_LEN(trait_words); bit++)
        if (flags & 1u << bit)
            qn_text_add(out, TRAITS_BYTES, "%s%s", *out ? " " : "", trait_words[bit]);
    if (flags & QN_PEER_LEAKS)
        qn_text_add(out, TRAITS_BYTES, "%s%s", *out ? " " : "", leaks_word);
}

unsigned qn_peers_flags(uint32_t flags)
{
    unsigned ours = QN_OWN_THREADS;

    if (flags & QN_PEER_LEAKS)
        ours |= QN_LEAKS;
    if (flags & QUENCH_STOPS_RUNNING)
        ours |= QN_POLLS;
    if (flags & (QUENCH_STOPS_RUNNING | QUENCH_SKIPS_QUEUED))
        ours |= QN_CANCELS;
    if (flags & QUENCH_WAITS_ALL)
        ours |= QN_WAITS_ALL;
    return ours;
}

/* Why it does no other kinds. 0: those of a module. */
static const char *why_no_other(unsigned kinds)
{
    if (kinds == 0)
        return "it is a peer, whose workers compute (--kind cpu or deaf, or --work)";
    if (kinds == QN_KIND_BIT(QN_KIND_WAIT))
        return "it is a peer, whose workers wait (--kind wait)";
    if (kinds & QN_KIND_BIT(QN_KIND_WAIT))
        return "it is a peer in a process of its own (--kind cpu, deaf or wait)";
    return "it is a peer in a process of its own, whose workers compute (--kind cpu or deaf)";
}

static int add_own(const char *path, const struct qn_peer_facts *facts)
{
    const struct qn_foreign f = {
        .strategy = {.name = facts->name,
                     .summary = facts->summary,
                     .source = facts->library,
                     .flags = facts->flags,
                     .canceller = facts->canceller,
                     .kinds = facts->kinds,
                     .kinds_reason = facts->kinds_reason},
        .module = path,
    };

    return qn_foreign_add(&f);
}

/* What a peer does that says nothing of kinds. */
static const unsigned computing =
    QN_KIND_BIT(QN_KIND_CPU) | QN_KIND_BIT(QN_KIND_DEAF) | QN_KIND_BIT(QN_KIND_OWN);

static bool is_of_openmp(const char *name)
{
    return strncmp(name, "OMP_", 4) == 0 || strncmp(name, "GOMP_", 5) == 0 ||
           strncmp(name, "KMP_", 4) == 0;
}

/*
 * Adds to a peer's settings what the environment says of OpenMP besides, if it sets any of that itself: how idle
 * threads wait is half of a result, so manifest and page are to say it. What has a blank can't be in
 * the list, and is left to the environment.
 */
static void add_inherited(char *env, size_t bytes)
{
    if (!is_of_openmp(env))
        return;
    for (char *const *e = environ; *e; e++) {
        const char *at = is_of_openmp(*e) && !strchr(*e, ' ') ? env : NULL;
        size_t name_bytes = strcspn(*e, "=") + 1;

        while (at && *at && strncmp(at, *e, name_bytes) != 0)
            at += strcspn(at, " ") + (at[strcspn(at, " ")] == ' ');
        if (at && !*at)
            qn_text_add(env, bytes, " %s", *e);
    }
}

static int add(const char *path, const struct qn_peer_facts *facts)
{
    const unsigned flags =
        qn_peers_flags(facts->flags) | (facts->is_child ? (unsigned)QN_CHILD : 0u);
    char traits[TRAITS_BYTES], env[2 * sizeof(facts->env)];
    const struct qn_foreign f = {
        .strategy = {.name = facts->name,
                     .summary = facts->summary,
                     .source = facts->library,
                     .flags = flags,
                     .kinds = facts->kinds ? facts->kinds : computing,
                     .kinds_reason = why_no_other(facts->kinds)},
        .peer_flags = facts->flags,
        .library = facts->library,
        .version = facts->version,
        .licence = facts->licence,
        .reach = facts->reach,
        .traits = traits,
        .env = env,
        .module = path,
    };

    write_traits(facts->flags, traits);
    qn_text_copy(env, sizeof(env), facts->env);
    add_inherited(env, sizeof(env));
    return qn_foreign_add(&f);
}

/* Whether the module has been taken already. */
static bool is_taken(const char *path)
{
    for (size_t i = 0; i < qn_foreign_count(); i++)
        if (strcmp(qn_foreign_at(i)->module, path) == 0)
            return true;
    return false;
}

/* Registers the peers of an inspected module: all or none. */
static int add_all(const char *origin, const char *path, const char *said,
                   const struct qn_module_facts *facts)
{
    int rc = QN_OK;

    for (uint32_t i = 0; i < facts->n; i++) {
        const struct qn_foreign *other = qn_foreign_find(facts->peers[i].name);
        const char *kind = facts->peers[i].is_strategy ? "strategy" : "peer";

        if (other && *other->module)
            qn_complain("%s: '%s': its %s %s has the name of one of %s", origin, said, kind,
                        facts->peers[i].name, other->module);
        else if (qn_strategy_find(facts->peers[i].name))
            qn_complain("%s: '%s': its %s %s has the name of a strategy of this program", origin,
                        said, kind, facts->peers[i].name);
        else
            continue;
        return QN_EINVAL;
    }
    for (uint32_t i = 0; i < facts->n && rc == QN_OK; i++)
        rc = facts->peers[i].is_strategy ? add_own(path, &facts->peers[i])
                                         : add(path, &facts->peers[i]);
    return rc;
}

static bool ends_in(const char *name, const char *end)
{
    size_t n = strlen(name), n_end = strlen(end);

    return n > n_end && strcmp(name + n - n_end, end) == 0;
}

/* True of a program, whose peers run in a process of its own; everything else is to be a module. */
static bool is_program(const char *path)
{
    struct stat st;

    return !ends_in(path, ".so") && stat(path, &st) == 0 && S_ISREG(st.st_mode) &&
           access(path, X_OK) == 0;
}

static int take(const char *origin, const char *path, const char *said)
{
    struct qn_module_facts *facts = malloc(sizeof(*facts));
    int rc = QN_ENOMEM;

    if (facts)
        rc = is_program(path) ? qn_program_describe(path, facts) : qn_module_inspect(path, facts);
    if (rc == QN_EINVAL)
        qn_complain("%s: '%s': %s", origin, said, facts->why);
    if (rc == QN_OK)
        rc = add_all(origin, path, said, facts);
    free(facts);
    return rc;
}

int qn_peers_take_file(const char *origin, const char *said)
{
    char *path = realpath(said, NULL);
    int rc;

    if (!path)
        return qn_complain("%s: '%s': %s", origin, said, strerror(errno)), QN_EINVAL;
    rc = is_taken(path) ? QN_OK : take(origin, path, said);
    free(path);
    return rc;
}

bool qn_peers_is_of(const struct qn_strategy *strategy, const char *said)
{
    const struct qn_foreign *f = qn_foreign_of(strategy);
    char *path = realpath(said, NULL);
    bool is_so = f && path && strcmp(f->module, path) == 0;

    free(path);
    return is_so;
}

const char *qn_peers_computes(const struct qn_foreign *f)
{
    if (f->strategy.flags & QN_CHILD)
        return "threads of a process of its own";
    return strstr(f->traits, trait_words[0]) ? "the caller and P - 1 threads of its own"
                                             : "P threads of its own";
}

/* The folder. */

static bool is_there(const char *file)
{
    char path[QN_PATH_BYTES];

    return qn_path(path, "%s/%s", qn_peers_dir(), file) == QN_OK && access(path, R_OK) == 0;
}

/* Files of the folder that were looked at, as each may have several peers that are asked for; a broken one is
 * looked at once. */
static char **seen;
static size_t n_seen;

/* Notes a file. True: it was noted before. */
static bool is_seen(const char *path)
{
    char **grown;

    for (size_t i = 0; i < n_seen; i++)
        if (strcmp(seen[i], path) == 0)
            return true;
    grown = realloc(seen, (n_seen + 1) * sizeof(*seen));
    if (!grown)
        return false;
    seen = grown;
    if ((seen[n_seen] = strdup(path)))
        n_seen++;
    return false;
}

/* A broken module of the folder costs a complaint, and no more. */
static void take_of_folder(const char *file)
{
    char path[QN_PATH_BYTES];

    if (qn_path(path, "%s/%s", qn_peers_dir(), file) == QN_OK && !is_seen(path))
        (void)(qn_peers_take_file("warning: peers", path) == QN_OK);
}

/* By its name, so that nothing is run that wasn't meant to be a peer. */
static int is_module(const struct dirent *entry)
{
    return ends_in(entry->d_name, ".so") || ends_in(entry->d_name, "-peers");
}

void qn_peers_take_all(void)
{
    struct dirent **entries;
    int n;

    for (size_t i = 0; i < qn_n_known_peers; i++) /* first, in their order */
        if (is_there(qn_known_peers[i].file))
            take_of_folder(qn_known_peers[i].file);
    n = scandir(qn_peers_dir(), &entries, is_module, alphasort);
    for (int i = 0; i < n; i++) {
        take_of_folder(entries[i]->d_name);
        free(entries[i]);
    }
    if (n >= 0)
        free(entries);
}

const char *qn_peers_why_missing(const struct qn_known_peer *known)
{
    static char why[256];

    if (is_there(known->file))
        snprintf(why, sizeof(why), "%s/%s doesn't have it", qn_peers_dir(), known->file);
    else
        snprintf(why, sizeof(why), "not built: it needs %s (Debian: %s)%s", known->needs,
                 known->packages, known->is_child ? ", and the target child_peers" : "");
    return why;
}

int qn_peers_add_missing(void)
{
    for (size_t i = 0; i < qn_n_known_peers; i++) {
        const struct qn_known_peer *known = &qn_known_peers[i];
        const struct qn_foreign f = {
            .strategy = {.name = known->name,
                         .flags = QN_OWN_THREADS | (known->is_child ? (unsigned)QN_CHILD : 0u),
                         .kinds = known->kinds ? known->kinds : computing},
            .library = known->needs,
            .missing = qn_peers_why_missing(known),
        };
        int rc = qn_strategy_find(known->name) ? QN_OK : qn_foreign_add(&f);

        if (rc != QN_OK)
            return rc;
    }
    return QN_OK;
}

const struct qn_strategy *qn_peers_take(const char *name, const char **why)
{
    const struct qn_known_peer *known = qn_known_peer(name);
    const struct qn_foreign *f;

    *why = NULL;
    if (known && is_there(known->file))
        take_of_folder(known->file);
    else if (!known)
        qn_peers_take_all();
    f = qn_foreign_find(name);
    if (f && *f->module)
        return &f->strategy;
    *why = known ? qn_peers_why_missing(known) : NULL;
    return NULL;
}
