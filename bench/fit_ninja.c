/* Reading a .ninja_log: lines "start end mtime output hash" between tabs, start and end in ms. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "bench/complain.h"
#include "bench/fit_parts.h"
#include "bench/rng.h"
#include "bench/units.h"

#define FIRST_SLOTS 1024u
#define FIELDS 5

/* What the last line of an output says. */
struct entry {
    char *output; /* NULL: a free slot */
    uint64_t start_ms, end_ms, command;
};

struct log {
    const struct qn_fit_request *r;
    struct entry *slots; /* open addressing, n_slots a power of two, at most half of them taken */
    size_t n_slots, n_entries, n_lines;
    unsigned long line;
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

static int bad_line(const struct log *log, const char *text, const char *allowed)
{
    qn_complain("%s:%lu: '%.60s' is not allowed: %s", log->r->trace, log->line, text, allowed);
    return QN_EINVAL;
}

/* Cuts a line at its tabs. */
static bool cut(char *line, char *fields[FIELDS])
{
    for (int i = 0; i < FIELDS; i++) {
        fields[i] = line;
        line = strchr(line, '\t');
        if (!line != (i == FIELDS - 1))
            return false;
        if (line)
            *line++ = '\0';
    }
    return true;
}

static int take_line(struct log *log, char *line)
{
    struct entry values = {0};
    char *fields[FIELDS];
    const char *allowed;

    line[strcspn(line, "\r\n")] = '\0';
    if (line[0] == '\0' || line[0] == '#')
        return QN_OK;
    if (!cut(line, fields))
        return bad_line(log, line, "start, end, mtime, output and hash between tabs");
    if (qn_parse_count(fields[0], 0, INT64_MAX, &values.start_ms, &allowed) != QN_OK)
        return bad_line(log, fields[0], "a start in whole ms");
    if (qn_parse_count(fields[1], values.start_ms, INT64_MAX, &values.end_ms, &allowed) != QN_OK)
        return bad_line(log, fields[1], "an end in whole ms, not before its start");
    if ((double)(values.end_ms - values.start_ms) * (double)QN_NS_PER_MS > QN_SAMPLE_MAX_NS)
        return bad_line(log, fields[1], "an end at most 31 years after its start");
    values.command = qn_rng_text(fields[4]);
    log->n_lines++;
    return put(log, fields[3], &values);
}

static int check_version(struct log *log, const char *line)
{
    const char *at = strrchr(line, 'v');
    long version = at ? strtol(at + 1, NULL, 10) : 0;

    return version >= 5 && version <= 7 ? QN_OK : bad_line(log, line, "# ninja log v5, v6 or v7");
}

static int read_lines(struct log *log, FILE *file)
{
    struct qn_fit_progress progress;
    char *line = NULL;
    size_t cap = 0;
    ssize_t n;
    int rc = QN_OK;

    qn_fit_progress_begin(&progress, log->r->trace, file);
    while (rc == QN_OK && (n = getline(&line, &cap, file)) > 0) {
        log->line++;
        if (memchr(line, '\0', (size_t)n))
            rc = bad_line(log, line, "a line without a NUL byte");
        else if (log->line == 1)
            rc = check_version(log, line);
        else
            rc = take_line(log, line);
        qn_fit_progress_step(&progress);
    }
    qn_fit_progress_end(&progress);
    if (rc == QN_OK && ferror(file))
        rc = qn_fit_unreadable(log->r->trace, "it can't be read to its end");
    free(line);
    return rc;
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

int qn_fit_read_ninja(const struct qn_fit_request *r, struct qn_fit_source *source,
                      struct qn_sample *sample)
{
    struct log log = {.r = r};
    FILE *file = fopen(r->trace, "re");
    size_t n = 0;
    int rc;

    if (!file)
        return qn_fit_unreadable(r->trace, strerror(errno));
    rc = read_lines(&log, file);
    fclose(file);
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
