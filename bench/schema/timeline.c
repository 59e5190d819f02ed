#include "bench/schema/timeline.h"

const char *const qn_outcome_names[QN_OUTCOME_COUNT] = {
#define QN_OUTCOME_NAME(symbol, name) name,
    QN_OUTCOMES(QN_OUTCOME_NAME)
#undef QN_OUTCOME_NAME
};
