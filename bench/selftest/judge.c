#include "bench/selftest/judge.h"

#include <string.h>

/* What names a fault: where it shows, and words of the reason where that is the status. */
static const struct {
    const char *by, *or_by, *words;
} expected[QN_FAULTY_COUNT] = {
    [QN_FAULTY_SLOW] = {"return_at", "", ""},
    [QN_FAULTY_LEAK] = {"status", "", "leaked where none may"},
    [QN_FAULTY_LOSE] = {"error_returned", "errors_lost", ""},
    [QN_FAULTY_DIE] = {"status", "", "died of signal"},
    [QN_FAULTY_HANG] = {"status", "", "hung"},
};

static bool names(const struct qn_finding *a, enum qn_faulty fault)
{
    if (fault == QN_FAULTY_NONE)
        return true;
    if (strcmp(a->by, expected[fault].by) != 0 && strcmp(a->by, expected[fault].or_by) != 0)
        return false;
    if (a->effect.has_interval && !(a->effect.lo > 1))
        return false;
    return strstr(a->text, expected[fault].words) != NULL;
}

void qn_judge(const struct qn_finding *findings, size_t n_findings, struct qn_judgement *judgements,
              size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct qn_judgement *j = &judgements[i];

        j->by = NULL;
        for (size_t k = 0; k < n_findings && !j->by; k++)
            if (findings[k].label == j->label && names(&findings[k], j->fault))
                j->by = &findings[k];
        j->is_right = (j->by != NULL) == (j->fault != QN_FAULTY_NONE);
    }
}
