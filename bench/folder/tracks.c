#include "bench/folder/tracks.h"

#include <stdbool.h>
#include <stdlib.h>

#include "bench/base/grow.h"
#include "runtime/err.h"

#define NONE SIZE_MAX /* no span */

/* A tid that is being filled; what lies on it is linked by `below`. */
struct lane {
    struct qn_track track;
    size_t top; /* the last span that hasn't ended; NONE */
};

struct placing {
    struct qn_track_span *spans;
    size_t *below; /* of each span, the one around it */
    struct lane *lanes;
    size_t n_lanes, n_further;
    int next_tid;
};

static int by_begin(const void *a, const void *b, void *spans)
{
    const struct qn_track_span *all = spans;
    size_t i = *(const size_t *)a, j = *(const size_t *)b;
    const struct qn_track_span *x = &all[i], *y = &all[j];

    if (x->begin_ns != y->begin_ns)
        return x->begin_ns < y->begin_ns ? -1 : 1;
    if (x->end_ns != y->end_ns)
        return x->end_ns > y->end_ns ? -1 : 1;
    return i < j ? -1 : 1;
}

static bool fits(struct placing *p, struct lane *lane, const struct qn_track_span *span)
{
    while (lane->top != NONE && p->spans[lane->top].end_ns <= span->begin_ns)
        lane->top = p->below[lane->top];
    return lane->top == NONE ||
           (span->wanted >= QN_TRACKS_FIRST_THREAD && p->spans[lane->top].end_ns >= span->end_ns);
}

static struct lane *add_lane(struct placing *p, int wanted, unsigned number)
{
    struct lane *lane;

    if (!qn_grow(&p->lanes, p->n_lanes, sizeof(*p->lanes)))
        return NULL;
    lane = &p->lanes[p->n_lanes++];
    *lane = (struct lane){{wanted, number, wanted}, NONE};
    if (number > 1 || wanted == 0) {
        lane->track.tid = p->next_tid++;
        p->n_further++;
    }
    return lane;
}

static int place(struct placing *p, size_t i)
{
    struct qn_track_span *span = &p->spans[i];
    struct lane *lane = NULL;
    unsigned number = 1;

    for (size_t k = 0; k < p->n_lanes && !lane; k++) {
        if (p->lanes[k].track.wanted != span->wanted)
            continue;
        if (fits(p, &p->lanes[k], span))
            lane = &p->lanes[k];
        number++;
    }
    if (!lane && !(lane = add_lane(p, span->wanted, number)))
        return QN_ENOMEM;
    p->below[i] = lane->top;
    lane->top = i;
    span->tid = lane->track.tid;
    return QN_OK;
}

static int list_further(const struct placing *p, struct qn_track **further, size_t *n)
{
    *n = 0;
    *further = malloc((p->n_further + 1) * sizeof(**further));
    for (size_t i = 0; *further && i < p->n_lanes; i++)
        if (p->lanes[i].track.tid != p->lanes[i].track.wanted)
            (*further)[(*n)++] = p->lanes[i].track;
    return *further ? QN_OK : QN_ENOMEM;
}

int qn_tracks_place(struct qn_track_span *spans, size_t n, unsigned n_threads,
                    struct qn_track **further, size_t *n_further)
{
    struct placing p = {.spans = spans,
                        .below = malloc((n + 1) * sizeof(*p.below)),
                        .next_tid = QN_TRACKS_FIRST_THREAD + (int)n_threads};
    size_t *order = malloc((n + 1) * sizeof(*order));
    int rc = p.below && order ? QN_OK : QN_ENOMEM;

    for (size_t i = 0; rc == QN_OK && i < n; i++)
        order[i] = i;
    if (rc == QN_OK && n > 0)
        qsort_r(order, n, sizeof(*order), by_begin, spans);
    for (size_t i = 0; rc == QN_OK && i < n; i++)
        rc = place(&p, order[i]);
    if (rc == QN_OK)
        rc = list_further(&p, further, n_further);
    free(order);
    free(p.below);
    free(p.lanes);
    return rc;
}
