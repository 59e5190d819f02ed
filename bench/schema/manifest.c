#include "bench/schema/manifest.h"

#include <string.h>

const struct qn_manifest_name qn_manifest_names[QN_MANIFEST_FIELD_COUNT] = {
#define QN_MANIFEST_NAME(symbol, section, name, kind, value, resumes) {section, name},
    QN_MANIFEST_FIELDS(QN_MANIFEST_NAME)
#undef QN_MANIFEST_NAME
};

bool qn_manifest_is_of_cells(const char *of)
{
#define QN_MANIFEST_IS(name, kind, value, is_of_cells) || (is_of_cells && strcmp(of, name) == 0)
    return false QN_MANIFEST_WORKLOAD_FIELDS(QN_MANIFEST_IS);
#undef QN_MANIFEST_IS
}
