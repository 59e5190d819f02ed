/* Spans of OTLP: https://opentelemetry.io/docs/specs/otlp/, "JSON Protobuf Encoding". */
#include <string.h>

#include "bench/base/rng.h"
#include "bench/fanouts/trace/fields.h"
#include "runtime/err.h"

/* An id within its trace; never 0. */
static uint64_t key_of(const struct qn_span_fields *f, enum qn_span_field id)
{
    uint64_t key = qn_rng_mix(qn_rng_text(f->at[QN_FIELD_TRACE].text), qn_rng_text(f->at[id].text));

    return key ? key : 1;
}

/* An id of zeros is none. */
static bool has_id(const struct qn_span_fields *f, enum qn_span_field id)
{
    return f->at[id].text[strspn(f->at[id].text, "0")] != '\0';
}

int qn_otlp_span(struct qn_spans *s, const struct qn_span_fields *f, const char *const *cancelled,
                 size_t n_cancelled)
{
    struct qn_span span = {.track = QN_SPAN_NONE,
                           .parent = QN_SPAN_NONE,
                           .end_ns = QN_SPAN_OPEN,
                           .outcome = (unsigned char)qn_fields_outcome(f, cancelled, n_cancelled)};
    const char *end = f->at[QN_FIELD_END].text;

    if (qn_span_time(f->at[QN_FIELD_START].text, 0, &span.begin_ns) != QN_OK ||
        span.begin_ns <= 0 ||
        (*end && strcmp(end, "0") != 0 && qn_span_time(end, 0, &span.end_ns) != QN_OK)) {
        s->n_faults[QN_SPAN_TIMELESS]++;
        return QN_OK;
    }
    if (span.end_ns < span.begin_ns) {
        s->n_faults[QN_SPAN_NEGATIVE]++;
        return QN_OK;
    }
    if (has_id(f, QN_FIELD_SPAN))
        span.key = key_of(f, QN_FIELD_SPAN);
    if (has_id(f, QN_FIELD_PARENT))
        span.parent_key = key_of(f, QN_FIELD_PARENT);
    if (qn_texts_number(&s->names, f->at[QN_FIELD_NAME].text, &span.name) != QN_OK)
        return QN_ENOMEM;
    return qn_spans_add(s, &span);
}
