/*
 * The readers of `quench import`, one per format: each has a row in the table of command.c, in
 * whose order they are asked whether a file is theirs.
 */
#ifndef QN_BENCH_FANOUTS_READER_H
#define QN_BENCH_FANOUTS_READER_H

#include <stdbool.h>
#include <stddef.h>

#include "bench/fanouts/fanout.h"
#include "bench/fanouts/request.h"

/* The bytes of a file's beginning that decide which reader takes it. */
#define QN_READER_LOOK_BYTES 4096u

struct qn_fanouts_reader {
    const char *format; /* in complaints: "a recording" */

    /* True if a file that begins with these bytes, fewer than QN_READER_LOOK_BYTES only if it is
     * shorter, is of this format, whole and right or not. */
    bool (*is_of)(const char *beginning, size_t bytes);

    /*
     * Adds what the file has to the list. What is wrong but leaves the rest of use is left out, with
     * a line "warning: PATH: …" for each kind of fault. QN_EINVAL after a complaint: nothing in it is
     * of use; QN_ENOMEM. The list may have more then. On the program's first thread; may show
     * progress.
     */
    int (*read)(const char *path, const struct qn_import_request *request,
                struct qn_fanouts *list) QN_MUST_CHECK;
};

#endif
