#include "bench/fanouts/trace/read.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "bench/base/cause.h"
#include "bench/base/complain.h"
#include "bench/base/progress.h"
#include "bench/fanouts/trace/link.h"
#include "runtime/clock.h"
#include "runtime/err.h"

#define CHUNK_BYTES (1u << 20)

struct reading {
    const char *path;
    gzFile file;
    double size_bytes;
    uint64_t began_ns;
    struct qn_progress_pace said;
    struct qn_trace_parser *parser;
    bool is_cut; /* what is compressed lacks its end */
};

static int open_file(struct reading *r)
{
    int fd = open(r->path, O_RDONLY | O_CLOEXEC);
    struct stat st;

    r->file = fd >= 0 && fstat(fd, &st) == 0 ? gzdopen(fd, "rb") : NULL;
    if (!r->file) {
        qn_complain("%s can't be read: %s", r->path, qn_cause(errno));
        if (fd >= 0)
            close(fd);
        return QN_EINVAL;
    }
    r->size_bytes = (double)st.st_size;
    r->began_ns = qn_clock_now_monotonic_ns();
    /* a file that is read quickly needs no progress line */
    r->said = (struct qn_progress_pace){.said_ns = r->began_ns, .has_said = true};
    return QN_OK;
}

static void show_progress(struct reading *r, size_t n_spans)
{
    uint64_t now = qn_clock_now_monotonic_ns();
    double share = (double)gzoffset(r->file) / r->size_bytes;
    char left[QN_LEFT_BYTES];

    if (!qn_progress_is_due(&r->said, now))
        return;
    qn_progress_left((double)(now - r->began_ns) / 1e9 * (1 - share) / share, left, sizeof(left));
    qn_progress_say("%zu spans read, %s: %s", n_spans, left, r->path);
}

static int complain_of(const struct reading *r, const struct qn_trace_error *e)
{
    qn_complain("%s:%lu (byte %zu): %s", r->path, e->line, e->offset, e->what);
    return QN_EINVAL;
}

/* The next bytes, without a byte order mark; 0: there are none. QN_EINVAL after a complaint. */
static int next_chunk(struct reading *r, char *chunk, const char **at, size_t *n)
{
    static const char mark[] = "\xef\xbb\xbf";
    bool is_first = gztell(r->file) == 0;
    int n_read = gzread(r->file, chunk, CHUNK_BYTES), code;
    const char *error = gzerror(r->file, &code);

    if (n_read < 0 && code != Z_BUF_ERROR) {
        qn_complain("%s can't be read to its end: %s", r->path,
                    code == Z_ERRNO ? qn_cause(errno) : error);
        return code == Z_MEM_ERROR ? QN_ENOMEM : QN_EINVAL;
    }
    r->is_cut |= code == Z_BUF_ERROR;
    *n = n_read > 0 ? (size_t)n_read : 0;
    *at = chunk;
    if (is_first && *n >= 3 && memcmp(chunk, mark, 3) == 0) {
        *at += 3;
        *n -= 3;
    }
    return QN_OK;
}

static int parse(struct reading *r, const struct qn_spans *spans)
{
    char *chunk = malloc(CHUNK_BYTES);
    struct qn_trace_error error;
    bool is_cut = false;
    const char *at;
    size_t n;
    int rc = chunk ? QN_OK : QN_ENOMEM;

    while (rc == QN_OK && (rc = next_chunk(r, chunk, &at, &n)) == QN_OK && n > 0) {
        rc = qn_trace_parser_take(r->parser, at, n, &error);
        if (rc == QN_EINVAL)
            complain_of(r, &error);
        show_progress(r, spans->n);
    }
    qn_progress_clear();
    free(chunk);
    if (rc != QN_OK)
        return rc;
    rc = qn_trace_parser_end(r->parser, &is_cut, &error);
    if (rc == QN_EINVAL)
        return complain_of(r, &error);
    if ((is_cut || r->is_cut) && spans->n > 0)
        qn_complain("warning: %s is cut: what there is of it is used, %zu spans", r->path,
                    spans->n);
    return rc;
}

static void warn(const char *path, const struct qn_spans *s)
{
    static const struct {
        const char *one, *many;
    } texts[] = {
#define TEXTS(symbol, one, many) {one, many},
        QN_SPAN_FAULTS(TEXTS)
#undef TEXTS
    };

    for (int i = 0; i < QN_SPAN_FAULT_COUNT; i++)
        if (s->n_faults[i] > 0)
            qn_complain("warning: %s: %zu %s", path, s->n_faults[i],
                        s->n_faults[i] == 1 ? texts[i].one : texts[i].many);
}

int qn_trace_read(const char *path, const struct qn_trace_options *options, struct qn_spans *spans)
{
    struct reading r = {.path = path};
    int rc = open_file(&r);

    if (rc != QN_OK)
        return rc;
    r.parser = qn_trace_parser_create(spans, &options->cancelled);
    rc = r.parser ? parse(&r, spans) : QN_ENOMEM;
    if (r.parser)
        qn_trace_parser_destroy(r.parser);
    gzclose(r.file);
    if (rc == QN_OK)
        rc = qn_spans_link(spans, options->callers.names, options->callers.n);
    if (rc != QN_OK)
        return rc;
    warn(path, spans);
    if (spans->n > 0)
        return QN_OK;
    qn_complain("%s has no spans", path);
    return QN_EINVAL;
}
