#include "bench/schema/manifest.h"

#include "runtime/base.h"

const struct qn_manifest_name qn_manifest_names[QN_MANIFEST_FIELD_COUNT] = {
#define QN_MANIFEST_NAME(symbol, section, name, kind, value, resumes) {section, name},
    QN_MANIFEST_FIELDS(QN_MANIFEST_NAME)
#undef QN_MANIFEST_NAME
};

const struct qn_manifest_workload_name qn_manifest_workload_names[] = {
#define QN_MANIFEST_NAME(name, kind, value, is_of_cells) {name, is_of_cells},
    QN_MANIFEST_WORKLOAD_FIELDS(QN_MANIFEST_NAME)
#undef QN_MANIFEST_NAME
};
const size_t qn_n_manifest_workload_names = QN_ARRAY_LEN(qn_manifest_workload_names);
