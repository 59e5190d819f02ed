/* Steps of a .ninja_log, whose rows are start, end, mtime, output and hash. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/rng.h"
#include "bench/base/units.h"
#include "bench/fit/rows.h"

#define FIRST_SLOTS 1024u

/* The last line of an output. */
struct entry {
    char *output; /* NULL: a free slot */
    uint64_t start_ms, end_ms, command;
};

struct log {
    const struct qn_fit_request *r;
    const struct qn_rows *rows;
    struct entry *slots; /* open addressing, n_slots a power of two, at most half of them taken */
    size_t n_slots, n_entries, n_lines;
};

static struct entry *find(struct entry *slots, size_t n_slots, const char *output)
{
    size_t at = qn_rng_text(output) & (n_slots - 1);

    while (slots[at].output && strcmp(slots[at].output, output) != 0)
        at = (at + 1) & (n_slots - 1);
    return &slots[at];
}

static int make_room(struct log *log)
{
    size_t n = log->n_slots ? log->n_slots * 2 : FIRST_SLOTS;
    struct entry *slots;

    if (log->n_entries * 2 < log->n_slots)
        return QN_OK;
    slots = calloc(n, sizeof(*slots));
    if (!slots)
        return QN_ENOMEM;
    for (size_t i = 0; i < log->n_slots; i++)
        if (log->slots[i].output)
            *find(slots, n, log->slots[i].output) = log->slots[i];
    free(log->slots);
    log->slots = slots;
    log->n_slots = n;
    return QN_OK;
}

static int put(struct log *log, const char *output, const struct entry *values)
{
    struct entry *entry;
    char *copy;

    if (make_room(log) != QN_OK)
        return QN_ENOMEM;
    entry = find(log->slots, log->n_slots, output);
    copy = entry->output ? entry->output : strdup(output);
    if (!copy)
        return QN_ENOMEM;
    log->n_entries += !entry->output;
    *entry = *values;
    entry->output = copy;
    return QN_OK;
}

/* Says in why what the field must be; QN_ERANGE. */
static int bad_field(const char *text, const char *allowed, char *why)
{
    snprintf(why, QN_FIT_TEXT_BYTES, "'%.60s' is not allowed: %s", text, allowed);
    return QN_ERANGE;
}

static int take_line(void *user, char *why)
{
    struct log *log = user;
    const char *start = qn_rows_field(log->rows, QN_NINJA_START);
    const char *end = qn_rows_field(log->rows, QN_NINJA_END), *allowed;
    struct entry values = {0};

    if (qn_parse_count(start, 0, INT64_MAX, &values.start_ms, &allowed) != QN_OK)
        return bad_field(start, "a start in whole ms", why);
    if (qn_parse_count(end, values.start_ms, INT64_MAX, &values.end_ms, &allowed) != QN_OK)
        return bad_field(end, "an end in whole ms, not before its start", why);
    if ((double)(values.end_ms - values.start_ms) * (double)QN_NS_PER_MS > QN_SAMPLE_MAX_NS)
        return bad_field(end, "an end at most 31 years after its start", why);
    values.command = qn_rng_text(qn_rows_field(log->rows, QN_NINJA_HASH));
    log->n_lines++;
    return put(log, qn_rows_field(log->rows, QN_NINJA_OUTPUT), &values);
}

static int by_step(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;

    if (x->start_ms != y->start_ms)
        return x->start_ms < y->start_ms ? -1 : 1;
    if (x->end_ms != y->end_ms)
        return x->end_ms < y->end_ms ? -1 : 1;
    return (x->command > y->command) - (x->command < y->command);
}

/* A step with several outputs has a line for each, with the same times and command. */
static size_t add_steps(struct entry *entries, size_t n, struct qn_sample *sample)
{
    size_t n_steps = 0;

    qsort(entries, n, sizeof(*entries), by_step);
    for (size_t i = 0; i < n; i++) {
        if (i > 0 && by_step(&entries[i - 1], &entries[i]) == 0)
            continue;
        qn_sample_add(sample,
                      (double)(entries[i].end_ms - entries[i].start_ms) * (double)QN_NS_PER_MS, 1,
                      false);
        n_steps++;
    }
    return n_steps;
}

int qn_fit_read_ninja(const struct qn_fit_request *r, struct qn_rows *rows,
                      struct qn_fit_source *source, struct qn_sample *sample)
{
    struct log log = {.r = r, .rows = rows};
    size_t n = 0;
    int rc = qn_fit_each_row(r, rows, source, take_line, &log);

    for (size_t i = 0; i < log.n_slots; i++)
        if (log.slots[i].output) {
            free(log.slots[i].output);
            log.slots[n++] = log.slots[i];
        }
    if (rc == QN_OK && n > 0)
        source->n_steps_again = log.n_lines - add_steps(log.slots, n, sample);
    snprintf(source->column, sizeof(source->column), "end - start");
    source->unit = "ms";
    free(log.slots);
    return rc;
}
