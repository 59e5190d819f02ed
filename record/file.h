/*
 * The file of a process: it is made when there is something to write, and mapped piece by piece. It
 * isn't kept open, since programs close descriptors that they don't know.
 *
 * All of it is called under the recorder's lock (record.c), but for the first function, which comes
 * before any other.
 */
#ifndef QUENCH_RECORD_FILE_H
#define QUENCH_RECORD_FILE_H

#include "format.h"

#define QUENCH_RECORD_HIDDEN __attribute__((visibility("hidden")))

/* The file will be in the folder; events: how many a buffer holds, as the environment says it, NULL
 * where it doesn't. -1: out of memory, or the process has no current folder. */
QUENCH_RECORD_HIDDEN int quench_record_file_begin_(const char *folder, const char *events);

/* Of the process's file, which is made if there is none; lives as long as the process, and isn't
 * mapped in its children. NULL: there can be none; that is said once, and recording is off. */
QUENCH_RECORD_HIDDEN struct quench_record_header *quench_record_file_header_(void);

/* Adds buffer n_buffers of the header at the file's end: of zeros but for its head, on disk, so that
 * no store can fail, and touched. Not mapped in children. NULL: there is no room. */
QUENCH_RECORD_HIDDEN struct quench_record_buffer *quench_record_file_grow_(void);

/* Where a buffer's events end. */
QUENCH_RECORD_HIDDEN struct quench_record_event *
quench_record_end_of_(const struct quench_record_buffer *buffer);

/* What quench_record_name says: of this file, and of those that are made later. */
QUENCH_RECORD_HIDDEN void quench_record_file_name_(const char *name);

/* In a fork's child: the parent's file isn't its own. */
QUENCH_RECORD_HIDDEN void quench_record_file_forget_(void);

#endif
