#include "bench/folder/own.h"

#include "bench/base/json.h"
#include "bench/base/units.h"
#include "bench/folder/manifest.h"
#include "bench/stats/interval.h"
#include "bench/stats/numbers.h"

#define TEXT_BYTES 128
#define US 1e3

static double number(const cJSON *object, const char *name)
{
    return qn_json_value(cJSON_GetObjectItemCaseSensitive(object, name));
}

bool qn_folder_own_of(const cJSON *manifest, const char *workload, struct qn_folder_own *out)
{
    const cJSON *work = cJSON_GetObjectItemCaseSensitive(
        qn_json_find(qn_manifest_item(manifest, QN_MANIFEST_WORKLOADS), "name", workload), "work");
    const cJSON *unit =
        qn_json_find(qn_manifest_item(manifest, QN_MANIFEST_UNITS), "workload", workload);

    *out = (struct qn_folder_own){
        .file = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(work, "file")),
        .name = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(work, "name")),
        .unit = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(work, "unit")),
        .takes = {number(unit, "ns"), number(unit, "lo_ns"), number(unit, "hi_ns"),
                  (uint32_t)number(unit, "workers")},
    };
    return out->file && out->name && out->unit && out->takes.ns > 0;
}

void qn_folder_own_say_poll(const struct qn_folder_own *own, uint64_t poll_ns, FILE *f)
{
    char poll[TEXT_BYTES], units[TEXT_BYTES];

    qn_format_duration(poll_ns, poll, sizeof(poll));
    fprintf(f, "%s = %s", poll,
            qn_work_units_text(qn_work_units(own->takes.ns, (double)poll_ns), own->unit, units,
                               sizeof(units)));
}

void qn_folder_own_say(const struct qn_folder_own *own, FILE *f)
{
    const struct qn_estimate e = {own->takes.ns, own->takes.lo_ns, own->takes.hi_ns,
                                  own->takes.hi_ns > 0};
    char text[TEXT_BYTES];

    qn_say_interval(&e, US, text, sizeof(text));
    fprintf(f, "%s of %s, in units of %s, %s us each", own->name, own->file, own->unit, text);
}
