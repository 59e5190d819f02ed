/*
 * Events of Chrome's format ("Trace Event Format"): complete events X, begins and ends B and E on a thread, nestable
 * asynchronous begins and ends b and e on an id; arrows s, t and f between spans; times in µs.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/rng.h"
#include "bench/fanouts/trace/fields.h"
#include "runtime/err.h"

/* Places in the table of open spans: a million that are open at once are 16 in each. */
#define OPEN_SLOTS 65536u

enum { US_DECIMALS = 3 };

static int track_of(struct qn_spans *s, const struct qn_span_fields *f, bool is_thread,
                    uint32_t *track)
{
    const char *process = f->at[QN_FIELD_PROCESS].text;
    const char *local = f->at[QN_FIELD_LOCAL_ID].text, *id = f->at[QN_FIELD_ID].text;
    char *name;
    int rc;

    /* 0x1f separates units, and is no part of a number or a category */
    if ((is_thread ? asprintf(&name, "T\x1f%s\x1f%s", process, f->at[QN_FIELD_THREAD].text)
                   : asprintf(&name, "A\x1f%s\x1f%s\x1f%s\x1f%s", f->at[QN_FIELD_CATEGORY].text,
                              f->at[QN_FIELD_SCOPE].text, *local ? process : "",
                              *local ? local : id)) < 0)
        return QN_ENOMEM;
    rc = qn_spans_track(s, name, process, is_thread, track);
    free(name);
    return rc;
}

/* The list of open spans that one of this track and name belongs to; NULL: out of memory. */
static uint32_t *open_list(struct qn_spans *s, const struct qn_span *span)
{
    if (s->tracks[span->track].is_thread)
        return &s->tracks[span->track].open;
    if (!s->open && (s->open = malloc(OPEN_SLOTS * sizeof(*s->open))) != NULL)
        for (size_t i = 0; i < OPEN_SLOTS; i++)
            s->open[i] = QN_SPAN_NONE;
    return s->open ? &s->open[qn_rng_mix(span->track, span->name) % OPEN_SLOTS] : NULL;
}

static int begin(struct qn_spans *s, struct qn_span *span)
{
    uint32_t *list = open_list(s, span);

    if (!list)
        return QN_ENOMEM;
    span->end_ns = QN_SPAN_OPEN;
    span->parent = *list;
    *list = (uint32_t)s->n;
    return qn_spans_add(s, span);
}

/* The place of the link to the span that an end closes: a thread's last one that is open, or an id's last of that name;
 * NULL: there is none. */
static uint32_t *find_open(struct qn_spans *s, const struct qn_span *end)
{
    bool is_thread = s->tracks[end->track].is_thread;
    uint32_t *link = is_thread || s->open ? open_list(s, end) : NULL;

    while (link && *link != QN_SPAN_NONE) {
        struct qn_span *span = &s->items[*link];

        if (is_thread || (span->track == end->track && span->name == end->name))
            return link;
        link = &span->parent;
    }
    return NULL;
}

static void end(struct qn_spans *s, const struct qn_span *end)
{
    uint32_t *link = find_open(s, end);
    struct qn_span *span = link ? &s->items[*link] : NULL;

    if (!span) {
        s->n_faults[QN_SPAN_ENDS_ONLY]++;
        return;
    }
    *link = span->parent;
    span->parent = QN_SPAN_NONE;
    if (end->outcome > span->outcome)
        span->outcome = end->outcome;
    if (end->begin_ns >= span->begin_ns) {
        span->end_ns = end->begin_ns;
        return;
    }
    span->is_left_out = true;
    s->n_faults[QN_SPAN_NEGATIVE]++;
}

static int complete(struct qn_spans *s, struct qn_span *span, const char *duration)
{
    int64_t ns;

    if (qn_span_time(duration, US_DECIMALS, &ns) != QN_OK) {
        s->n_faults[QN_SPAN_TIMELESS]++;
        return QN_OK;
    }
    if (ns < 0) {
        s->n_faults[QN_SPAN_NEGATIVE]++;
        return QN_OK;
    }
    span->end_ns = span->begin_ns + ns;
    if (span->end_ns > QN_SPAN_MAX_NS) {
        s->n_faults[QN_SPAN_TIMELESS]++;
        return QN_OK;
    }
    return qn_spans_add(s, span);
}

static uint64_t text_of(const struct qn_span_fields *f, enum qn_span_field field)
{
    return qn_rng_text(f->at[field].text);
}

/* An arrow's begin s, step t or end f, at a time on a thread. */
static int add_flow(struct qn_spans *s, const struct qn_span_fields *f, const struct qn_span *at)
{
    char phase = *f->at[QN_FIELD_PHASE].text;
    const struct qn_span_flow flow = {
        .id = qn_rng_mix(qn_rng_mix(text_of(f, QN_FIELD_CATEGORY), text_of(f, QN_FIELD_NAME)),
                         text_of(f, QN_FIELD_ID)),
        .at_ns = at->begin_ns,
        .track = at->track,
        .span = QN_SPAN_NONE,
        .is_begin = phase == 's',
        .is_next = phase == 'f' && strcmp(f->at[QN_FIELD_BINDING_POINT].text, "e") != 0,
    };

    return qn_spans_add_flow(s, &flow);
}

/* The arrow that a span, the last one, names itself by bind_id. */
static int add_own_flow(struct qn_spans *s, const struct qn_span_fields *f)
{
    bool comes_in = strcmp(f->at[QN_FIELD_FLOW_IN].text, "true") == 0;
    const struct qn_span_flow flow = {
        .id = text_of(f, QN_FIELD_BIND_ID),
        .span = (uint32_t)s->n - 1,
        .is_begin = !comes_in,
    };

    if (!*f->at[QN_FIELD_BIND_ID].text ||
        (!comes_in && strcmp(f->at[QN_FIELD_FLOW_OUT].text, "true") != 0))
        return QN_OK;
    return qn_spans_add_flow(s, &flow);
}

static int take(struct qn_spans *s, const struct qn_span_fields *f, struct qn_span *span)
{
    char phase = *f->at[QN_FIELD_PHASE].text;
    size_t n = s->n;
    int rc = QN_OK;

    if (strchr("stf", phase))
        return add_flow(s, f, span);
    if (phase == 'X')
        rc = complete(s, span, f->at[QN_FIELD_DURATION].text);
    else if (phase == 'B' || phase == 'b')
        rc = begin(s, span);
    else
        end(s, span);
    return rc == QN_OK && s->n > n ? add_own_flow(s, f) : rc;
}

int qn_chrome_event(struct qn_spans *s, const struct qn_span_fields *f,
                    const char *const *cancelled, size_t n_cancelled)
{
    const char *phase = f->at[QN_FIELD_PHASE].text;
    struct qn_span span = {
        .parent = QN_SPAN_NONE,
        .outcome = (unsigned char)qn_fields_outcome(f, cancelled, n_cancelled),
    };
    int rc;

    if (strlen(phase) != 1 || !strchr("XBEbestf", *phase))
        return QN_OK; /* names, instants, counters */
    if (qn_span_time(f->at[QN_FIELD_TIME].text, US_DECIMALS, &span.begin_ns) != QN_OK) {
        s->n_faults[QN_SPAN_TIMELESS]++;
        return QN_OK;
    }
    if ((rc = track_of(s, f, strchr("be", *phase) == NULL, &span.track)) != QN_OK ||
        (rc = qn_texts_number(&s->names, f->at[QN_FIELD_NAME].text, &span.name)) != QN_OK)
        return rc;
    return take(s, f, &span);
}
