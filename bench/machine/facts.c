#include "bench/machine/facts.h"

#include <cjson/cJSON.h>
#include <stdarg.h>
#include <stdio.h>

const char *const qn_verdict_names[QN_VERDICT_COUNT] = {
#define QN_VERDICT_NAME(symbol, name) [QN_FACT_##symbol] = name,
    QN_VERDICTS(QN_VERDICT_NAME)
#undef QN_VERDICT_NAME
};

void qn_fact_add(struct qn_facts *facts, const char *name, enum qn_verdict verdict,
                 const char *advice, const char *format, ...)
{
    struct qn_fact *f;
    va_list args;

    if (facts->n == QN_MAX_FACTS)
        return;
    f = &facts->list[facts->n++];
    *f = (struct qn_fact){
        .name = name, .verdict = verdict, .advice = verdict == QN_FACT_GOOD ? "" : advice};
    va_start(args, format);
    vsnprintf(f->seen, sizeof(f->seen), format, args);
    va_end(args);
}

enum qn_verdict qn_facts_worst(const struct qn_facts *facts)
{
    enum qn_verdict worst = QN_FACT_GOOD;

    for (size_t i = 0; i < facts->n; i++)
        if (facts->list[i].verdict > worst)
            worst = facts->list[i].verdict;
    return worst;
}

void qn_facts_add_json(const struct qn_facts *facts, struct cJSON *to)
{
    cJSON *list = cJSON_AddArrayToObject(to, "facts");

    for (size_t i = 0; i < facts->n; i++) {
        cJSON *f = cJSON_CreateObject();

        cJSON_AddStringToObject(f, "name", facts->list[i].name);
        cJSON_AddStringToObject(f, "seen", facts->list[i].seen);
        cJSON_AddStringToObject(f, "verdict", qn_verdict_names[facts->list[i].verdict]);
        cJSON_AddStringToObject(f, "advice", facts->list[i].advice);
        cJSON_AddItemToArray(list, f);
    }
}
