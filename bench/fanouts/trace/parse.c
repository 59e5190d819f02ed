#include "bench/fanouts/trace/parse.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yajl/yajl_parse.h>

#include "runtime/err.h"

#define KEY_BYTES 32u /* longer than any that is looked for */
#define MAX_DEPTH 12u /* of what is looked at; what is in other values is only counted */

/* No trace is nested deeper, and the library's stack is costly where it grows. */
#define MAX_ELSEWHERE 1000u

/* No trace has a longer text, and the library begins one anew with each chunk of bytes that doesn't end it. */
#define MAX_VALUE_MIB 16u

/* What an object or an array is, by the path to it. */
enum place {
    TOP,
    DOCUMENT, /* {"traceEvents": …} or {"resourceSpans": …} */
    EVENTS,   /* Chrome */
    EVENT,
    ID_2,
    ARGS,
    ERROR_VALUE, /* args.error, if it is an object or an array */
    RESOURCES,   /* OTLP */
    RESOURCE,
    SCOPES,
    SCOPE,
    SPANS,
    SPAN,
    STATUS,
    ATTRIBUTES,
    ATTRIBUTE,
    ATTRIBUTE_VALUE,
    ELSEWHERE
};

/* key NULL: an item of an array, or a text's top. Keys are compared without '_' and in lower case: protocol buffers'
 * JSON allows both spellings of a field. */
static const struct {
    enum place in;
    const char *key;
    char opens;
    enum place to;
} places[] = {
    {TOP, NULL, '{', DOCUMENT},
    {TOP, NULL, '[', EVENTS},
    {DOCUMENT, "traceevents", '[', EVENTS},
    {EVENTS, NULL, '{', EVENT},
    {EVENT, "args", '{', ARGS},
    {EVENT, "id2", '{', ID_2},
    {ARGS, "error", '{', ERROR_VALUE},
    {ARGS, "error", '[', ERROR_VALUE},
    {DOCUMENT, "resourcespans", '[', RESOURCES},
    {DOCUMENT, "batches", '[', RESOURCES},    /* Grafana Tempo's */
    {EVENT, "resourcespans", '[', RESOURCES}, /* an array of documents */
    {RESOURCES, NULL, '{', RESOURCE},
    {RESOURCE, "scopespans", '[', SCOPES},
    {RESOURCE, "instrumentationlibraryspans", '[', SCOPES}, /* before OTLP 0.15 */
    {SCOPES, NULL, '{', SCOPE},
    {SCOPE, "spans", '[', SPANS},
    {SPANS, NULL, '{', SPAN},
    {SPAN, "status", '{', STATUS},
    {SPAN, "attributes", '[', ATTRIBUTES},
    {ATTRIBUTES, NULL, '{', ATTRIBUTE},
    {ATTRIBUTE, "value", '{', ATTRIBUTE_VALUE},
};

static const struct {
    enum place in;
    const char *key;
    enum qn_span_field field;
} fields[] = {
    {EVENT, "name", QN_FIELD_NAME},          {EVENT, "cat", QN_FIELD_CATEGORY},
    {EVENT, "ph", QN_FIELD_PHASE},           {EVENT, "ts", QN_FIELD_TIME},
    {EVENT, "dur", QN_FIELD_DURATION},       {EVENT, "pid", QN_FIELD_PROCESS},
    {EVENT, "tid", QN_FIELD_THREAD},         {EVENT, "id", QN_FIELD_ID},
    {EVENT, "scope", QN_FIELD_SCOPE},        {EVENT, "bp", QN_FIELD_BINDING_POINT},
    {EVENT, "bindid", QN_FIELD_BIND_ID},     {EVENT, "flowin", QN_FIELD_FLOW_IN},
    {EVENT, "flowout", QN_FIELD_FLOW_OUT},   {ID_2, "local", QN_FIELD_LOCAL_ID},
    {ID_2, "global", QN_FIELD_ID},           {SPAN, "name", QN_FIELD_NAME},
    {SPAN, "traceid", QN_FIELD_TRACE},       {SPAN, "spanid", QN_FIELD_SPAN},
    {SPAN, "parentspanid", QN_FIELD_PARENT}, {SPAN, "starttimeunixnano", QN_FIELD_START},
    {SPAN, "endtimeunixnano", QN_FIELD_END},
};

