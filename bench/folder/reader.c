#include "bench/folder/reader.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/complain.h"

int qn_reader_open(struct qn_reader *r, const char *dir, const char *name,
                   const char *const *columns, size_t n)
{
    int rc;

    rc = qn_path(r->path, "%s/%s", dir, name) == QN_OK ? qn_csv_open(&r->csv, r->path) : QN_ENOENT;
    if (rc != QN_OK) {
        if (rc != QN_ENOMEM)
            qn_complain("%s: %s; a results folder is expected", r->path,
                        rc == QN_ENOENT ? strerror(errno) : r->csv.error);
        return rc == QN_ENOENT ? QN_EINVAL : rc;
    }
    for (size_t i = 0; i < n; i++)
        r->at[i] = qn_csv_column(&r->csv, columns[i]);
    return QN_OK;
}

int qn_reader_require(struct qn_reader *r, const char *const *columns, int first, int end)
{
    for (int i = first; i < end; i++)
        if (r->at[i] < 0) {
            qn_complain("%s:1: no column '%s'", r->path, columns[i]);
            qn_csv_close(&r->csv);
            return QN_EINVAL;
        }
    return QN_OK;
}

const char *qn_reader_text(const struct qn_reader *r, int i)
{
    return r->at[i] < 0 ? "" : qn_csv_field(&r->csv, r->at[i]);
}

bool qn_reader_number(const struct qn_reader *r, int i, double *out)
{
    const char *text = qn_reader_text(r, i);
    char *end;

    *out = NAN;
    if (!*text)
        return true;
    *out = strtod(text, &end);
    return *end == '\0' && !isnan(*out); /* a ratio to 0 is inf */
}

bool qn_reader_whole(const struct qn_reader *r, int i, int64_t least, int64_t most, int64_t *out)
{
    const char *text = qn_reader_text(r, i);

    *out = QN_NONE;
    return !*text || (qn_csv_whole(text, out) == QN_OK && *out >= least && *out <= most);
}

int qn_reader_close(struct qn_reader *r, int rc)
{
    if (rc == QN_EINVAL)
        qn_complain("%s:%lu: %s", r->path, r->csv.line,
                    r->csv.error ? r->csv.error : "the row does not fit the plan");
    qn_csv_close(&r->csv);
    return rc == QN_ENOENT ? QN_OK : rc;
}
