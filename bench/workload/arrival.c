#include "bench/workload/arrival.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/base/units.h"

static const char poisson[] = "poisson:";

int qn_arrival_parse(const char *text, struct qn_workload *out, const char **allowed)
{
    const char *ignored;
    double rate;

    *allowed = "isolated, back-to-back or poisson:RATE, in calls per second, at least one in 24h";
    if (strcmp(text, "isolated") == 0) {
        out->arrival = QN_ARRIVAL_ISOLATED;
        out->arrival_rate = 0;
        return QN_OK;
    }
    if (strcmp(text, "back-to-back") == 0) {
        out->arrival = QN_ARRIVAL_BACK_TO_BACK;
        out->arrival_rate = 0;
        return QN_OK;
    }
    if (strncmp(text, poisson, strlen(poisson)) != 0 ||
        qn_parse_number(text + strlen(poisson), &rate, &ignored) != QN_OK ||
        !(rate * (double)QN_MAX_DURATION_NS / 1e9 >= 1))
        return QN_EINVAL;
    out->arrival = QN_ARRIVAL_POISSON;
    out->arrival_rate = rate;
    return QN_OK;
}

const char *qn_arrival_text(const struct qn_workload *w, char *out, size_t bytes)
{
    static const char *const names[] = {[QN_ARRIVAL_ISOLATED] = "isolated",
                                        [QN_ARRIVAL_BACK_TO_BACK] = "back-to-back",
                                        [QN_ARRIVAL_UNKNOWN] = ""};

    if (w->arrival == QN_ARRIVAL_POISSON)
        snprintf(out, bytes, "%s%.10g", poisson, w->arrival_rate);
    else
        snprintf(out, bytes, "%s", names[w->arrival]);
    return out;
}

bool qn_arrival_is_stream(const struct qn_workload *w)
{
    return w->arrival == QN_ARRIVAL_BACK_TO_BACK || w->arrival == QN_ARRIVAL_POISSON;
}

double qn_arrival_load(const struct qn_workload *w)
{
    double mean_ns, cv2;

    if (w->arrival != QN_ARRIVAL_POISSON)
        return 0;
    qn_service_moments(&w->service, &mean_ns, &cv2);
    return w->arrival_rate * mean_ns / 1e9 * w->workers / w->threads;
}
