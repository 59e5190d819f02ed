/*
 * The files that libquench-record writes, as docs/record-format.md describes them: a header, then
 * buffers of the same size, each for the events of one thread after another.
 *
 * Numbers are in the byte order of the machine that wrote them. All of it is written through shared
 * mappings and may be read at any time: an event is there when its first word isn't 0.
 */
#ifndef QUENCH_RECORD_FORMAT_H
#define QUENCH_RECORD_FORMAT_H

#include <stdint.h>

#define QUENCH_RECORD_MAGIC "QuenchRe" /* 8 bytes, no NUL */
#define QUENCH_RECORD_VERSION 1u
#define QUENCH_RECORD_BYTE_ORDER 0x01020304u
#define QUENCH_RECORD_MONOTONIC 1u /* clock: CLOCK_MONOTONIC */
#define QUENCH_RECORD_SCALE_SHIFT 32

struct quench_record_header {
    char magic[8];
    uint32_t byte_order;
    uint32_t version;
    uint32_t header_bytes;  /* the first buffer's place */
    uint32_t buffer_bytes;  /* of each, its head included */
    uint32_t n_buffers;     /* that are set up; atomic */
    uint32_t clock;         /* of the stamps */
    uint64_t scale;         /* ns a tick, times 2 to the power of 32 */
    uint32_t pid;           /* of the process */
    uint32_t missing_since; /* of the events counted next: the lowest number of a call; atomic */
    uint64_t n_missing;     /* events of threads that were given no buffer; atomic */
    uint64_t began;         /* when the file was made, in stamps */
    uint64_t began_unix_ns; /* the same by CLOCK_REALTIME, ns */
    char program[64];       /* texts end with a NUL */
    char name[32];
    char host[64];
};

/* A buffer's head; its events follow. */
struct quench_record_buffer {
    uint32_t number;        /* from 0, as they lie in the file */
    uint32_t missing_since; /* of the events counted next: the lowest number of a call */
    uint64_t n_missing;     /* events of its last thread that found it full */
    uint64_t reserved[6];
};

struct quench_record_event {
    uint64_t when; /* ticks << 4 | kind (quench/record.h); 0: there is no event; written last */
    uint32_t
        call; /* its number in the process, from 1; of a thread's first event: its number of the
                      kernel's */
    uint32_t value; /* call: its workers; returned: an index or QUENCH_RECORD_…; thread: its number
                       in the file, from 0; else: the worker's index */
};

#define QUENCH_RECORD_KIND_BITS 4

#endif
