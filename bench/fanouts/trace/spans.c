#include "bench/fanouts/trace/spans.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/grow.h"
#include "runtime/err.h"

int qn_spans_add(struct qn_spans *s, const struct qn_span *span)
{
    if (s->n >= QN_SPAN_NONE || !qn_grow(&s->items, s->n, sizeof(*s->items)))
        return QN_ENOMEM;
    s->items[s->n++] = *span;
    return QN_OK;
}

int qn_spans_add_flow(struct qn_spans *s, const struct qn_span_flow *flow)
{
    if (!qn_grow(&s->flows, s->n_flows, sizeof(*s->flows)))
        return QN_ENOMEM;
    s->flows[s->n_flows++] = *flow;
    return QN_OK;
}

int qn_spans_track(struct qn_spans *s, const char *name, const char *process, bool is_thread,
                   uint32_t *track)
{
    size_t n = s->track_names.n;
    uint32_t process_number;
    int rc = qn_texts_number(&s->process_names, process, &process_number);

    if (rc == QN_OK)
        rc = qn_texts_number(&s->track_names, name, track);
    if (rc != QN_OK || *track < n)
        return rc;
    if (!qn_grow(&s->tracks, n, sizeof(*s->tracks)))
        return QN_ENOMEM;
    s->tracks[n] = (struct qn_span_track){
        .process = process_number, .open = QN_SPAN_NONE, .is_thread = is_thread};
    return QN_OK;
}

void qn_spans_fini(struct qn_spans *s)
{
    free(s->items);
    free(s->tracks);
    free(s->flows);
    free(s->open);
    qn_texts_fini(&s->names);
    qn_texts_fini(&s->process_names);
    qn_texts_fini(&s->track_names);
    *s = (struct qn_spans){0};
}

/* A number with an exponent, which decimals can't be cut from: exact to 53 bits. */
static int rough_time(const char *text, int decimals, int64_t *ns)
{
    char *end;
    double value = strtod(text, &end) * pow(10, decimals);

    if (*end != '\0' || !(fabs(value) <= (double)QN_SPAN_MAX_NS))
        return QN_EINVAL;
    *ns = (int64_t)llround(value);
    return QN_OK;
}

/* Appends a digit. False: the number would be too large. */
static bool append(int64_t *value, int digit)
{
    if (*value > (QN_SPAN_MAX_NS - digit) / 10)
        return false;
    *value = *value * 10 + digit;
    return true;
}

int qn_span_time(const char *text, int decimals, int64_t *ns)
{
    const char *at = text + (*text == '-');
    int64_t value = 0;

    if (!isdigit((unsigned char)*at))
        return QN_EINVAL;
    if (strpbrk(at, "eE"))
        return rough_time(text, decimals, ns);
    for (; isdigit((unsigned char)*at); at++)
        if (!append(&value, *at - '0'))
            return QN_EINVAL;
    at += *at == '.';
    for (; decimals > 0; decimals--)
        if (!append(&value, isdigit((unsigned char)*at) ? *at++ - '0' : 0))
            return QN_EINVAL;
    value += *at >= '5' && *at <= '9'; /* the first digit that is cut */
    at += strspn(at, "0123456789");
    if (*at != '\0')
        return QN_EINVAL;
    *ns = *text == '-' ? -value : value;
    return QN_OK;
}
