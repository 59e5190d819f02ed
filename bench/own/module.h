/*
 * A module with work of one's own (quench/work.h): which kinds it has, and one of them loaded for real.
 */
#ifndef QN_BENCH_OWN_MODULE_H
#define QN_BENCH_OWN_MODULE_H

#include <stddef.h>
#include <stdint.h>

#include "bench/base/module.h"
#include "include/quench/work.h"

/* The longest name of a kind of work, without its NUL. */
#define QN_WORK_NAME_MAX 31u

/* The most kinds of a module: more is an entry that never ends its list. */
#define QN_WORK_MAX_KINDS 64u

/* Whether a name may be one: a-z, 0-9 and '-', 1 to QN_WORK_NAME_MAX of them. */
bool qn_work_is_name(const char *name);

struct qn_work_module {
    const struct quench_work *(*entry)(uint32_t i);
};

/* Loads the file, a path with a '/'. Runs its constructors; it is never unloaded. QN_EINVAL:
 * why[QN_MODULE_WHY_BYTES] says what is wrong with it. */
int qn_work_load(const char *path, struct qn_work_module *out, char *why) QN_MUST_CHECK;

/* Copies and checks its i-th kind of work; fields beyond its size are zero. QN_ENOENT: the list is over;
 * QN_EINVAL: why says what is wrong with it. */
int qn_work_kind(const struct qn_work_module *module, uint32_t i, struct quench_work *out,
                 char *why) QN_MUST_CHECK;

/* The kind of that name; name "": the only one. QN_EINVAL: why says which there are, or what is wrong. */
int qn_work_find(const struct qn_work_module *module, const char *name, struct quench_work *out,
                 char *why) QN_MUST_CHECK;

/* The units that take a time, rounded, 1 to UINT32_MAX; unit_ns > 0. */
uint32_t qn_work_units(double unit_ns, double ns);

/* "3 blocks of 16 KiB", or "1 block of 16 KiB", cut to fit; unit: as a module names it. Returns out. */
const char *qn_work_units_text(uint64_t n, const char *unit, char *out, size_t bytes);

#endif
