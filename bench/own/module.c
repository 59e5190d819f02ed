#include "bench/own/module.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/base/text.h"
#include "runtime/err.h"

/* A module's struct must go up to here: close() may be missing. */
#define LEAST_BYTES \
    (offsetof(struct quench_work, finish) + sizeof(((struct quench_work *)0)->finish))

bool qn_work_is_name(const char *name)
{
    size_t n = strlen(name);

    return n >= 1 && n <= QN_WORK_NAME_MAX &&
           strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == n;
}

int qn_work_load(const char *path, struct qn_work_module *out, char *why)
{
    void *symbol;
    int rc = qn_module_symbol(path, QUENCH_WORK_SYMBOL, &symbol, why);

    if (rc == QN_OK)
        memcpy(&out->entry, &symbol, sizeof(symbol)); /* ISO C has no cast to a function */
    else if (rc == QN_ENOENT)
        qn_text_add(why, QN_MODULE_WHY_BYTES, ", so it has no work (quench/work.h)");
    return rc == QN_OK ? rc : QN_EINVAL;
}

static int check(const struct quench_work *k, uint32_t i, char *why)
{
    if (!k->name || !qn_work_is_name(k->name))
        return QN_MODULE_REFUSE(
            "the name of its work %u is '%.64s': 1 to %u of a-z, 0-9 and '-' are allowed", i,
            k->name ? k->name : "", QN_WORK_NAME_MAX);
    if (!k->unit || !*k->unit)
        return QN_MODULE_REFUSE("work %s doesn't say what its unit is", k->name);
    if (!qn_module_is_line(k->summary) || !qn_module_is_line(k->unit))
        return QN_MODULE_REFUSE("work %s: its texts must be one line of UTF-8 each", k->name);
    if (!k->open || !k->start || !k->chunk || !k->finish)
        return QN_MODULE_REFUSE("work %s lacks %s()", k->name,
                                !k->open    ? "open"
                                : !k->start ? "start"
                                : !k->chunk ? "chunk"
                                            : "finish");
    return QN_OK;
}

int qn_work_kind(const struct qn_work_module *m, uint32_t i, struct quench_work *out, char *why)
{
    const struct quench_work *k = m->entry(i);

    if (!k)
        return QN_ENOENT;
    if (i == QN_WORK_MAX_KINDS)
        return QN_MODULE_REFUSE("lists more than %u kinds of work", QN_WORK_MAX_KINDS);
    if (k->abi != QUENCH_WORK_ABI)
        return QN_MODULE_REFUSE(
            "its work %u is built for ABI %u, this program has %u: build it again", i, k->abi,
            QUENCH_WORK_ABI);
    if (k->size < LEAST_BYTES)
        return QN_MODULE_REFUSE("its work %u has a size of %u bytes: at least %zu are needed", i,
                                k->size, LEAST_BYTES);
    memset(out, 0, sizeof(*out));
    memcpy(out, k, k->size < sizeof(*out) ? k->size : sizeof(*out));
    return check(out, i, why);
}

int qn_work_find(const struct qn_work_module *m, const char *name, struct quench_work *out,
                 char *why)
{
    char names[QN_MODULE_WHY_BYTES / 2] = "";
    struct quench_work k;
    uint32_t n = 0;
    int rc;

    while ((rc = qn_work_kind(m, n, &k, why)) == QN_OK) {
        if (strcmp(k.name, name) == 0 || (n == 0 && !*name))
            *out = k;
        if (strcmp(k.name, name) == 0)
            return QN_OK;
        qn_text_add(names, sizeof(names), "%s%s", n ? ", " : "", k.name);
        n++;
    }
    if (rc != QN_ENOENT)
        return rc;
    if (n == 0)
        return QN_MODULE_REFUSE("has no kinds of work");
    if (!*name && n == 1)
        return QN_OK;
    return *name ? QN_MODULE_REFUSE("has no work named '%.64s': %s %s", name, names,
                                    n == 1 ? "is its only one" : "are there")
                 : QN_MODULE_REFUSE("has several kinds of work; name one after a colon: %s", names);
}

uint32_t qn_work_units(double unit_ns, double ns)
{
    double units = round(ns / unit_ns);

    return units < 1 ? 1 : units > UINT32_MAX ? UINT32_MAX : (uint32_t)units;
}

/* Where the noun of a unit ends: before "of", "in" and the like, else at the end. */
static size_t noun_end(const char *unit)
{
    static const char *const after[] = {" of ", " in ", " with ", " from ", " per ",
                                        " on ", " at ", " to ",   " for "};
    size_t end = strlen(unit);

    for (size_t i = 0; i < sizeof(after) / sizeof(after[0]); i++) {
        const char *at = strstr(unit, after[i]);

        if (at && (size_t)(at - unit) < end)
            end = (size_t)(at - unit);
    }
    return end;
}

static bool hisses(const char *word, size_t n)
{
    return n > 0 && (strchr("sxz", word[n - 1]) ||
                     (n > 1 && word[n - 1] == 'h' && strchr("cs", word[n - 2])));
}

const char *qn_work_units_text(uint64_t n, const char *unit, char *out, size_t bytes)
{
    size_t noun = noun_end(unit);

    if (n == 1)
        snprintf(out, bytes, "1 %s", unit);
    else if (noun > 1 && unit[noun - 1] == 'y' && !strchr("aeiou", unit[noun - 2]))
        snprintf(out, bytes, "%llu %.*sies%s", (unsigned long long)n, (int)noun - 1, unit,
                 unit + noun);
    else
        snprintf(out, bytes, "%llu %.*s%s%s", (unsigned long long)n, (int)noun, unit,
                 hisses(unit, noun) ? "es" : "s", unit + noun);
    return out;
}
