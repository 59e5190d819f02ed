#include <stdlib.h>
#include <string.h>

#include "bench/base/complain.h"
#include "bench/base/units.h"
#include "bench/options/key_takes.h"

static const char resources_allowed[] =
    "ACQUIRE:CLOSE:SIZE:P, two durations with their units, at most 24h each, a size and the chance from 0 to 1 that "
    "closing fails, such as 20us:10us:64KiB:0.1, for each resource, or 4x20us:10us:64KiB:0.1 for "
    "four";
static const char defects_allowed[] =
    "INCOMPLETE:WRONG:NONE:UNORDERED[:SOUND], whole numbers up to 1000000, not all 0, such as "
    "14:10:4:3";

/* Incomplete, wrong, none, unordered, sound. */
static const uint32_t default_defects[QN_CLEANUP_COUNT] = {14, 10, 4, 3, 0};

#define MAX_WEIGHT 1000000u

static bool parse_fields(char **fields, size_t n, struct qn_resource *out)
{
    const char *ignored;

    return n == 4 && qn_parse_duration(fields[0], &out->acquire_ns, &ignored) == QN_OK &&
           qn_parse_duration(fields[1], &out->close_ns, &ignored) == QN_OK &&
           qn_parse_size(fields[2], &out->bytes, &ignored) == QN_OK &&
           qn_parse_share(fields[3], &out->close_fails, &ignored) == QN_OK;
}

/* The "4" of "4x20us:…"; 1 if absent. 0: not a valid number of resources. */
static uint64_t take_count(const char **text)
{
    size_t n_digits = strspn(*text, "0123456789");
    const char *ignored;
    char digits[8];
    uint64_t n;

    if (n_digits == 0 || (*text)[n_digits] != 'x')
        return 1;
    if (n_digits >= sizeof(digits))
        return 0;
    memcpy(digits, *text, n_digits);
    digits[n_digits] = '\0';
    *text += n_digits + 1;
    return qn_parse_count(digits, 1, MAX_WEIGHT, &n, &ignored) == QN_OK ? n : 0;
}

static int add_item(struct qn_workload *w, const struct qn_key_value *v, const char *item)
{
    const char *rest = item, *ignored;
    struct qn_resource resource = {0};
    uint64_t n = take_count(&rest);
    char **fields;
    size_t n_fields;
    int rc = qn_list_split(rest, ':', &fields, &n_fields, &ignored);

    if (rc != QN_OK)
        return rc == QN_EINVAL ? qn_refuse(v->origin, item, resources_allowed) : rc;
    if (n == 0 || !parse_fields(fields, n_fields, &resource))
        rc = qn_refuse(v->origin, item, resources_allowed);
    else if (n > QN_MAX_RESOURCES - w->n_resources)
        rc = qn_refuse(v->origin, v->text, "at most 64 resources");
    qn_list_free(fields, n_fields);
    for (uint64_t i = 0; rc == QN_OK && i < n; i++)
        w->resources[w->n_resources++] = resource;
    return rc;
}

int qn_key_take_defects(const struct qn_key_value *v, void *set)
{
    struct qn_workload *w = &((struct qn_workload_set *)set)->base;
    const char *ignored;
    uint64_t sum = 0;
    char **fields;
    size_t n;
    int rc = qn_list_split(v->text, ':', &fields, &n, &ignored);

    if (rc != QN_OK)
        return rc == QN_EINVAL ? qn_key_refuse(v, defects_allowed) : rc;
    if (n != QN_CLEANUP_COUNT && n != QN_CLEANUP_COUNT - 1)
        rc = QN_EINVAL;
    for (size_t i = 0; i < n && rc == QN_OK; i++) {
        uint64_t weight = 0;

        rc = qn_parse_count(fields[i], 0, MAX_WEIGHT, &weight, &ignored);
        w->cleanup_weights[i] = (uint32_t)weight;
        sum += weight;
    }
    qn_list_free(fields, n);
    return rc == QN_OK && sum > 0 ? QN_OK : qn_key_refuse(v, defects_allowed);
}

int qn_key_settle_defects(const struct qn_key_making *m)
{
    const struct qn_key_value *v = &m->of[QN_KEY_CLEANUP_DEFECTS];
    struct qn_workload *w = &m->set->base;

    if (v->text && w->n_resources == 0)
        return qn_key_refuse(v, "only with resources to clean up");
    if (!v->text && w->n_resources > 0)
        memcpy(w->cleanup_weights, default_defects, sizeof(w->cleanup_weights));
    return QN_OK;
}

int qn_key_take_resources(const struct qn_key_value *v, void *set)
{
    const char *ignored;
    char **items;
    size_t n;
    int rc = qn_list_split(v->text, ',', &items, &n, &ignored);

    if (rc != QN_OK)
        return rc == QN_EINVAL ? qn_key_refuse(v, resources_allowed) : rc;
    for (size_t i = 0; i < n && rc == QN_OK; i++)
        rc = add_item(&((struct qn_workload_set *)set)->base, v, items[i]);
    qn_list_free(items, n);
    return rc;
}