/* An object or array that is open. */
struct frame {
    enum place place;
    char key[KEY_BYTES]; /* of the next member: small letters, without '_', perhaps cut */
};

struct qn_trace_parser {
    yajl_handle json;
    struct qn_spans *spans;
    const struct qn_trace_names *cancelled;
    struct qn_span_fields fields;
    struct frame frames[MAX_DEPTH]; /* [0] is the top */
    size_t n_frames;                /* at least 1 */
    size_t n_elsewhere;             /* open values that are of no interest, in the last frame */
    char attribute[KEY_BYTES];      /* its key */
    char *value;                    /* its value */
    size_t value_cap;
    bool has_value;  /* something was there */
    bool has_format; /* something of either format */
    bool is_out_of_memory;
    unsigned long line;
    size_t offset;    /* of the bytes taken */
    size_t value_end; /* the offset at which a value last began or ended */
};

enum kind { FALSE_OR_NULL, TRUE, NUMBER, STRING };

static struct frame *top(struct qn_trace_parser *p)
{
    return &p->frames[p->n_frames - 1];
}

static int keep(struct qn_trace_parser *p, int rc)
{
    p->is_out_of_memory |= rc == QN_ENOMEM;
    return !p->is_out_of_memory; /* 0 ends the parsing */
}

/* A value has begun or ended. */
static void mark(struct qn_trace_parser *p)
{
    p->value_end = p->offset + yajl_get_bytes_consumed(p->json);
}

/* Values. */

static bool is_cancellation(const struct qn_trace_parser *p, const char *text, size_t n)
{
    for (size_t i = 0; i < p->cancelled->n; i++)
        if (strlen(p->cancelled->names[i]) == n && memcmp(p->cancelled->names[i], text, n) == 0)
            return true;
    return false;
}

/* args.error, or a value in it. */
static void take_error(struct qn_trace_parser *p, const char *text, size_t n, enum kind kind)
{
    p->fields.has_error |=
        kind == TRUE || (kind == STRING && n > 0) || (kind == NUMBER && strtod(text, NULL) != 0);
    p->fields.is_cancelled |= kind == STRING && is_cancellation(p, text, n);
}

static void take_status(struct qn_trace_parser *p, const char *text)
{
    p->fields.has_error |= strcmp(text, "2") == 0 || strcmp(text, "STATUS_CODE_ERROR") == 0;
}

static int take_attribute_value(struct qn_trace_parser *p, const char *text, size_t n)
{
    if (n >= p->value_cap) {
        char *grown = realloc(p->value, 2 * n + 1);

        if (!grown)
            return QN_ENOMEM;
        p->value = grown;
        p->value_cap = 2 * n + 1;
    }
    memcpy(p->value, text, n);
    p->value[n] = '\0';
    return QN_OK;
}

static void end_attribute(struct qn_trace_parser *p)
{
    const char *value = p->value ? p->value : "";

    if (strcmp(p->attribute, "error.type") == 0)
        p->fields.is_cancelled |= is_cancellation(p, value, strlen(value));
}

/* text: NUL-terminated where it is a number. */
static int take(struct qn_trace_parser *p, const char *text, size_t n, enum kind kind)
{
    struct frame *f = top(p);

    mark(p);
    p->has_value = true;
    if (p->n_elsewhere > 0)
        return QN_OK;
    for (size_t i = 0; i < QN_ARRAY_LEN(fields); i++)
        if (fields[i].in == f->place && strcmp(fields[i].key, f->key) == 0)
            return qn_fields_set(&p->fields, fields[i].field, text, n);
    if (f->place == ERROR_VALUE || (f->place == ARGS && strcmp(f->key, "error") == 0))
        take_error(p, text, n, kind);
    else if (f->place == ARGS && strcmp(f->key, "error.type") == 0)
        p->fields.is_cancelled |= kind == STRING && is_cancellation(p, text, n);
    else if (f->place == ATTRIBUTE && strcmp(f->key, "key") == 0)
        snprintf(p->attribute, sizeof(p->attribute), "%.*s", (int)(n < KEY_BYTES ? n : KEY_BYTES),
                 text);
    else if (f->place == ATTRIBUTE_VALUE)
        return take_attribute_value(p, text, n);
    else if (f->place == STATUS && strcmp(f->key, "code") == 0 && n < KEY_BYTES) {
        char code[KEY_BYTES];

        snprintf(code, sizeof(code), "%.*s", (int)n, text);
        take_status(p, code);
    }
    return QN_OK;
}

