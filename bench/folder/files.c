#include "bench/folder/files.h"

#include "bench/base/lock.h"
#include "bench/folder/trace.h"

const struct qn_file qn_files[] = {
    {QN_LOCK_NAME, QN_FILE_FIRST},
    {"plan.csv", QN_FILE_NEEDED | QN_FILE_KEPT | QN_FILE_COMPARED},
#define QN_FILE_OF_TABLE(symbol, name, uses) {name, uses},
    QN_TABLES(QN_FILE_OF_TABLE)
#undef QN_FILE_OF_TABLE
        {QN_PAIRS_NAME, QN_FILE_FIRST},
    {"topology.xml", QN_FILE_FIRST},
    {"manifest.json", QN_FILE_FIRST | QN_FILE_NEEDED | QN_FILE_KEPT},
    {"summary.csv", QN_FILE_MADE | QN_FILE_KEPT},
    {"gbench.json", QN_FILE_MADE},
    {QN_TRACE_NAME, QN_FILE_MADE},
    {QN_DURATIONS_NAME, QN_FILE_MADE}, /* of imported folders */
};
const size_t qn_n_files = QN_ARRAY_LEN(qn_files);
