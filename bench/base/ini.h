/*
 * Workload files: lines of [section], key = value (or key : value) and comments.
 *
 * A comment begins with ';' or '#', after a value only if a blank comes before it, and never in
 * quotes. Lines end in LF, CRLF or CR and have any length. The whole file is read and checked
 * before the first key is passed on.
 */
#ifndef QN_BENCH_BASE_INI_H
#define QN_BENCH_BASE_INI_H

#include <stddef.h>

#include "runtime/base.h"

/* The size limit of a workload file, in bytes. */
#define QN_INI_MAX_BYTES (UINT64_C(1) << 20)

/* Takes a key of a section ("": before any). The reader owns all texts. An error, after a
 * complaint, ends the reading. */
typedef int qn_ini_key(void *user, unsigned line, const char *section, const char *key,
                       const char *value);

/*
 * Reads path: a regular file, or a pipe up to its end (blocks while it has a writer). QN_EINVAL
 * after a complaint that names the file and, if one is at fault, the line: it is not text, or has
 * no section. QN_ENOENT without a complaint: path does not exist. QN_ENOMEM; what on_key returns.
 */
int qn_ini_read(const char *path, qn_ini_key *on_key, void *user) QN_MUST_CHECK;

#endif