/* yajl's calls: 0 ends the parsing. */

static int on_null(void *parser)
{
    return keep(parser, take(parser, "", 0, FALSE_OR_NULL));
}

static int on_boolean(void *parser, int value)
{
    const char *text = value ? "true" : "false";

    return keep(parser, take(parser, text, strlen(text), value ? TRUE : FALSE_OR_NULL));
}

static int on_number(void *parser, const char *text, size_t n)
{
    char copy[64];

    if (n >= sizeof(copy)) /* no time, and no id, has so many digits */
        n = 0;
    memcpy(copy, text, n);
    copy[n] = '\0';
    return keep(parser, take(parser, copy, n, NUMBER));
}

static int on_string(void *parser, const unsigned char *text, size_t n)
{
    return keep(parser, take(parser, (const char *)text, n, STRING));
}

static int on_key(void *parser, const unsigned char *text, size_t n)
{
    struct qn_trace_parser *p = parser;
    struct frame *f = top(p);
    size_t length = 0;

    mark(p);
    if (p->n_elsewhere > 0)
        return 1;
    for (size_t i = 0; i < n && length < KEY_BYTES - 1; i++)
        if (text[i] != '_')
            f->key[length++] =
                (char)(text[i] >= 'A' && text[i] <= 'Z' ? text[i] - 'A' + 'a' : text[i]);
    f->key[length] = '\0';
    p->fields.has_error |= f->place == ERROR_VALUE;
    return 1;
}

static enum place place_of(const struct frame *f, char opens)
{
    for (size_t i = 0; i < QN_ARRAY_LEN(places); i++)
        if (places[i].in == f->place && places[i].opens == opens &&
            (!places[i].key || strcmp(places[i].key, f->key) == 0))
            return places[i].to;
    return ELSEWHERE;
}

static int on_open(struct qn_trace_parser *p, char opens)
{
    enum place place = p->n_elsewhere > 0 ? ELSEWHERE : place_of(top(p), opens);
    int rc = QN_OK;

    mark(p);
    p->has_value = true;
    if (place == ELSEWHERE || p->n_frames == MAX_DEPTH) {
        p->fields.has_error |= top(p)->place == ERROR_VALUE;
        p->n_elsewhere++;
        return p->n_elsewhere <= MAX_ELSEWHERE;
    }
    p->has_format |= place == EVENTS || place == RESOURCES;
    p->frames[p->n_frames++] = (struct frame){.place = place};
    if (place == EVENT || place == SPAN)
        rc = qn_fields_clear(&p->fields);
    if (place == ATTRIBUTE) {
        p->attribute[0] = '\0';
        rc = take_attribute_value(p, "", 0);
    }
    return keep(p, rc);
}

static int on_close(void *parser)
{
    struct qn_trace_parser *p = parser;
    const struct qn_trace_names *c = p->cancelled;
    enum place place = top(p)->place;

    mark(p);
    if (p->n_elsewhere > 0) {
        p->n_elsewhere--;
        return 1;
    }
    p->n_frames--;
    if (place == EVENT)
        return keep(p, qn_chrome_event(p->spans, &p->fields, c->names, c->n));
    if (place == SPAN)
        return keep(p, qn_otlp_span(p->spans, &p->fields, c->names, c->n));
    if (place == ATTRIBUTE)
        end_attribute(p);
    return 1;
}

