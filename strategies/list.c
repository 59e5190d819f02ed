#include "strategies/list.h"

#include <string.h>

#include "strategies/foreign.h"
#include "strategies/strategy.h"

const struct qn_strategy *const qn_strategies[] = {
#define QN_STRATEGY_ENTRY(symbol) &qn_strategy_##symbol,
    QN_STRATEGY_LIST(QN_STRATEGY_ENTRY)
#undef QN_STRATEGY_ENTRY
};

const size_t qn_n_strategies = QN_ARRAY_LEN(qn_strategies);

const struct qn_strategy_flag_info qn_strategy_flags[QN_N_STRATEGY_FLAGS] = {
#define QN_STRATEGY_FLAG_INFO(symbol, word, meaning) {word, meaning},
    QN_STRATEGY_FLAGS(QN_STRATEGY_FLAG_INFO)
#undef QN_STRATEGY_FLAG_INFO
};

const struct qn_strategy *qn_strategy_find(const char *name)
{
    const struct qn_foreign *foreign;

    for (size_t i = 0; i < qn_n_strategies; i++)
        if (strcmp(qn_strategies[i]->name, name) == 0)
            return qn_strategies[i];
    foreign = qn_foreign_find(name);
    return foreign ? &foreign->strategy : NULL;
}
