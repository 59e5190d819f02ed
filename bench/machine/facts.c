#include "bench/machine/facts.h"

#include <stdarg.h>
#include <stdio.h>

#include "bench/base/json.h"

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

static cJSON *fact_json(const struct qn_fact *f)
{
    cJSON *object = cJSON_CreateObject();

    qn_json_put_text(object, "name", f->name);
    qn_json_put_text(object, "seen", f->seen);
    qn_json_put_text(object, "verdict", qn_verdict_names[f->verdict]);
    qn_json_put_text(object, "advice", f->advice);
    return object;
}

QN_JSON_LIST(facts_json, const struct qn_fact, fact_json(v))

cJSON *qn_facts_json(const struct qn_facts *facts)
{
    return facts_json(facts->list, facts->n);
}
