#include "bench/schema/cell.h"

const char *const qn_status_names[QN_STATUS_COUNT] = {
#define QN_STATUS_NAME(symbol, name) name,
    QN_STATUSES(QN_STATUS_NAME)
#undef QN_STATUS_NAME
};
