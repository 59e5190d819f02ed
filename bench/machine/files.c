#include "bench/machine/files.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/base.h"
#include "runtime/cgroup.h"

#define LINE_BYTES 1024
#define MAX_LISTED 4096u

static FILE *open_below(const char *root, const char *path)
{
    char name[QN_MACHINE_PATH_BYTES];
    int n = snprintf(name, sizeof(name), "%s%s", root, path);

    return n > 0 && (size_t)n < sizeof(name) ? fopen(name, "re") : NULL;
}

bool qn_machine_line(const char *root, const char *path, char *out, size_t bytes)
{
    FILE *f = open_below(root, path);
    bool is_read;

    if (!f)
        return false;
    out[0] = '\0';
    is_read = fgets(out, (int)bytes, f) || !ferror(f);
    fclose(f);
    out[strcspn(out, "\n")] = '\0';
    return is_read;
}

bool qn_machine_value(const char *root, const char *path, const char *key, char *out, size_t bytes)
{
    FILE *f = open_below(root, path);
    const size_t len = strlen(key);
    char line[LINE_BYTES];
    bool is_found = false;

    while (f && !is_found && fgets(line, sizeof(line), f)) {
        const char *value = line + len;

        if (strncmp(line, key, len) != 0)
            continue;
        value += strspn(value, " \t");
        if (*value++ != ':')
            continue;
        line[strcspn(line, "\n")] = '\0';
        value += strspn(value, " \t");
        snprintf(out, bytes, "%s", value);
        is_found = true;
    }
    if (f)
        fclose(f);
    return is_found;
}

/* The next range of a list; false: there is none. */
static bool next_range(const char **at, unsigned long *lo, unsigned long *hi)
{
    char *end;

    *at += strspn(*at, ", \t");
    *lo = strtoul(*at, &end, 10);
    if (end == *at)
        return false;
    *at = end;
    *hi = *lo;
    if (**at == '-') {
        *hi = strtoul(*at + 1, &end, 10);
        *at = end;
    }
    return *hi >= *lo && *hi < MAX_LISTED;
}

unsigned qn_machine_count(const char *list)
{
    unsigned long lo, hi, n = 0;

    while (next_range(&list, &lo, &hi))
        n += hi - lo + 1;
    return (unsigned)n;
}

bool qn_machine_lists_meet(const char *a, const char *b)
{
    unsigned long a_lo, a_hi, b_lo, b_hi;

    while (next_range(&a, &a_lo, &a_hi))
        for (const char *rest = b; next_range(&rest, &b_lo, &b_hi);)
            if (a_lo <= b_hi && b_lo <= a_hi)
                return true;
    return false;
}

unsigned qn_machine_n_allowed(const char *root)
{
    char list[LINE_BYTES];

    if (!qn_machine_value(root, "/proc/self/status", "Cpus_allowed_list", list, sizeof(list)))
        return 0;
    return qn_machine_count(list);
}

static void look_at_limit(void *user, const char *dir, bool is_v2)
{
    char path[QN_MACHINE_PATH_BYTES], text[64], *end;
    uint64_t *least = user, limit;
    int n =
        snprintf(path, sizeof(path), "%s/%s", dir, is_v2 ? "memory.max" : "memory.limit_in_bytes");

    if (n < 0 || (size_t)n >= sizeof(path) || !qn_machine_line("", path, text, sizeof(text)))
        return;
    limit = strtoull(text, &end, 10); /* "max" has no digits */
    if (end != text && limit < *least)
        *least = limit;
}

bool qn_machine_memory_limit(const char *root, uint64_t *bytes)
{
    *bytes = UINT64_MAX;
    return qn_cgroup_each(root, "memory", look_at_limit, bytes);
}

bool qn_machine_cpu_time(const char *root, struct qn_cpu_time *out)
{
    char line[LINE_BYTES], *at = line + strlen("cpu ");
    uint64_t v[8] = {0}; /* user nice system idle iowait irq softirq steal */

    *out = (struct qn_cpu_time){0};
    if (!qn_machine_line(root, "/proc/stat", line, sizeof(line)) || strncmp(line, "cpu ", 4) != 0)
        return false;
    for (size_t i = 0; i < QN_ARRAY_LEN(v); i++) {
        v[i] = strtoull(at, &at, 10);
        out->all += v[i];
    }
    out->idle = v[3] + v[4];
    out->steal = v[7];
    return out->all > 0;
}
