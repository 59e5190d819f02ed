/*
 * Recording for a program that starts it itself, whatever its environment says: what measures the
 * library.
 */
#ifndef QUENCH_RECORD_START_H
#define QUENCH_RECORD_START_H

/* Where the program defines it, neither QUENCH_RECORD_DIR nor QUENCH_RECORD_EVENTS is looked at. */
extern const char quench_record_by_hand_ __attribute__((weak));

/* As QUENCH_RECORD_DIR would have done, with buffers of the usual size. At most once, while nothing is
 * on and before other threads record. -1: out of memory. */
int quench_record_start_(const char *folder);

#endif
