#include "bench/fanouts/trace/traces_bed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/scratch_file.h"

static const char *const cancelled[] = {"Cancelled", "_OTHER"};
static const char *const callers[] = {"call*"};

struct bed_got bed_got;

int bed_begin(void **unused)
{
    return make_file(unused);
}

int bed_end(void **unused)
{
    return remove_file(unused);
}

void bed_forget(void)
{
    if (bed_got.rc == QN_OK)
        qn_spans_groups_fini(&bed_got.groups);
    qn_spans_fini(&bed_got.spans);
}

int bed_take_bytes(const char *text, size_t n, size_t n_cancelled, size_t n_callers)
{
    const struct qn_trace_options options = {.cancelled = {cancelled, n_cancelled},
                                             .callers = {callers, n_callers}};

    write_bytes(text, n);
    bed_got.rc = qn_trace_read(path, &options, &bed_got.spans);
    if (bed_got.rc == QN_OK)
        bed_got.rc = qn_spans_group(&bed_got.spans, &bed_got.groups);
    return bed_got.rc;
}

int bed_take(const char *text, size_t n_cancelled, size_t n_callers)
{
    return bed_take_bytes(text, strlen(text), n_cancelled, n_callers);
}

static const char *write_list(const char *list,
                              void (*write_one)(char *const *words, size_t n, FILE *))
{
    static char *text;
    size_t bytes;
    char *copy = strdup(list), *rest = copy, *item;
    FILE *file;
    const char *comma = "";

    free(text);
    file = open_memstream(&text, &bytes);
    assert_non_null(file);
    while ((item = strsep(&rest, ",")) != NULL) {
        char *words[8] = {0}, *word;
        size_t n = 0;

        while ((word = strsep(&item, " ")) != NULL)
            if (*word && n < QN_ARRAY_LEN(words))
                words[n++] = word;
        fputs(comma, file);
        write_one(words, n, file);
        comma = ",";
    }
    assert_int_equal(fclose(file), 0);
    free(copy);
    return text;
}

static bool fails(char *const *words, size_t n)
{
    return strcmp(words[n - 1], "!") == 0;
}

static void write_event(char *const *words, size_t n, FILE *file)
{
    fprintf(file, "{\"ph\":\"%s\",\"name\":\"%s\",\"cat\":\"c\",\"pid\":1,\"%s\":\"%s\",\"ts\":%s",
            words[0], words[1], strchr("be", words[0][0]) ? "id" : "tid", words[2], words[3]);
    if (words[0][0] == 'X')
        fprintf(file, ",\"dur\":%s", words[4]);
    fprintf(file, "%s}", fails(words, n) ? ",\"args\":{\"error\":true}" : "");
}

static void write_span(char *const *words, size_t n, FILE *file)
{
    bool has_parent = strcmp(words[2], "-") != 0;

    fprintf(
        file,
        "{\"traceId\":\"5b8efff798038103d269b633813fc60c\",\"spanId\":\"eee19b7ec3c1b17%s\",\"parentSpanId\":\"%s%s\","
        "\"name\":\"%s\",\"kind\":1,\"startTimeUnixNano\":\"170406720%010.0f\",\"endTimeUnixNano\":\"170406720%010.0f\","
        "\"status\":{%s}}",
        words[1], has_parent ? "eee19b7ec3c1b17" : "", has_parent ? words[2] : "", words[0],
        strtod(words[3], NULL) * 1e3, strtod(words[4], NULL) * 1e3,
        fails(words, n) ? "\"code\":2" : "");
}

const char *bed_events(const char *list)
{
    return write_list(list, write_event);
}

const char *bed_spans(const char *list)
{
    return write_list(list, write_span);
}

int bed_take_events(const char *list, size_t n_callers)
{
    char text[4096];

    snprintf(text, sizeof(text), "[%s]", bed_events(list));
    return bed_take(text, 0, n_callers);
}

int bed_take_spans(const char *list)
{
    char text[8192];

    snprintf(text, sizeof(text), SPANS_BEGIN "%s" SPANS_END, bed_spans(list));
    return bed_take(text, 0, 0);
}
