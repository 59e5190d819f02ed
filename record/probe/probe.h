/* The scene that is written in C++. */
#ifndef QUENCH_RECORD_PROBE_H
#define QUENCH_RECORD_PROBE_H

#ifdef __cplusplus
extern "C" {
#endif

int probe_cpp(void);

#ifdef __cplusplus
}
#endif

#endif
