/*
 * Recordings that tests make up: the bytes of a file with chosen stamps, and what `quench import`
 * says of it.
 */
#ifndef QN_BENCH_FANOUTS_MADE_RECORDING_H
#define QN_BENCH_FANOUTS_MADE_RECORDING_H

#include <stdint.h>

#include "bench/fanouts/fanout.h"
#include "include/quench/record.h"
#include "record/format.h"

#define MADE_EVENTS 60u /* of a buffer */
#define MADE_BUFFERS 3u

/* As a file has it; all of it is written. */
struct made_recording {
    struct quench_record_header header;
    char rest_of_page[512 - sizeof(struct quench_record_header) % 512];
    struct made_buffer {
        struct quench_record_buffer head;
        struct quench_record_event events[MADE_EVENTS];
    } buffers[MADE_BUFFERS];
};

/* A sound file without events: a buffer with a thread for each of n. */
void made_begin(struct made_recording *made, uint32_t n_buffers);

/* Appends an event to a buffer. */
void made_add(struct made_recording *made, uint32_t buffer, enum quench_record_kind_ kind,
              uint64_t ns, uint32_t call, uint32_t value);

/* A whole call of one worker, from `ns` on, 4 ns long. */
void made_add_call(struct made_recording *made, uint32_t buffer, uint64_t ns, uint32_t call);

/*
 * One call on two threads, which begins at 10000:
 *   worker 0   thread 0   100 .. 400   ok, on its end also 450 by a poll that is counted
 *   worker 1   thread 1   150 .. 500   failed: error_at
 *   worker 2   thread 0   420 .. 700   cut short: 200 of its 280 after the error
 *   worker 3   thread 1   560 .. 950   ok: all 390 after the error, and the last to end
 *   worker 4   never
 * seen 600, raising 610, both again later; returned 900.
 */
void made_by_hand(struct made_recording *made);

/* Writes bytes to folder/name and returns its path, in static storage until the next. */
const char *made_write(const char *folder, const char *name, const void *bytes, size_t n);

/* Imports a path into folder/out by the command, in a child, with two arguments more (NULL: none).
 * What it says on stderr goes to said. Returns the exit code. */
int made_import(const char *folder, const char *path, const char *option, const char *value,
                char *said, size_t bytes);

/* Reads a recording's calls without the command, quietly; asserts that it can. */
void made_read(const char *path, struct qn_fanouts *list);

#endif
