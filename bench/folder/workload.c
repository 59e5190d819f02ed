#include "bench/folder/workload.h"

#include <math.h>
#include <string.h>

#include "bench/base/json.h"
#include "bench/folder/manifest.h"

static double number(const cJSON *object, const char *name)
{
    return qn_json_value(cJSON_GetObjectItemCaseSensitive(object, name));
}

static bool read_service(const cJSON *object, struct qn_service *s)
{
    const cJSON *parameters = cJSON_GetObjectItemCaseSensitive(object, "parameters");
    const char *type = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, "type"));
    double *values[] = {&s->a, &s->b, &s->c};
    int i = QN_SERVICE_CONST;

    while (i < QN_SERVICE_TRACE &&
           !(type && strcmp(type, qn_service_name((enum qn_service_type)i)) == 0))
        i++;
    if (i == QN_SERVICE_TRACE || cJSON_GetArraySize(parameters) != (int)QN_ARRAY_LEN(values))
        return false;
    *s = (struct qn_service){.type = (enum qn_service_type)i,
                             .scale = number(object, "scale"),
                             .cap_ns = number(object, "cap_ns")};
    for (i = 0; i < (int)QN_ARRAY_LEN(values); i++)
        *values[i] = qn_json_value(cJSON_GetArrayItem(parameters, i));
    return s->scale > 0 && s->cap_ns > 0;
}

/* Those with a number make a workload say which workers fail. */
static bool read_failure_at(const cJSON *object, enum qn_failure_at *out)
{
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, "failure_at"));

    for (int i = QN_FAIL_AT_END; text && i < QN_FAIL_AT_FIRST; i++)
        if (strcmp(text, qn_failure_at_names[i]) == 0) {
            *out = (enum qn_failure_at)i;
            return true;
        }
    return false;
}

/* True unless the work is mixed and the folder doesn't say of what. */
static bool read_mix(const cJSON *object, struct qn_workload *w)
{
    double sum = 0;

    for (int kind = 0; kind < QN_KIND_MIXED; kind++) {
        w->mix[kind] = number(object, qn_kind_name((enum qn_kind)kind));
        if (!(w->mix[kind] >= 0))
            return false;
        sum += w->mix[kind];
    }
    return w->kind != QN_KIND_MIXED || fabs(sum - 1) < 1e-6;
}

bool qn_folder_workload_complete(const cJSON *manifest, struct qn_workload *workload)
{
    const cJSON *object =
        qn_json_find(qn_manifest_item(manifest, QN_MANIFEST_WORKLOADS), "name", workload->name);
    struct qn_workload w = *workload;

    if (!object || !read_service(cJSON_GetObjectItemCaseSensitive(object, "service"), &w.service) ||
        !read_failure_at(object, &w.failure_at) ||
        !read_mix(cJSON_GetObjectItemCaseSensitive(object, "mix"), &w))
        return false;
    w.n_resources =
        (unsigned)cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(object, "resources"));
    w.poll_cost_ns = (uint64_t)number(object, "poll_cost_ns");
    *workload = w;
    return true;
}