static int on_open_object(void *parser)
{
    return on_open(parser, '{');
}

static int on_open_array(void *parser)
{
    return on_open(parser, '[');
}

static const yajl_callbacks calls = {
    .yajl_null = on_null,
    .yajl_boolean = on_boolean,
    .yajl_number = on_number,
    .yajl_string = on_string,
    .yajl_start_map = on_open_object,
    .yajl_map_key = on_key,
    .yajl_end_map = on_close,
    .yajl_start_array = on_open_array,
    .yajl_end_array = on_close,
};

/* The parser. */

struct qn_trace_parser *qn_trace_parser_create(struct qn_spans *spans,
                                               const struct qn_trace_names *cancelled)
{
    struct qn_trace_parser *p = calloc(1, sizeof(*p));

    if (!p)
        return NULL;
    p->spans = spans;
    p->cancelled = cancelled;
    p->n_frames = 1;
    p->line = 1;
    p->json = yajl_alloc(&calls, NULL, p);
    if (!p->json || qn_fields_clear(&p->fields) != QN_OK) {
        qn_trace_parser_destroy(p);
        return NULL;
    }
    yajl_config(p->json, yajl_allow_multiple_values, 1);
    yajl_config(p->json, yajl_allow_partial_values, 1);
    return p;
}

void qn_trace_parser_destroy(struct qn_trace_parser *p)
{
    if (p->json)
        yajl_free(p->json);
    qn_fields_fini(&p->fields);
    free(p->value);
    free(p);
}

static void count(struct qn_trace_parser *p, const char *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++)
        p->line += bytes[i] == '\n';
    p->offset += n;
}

/* Says what the library has to say, "parse error: …\n" or "lexical error: …\n", or why it was ended. */
static int fail(struct qn_trace_parser *p, struct qn_trace_error *error)
{
    unsigned char *text;

    error->line = p->line;
    error->offset = p->offset;
    if (p->n_elsewhere > MAX_ELSEWHERE) {
        snprintf(error->what, sizeof(error->what), "its values are nested more than %u deep",
                 MAX_ELSEWHERE);
        return QN_EINVAL;
    }
    text = yajl_get_error(p->json, 0, NULL, 0);
    snprintf(error->what, sizeof(error->what), "it is not JSON: %.*s",
             text ? (int)strcspn((const char *)text, "\n") : 0, text ? (const char *)text : "");
    if (text)
        yajl_free_error(p->json, text);
    return QN_EINVAL;
}

int qn_trace_parser_take(struct qn_trace_parser *p, const char *bytes, size_t n,
                         struct qn_trace_error *error)
{
    yajl_status status = yajl_parse(p->json, (const unsigned char *)bytes, n);

    if (p->is_out_of_memory)
        return QN_ENOMEM;
    count(p, bytes, status == yajl_status_ok ? n : yajl_get_bytes_consumed(p->json));
    if (status != yajl_status_ok)
        return fail(p, error);
    if (p->offset - p->value_end <= MAX_VALUE_MIB << 20)
        return QN_OK;
    error->line = p->line;
    error->offset = p->value_end;
    snprintf(error->what, sizeof(error->what), "a value is longer than %u MiB", MAX_VALUE_MIB);
    return QN_EINVAL;
}

int qn_trace_parser_end(struct qn_trace_parser *p, bool *is_cut, struct qn_trace_error *error)
{
    yajl_status status = yajl_complete_parse(p->json);

    if (p->is_out_of_memory)
        return QN_ENOMEM;
    if (status != yajl_status_ok)
        return fail(p, error);
    if (!p->has_format) {
        error->line = 1;
        error->offset = 0;
        snprintf(
            error->what, sizeof(error->what), "%s",
            !p->has_value
                ? "there is nothing in it"
                : "it is JSON, but neither a Chrome trace (traceEvents, or an array of events) nor "
                  "OTLP (resourceSpans)");
        return QN_EINVAL;
    }
    *is_cut =
        p->n_elsewhere > 0 || p->n_frames > 2 || (p->n_frames == 2 && top(p)->place != EVENTS);
    return QN_OK;
}
