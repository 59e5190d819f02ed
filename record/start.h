/*
 * Recording for a program that can't have QUENCH_RECORD_DIR in its environment before it starts:
 * what measures the library itself.
 */
#ifndef QUENCH_RECORD_START_H
#define QUENCH_RECORD_START_H

/* As QUENCH_RECORD_DIR would have done. At most once, while nothing is on and before other threads record. -1: out of
 * memory. */
int quench_record_start_(const char *folder);

#endif
