/*
 * The cgroups of this process, which may limit its CPUs and memory.
 */
#ifndef QN_RUNTIME_CGROUP_H
#define QN_RUNTIME_CGROUP_H

#include <stdbool.h>

/*
 * Calls look with the folder of each cgroup of this process and its ancestors, of version 2 or with
 * the controller ("cpu", "memory") in version 1: any of them may set limits. root is prepended to
 * every path: "" except in tests. dir is valid until look returns. False: the groups can't be
 * determined. May overlap itself; reads files.
 */
bool qn_cgroup_each(const char *root, const char *controller,
                    void (*look)(void *user, const char *dir, bool is_v2), void *user);

#endif
