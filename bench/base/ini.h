/*
 * Workload files: lines of [section], key = value (or key : value) and comments.
 *
 * A comment begins with ';' or '#', behind a value with a blank before it; between quotes neither begins one.
 * Lines end in LF, CRLF or CR and have any length; nothing of them is cut. The whole file is read and looked at
 * before the first key is handed over.
 */
#ifndef QN_BENCH_BASE_INI_H
#define QN_BENCH_BASE_INI_H

#include <stddef.h>

#include "runtime/base.h"

/* The longest workload file, in bytes: anything longer is refused. */
#define QN_INI_MAX_BYTES (UINT64_C(1) << 20)

/* Takes a key of a section ("": before any). All texts are the reader's. QN_OK, or an error after a
 * complaint, which ends the reading. */
typedef int qn_ini_key(void *user, unsigned line, const char *section, const char *key,
                       const char *value);

/*
 * Reads path: a regular file, or a pipe up to its end (which it waits for while somebody may still
 * write). QN_EINVAL after a complaint that names the file, and the line where one is at fault: what
 * is no text is refused, and so is a file without any section. QN_ENOENT without a complaint: path
 * does not exist. QN_ENOMEM; what on_key returns.
 */
int qn_ini_read(const char *path, qn_ini_key *on_key, void *user) QN_MUST_CHECK;

#endif
