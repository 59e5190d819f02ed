#include <stdio.h>
#include <string.h>

#include "bench/base/complain.h"
#include "bench/base/ini.h"
#include "bench/base/nearest.h"
#include "bench/options/keys.h"

static const char section_name[] = "workload";

struct file {
    const char *path;
    struct qn_key_values *values;
};

/* The value of a key by its name; NULL: no such key. */
static struct qn_key_value *find_value(struct qn_key_values *values, const char *name)
{
    for (int key = 0; key < QN_KEY_COUNT; key++)
        if (strcmp(name, qn_keys[key].name) == 0)
            return &values->of[key];
    return NULL;
}

static void complain_of_section(const struct file *f, unsigned line, const char *section)
{
    struct qn_nearest nearest;

    if (*section == '\0') {
        qn_complain("%s:%u: a key before the line [workload]", f->path, line);
        return;
    }
    qn_nearest_begin(&nearest, section);
    qn_nearest_offer(&nearest, section_name);
    qn_complain("%s:%u: unknown section '%s'; the only one is [workload]%s", f->path, line, section,
                nearest.hint);
}

static void complain_of_key(const struct file *f, unsigned line, const char *name)
{
    struct qn_nearest nearest;

    qn_nearest_begin(&nearest, name);
    for (int key = 0; key < QN_KEY_COUNT; key++)
        qn_nearest_offer(&nearest, qn_keys[key].name);
    qn_complain("%s:%u: unknown key '%s'; see `quench list keys`%s", f->path, line, name,
                nearest.hint);
}

static int on_key(void *user, unsigned line, const char *section, const char *name,
                  const char *text)
{
    struct file *f = user;
    struct qn_key_value *value = find_value(f->values, name);
    char origin[QN_ORIGIN_BYTES];

    if (strcmp(section, section_name) != 0) {
        complain_of_section(f, line, section);
    } else if (!value) {
        complain_of_key(f, line, name);
    } else if (value->text) {
        qn_complain("%s:%u: duplicate key '%s'", f->path, line, name);
    } else {
        snprintf(origin, sizeof(origin), "%s:%u: %s", f->path, line, name);
        return qn_key_value_set(value, text, origin);
    }
    return QN_EINVAL;
}

int qn_keys_read_file(const char *path, struct qn_key_values *values)
{
    struct file f = {.path = path, .values = values};

    return qn_ini_read(path, on_key, &f);
}
