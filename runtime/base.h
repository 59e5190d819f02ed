/*
 * Basics that every file needs: attributes, machine sizes, one-line helpers.
 */
#ifndef QN_RUNTIME_BASE_H
#define QN_RUNTIME_BASE_H

#include <stddef.h>
#include <stdint.h>

#include "runtime/err.h"

/* Two 64-byte lines: x86 prefetches them in pairs, so data that must not share a line is aligned to
 * this. */
#define QN_LINE_BYTES 128

#define QN_MUST_CHECK __attribute__((warn_unused_result))
#define QN_LIKELY(x) __builtin_expect(!!(x), 1)
#define QN_UNLIKELY(x) __builtin_expect(!!(x), 0)
#define QN_ALIGNED _Alignas(QN_LINE_BYTES)

#define QN_ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

#define QN_CONTAINER_OF(ptr, type, member) ((type *)((char *)(ptr)-offsetof(type, member)))

/* For products of two 64-bit numbers; not ISO C, so named in one place. */
__extension__ typedef unsigned __int128 qn_u128;
__extension__ typedef __int128 qn_i128;

/* Nanoseconds per unit. */
#define QN_NS_PER_US UINT64_C(1000)
#define QN_NS_PER_MS UINT64_C(1000000)
#define QN_NS_PER_S UINT64_C(1000000000)

#endif
