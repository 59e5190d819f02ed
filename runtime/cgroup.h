/*
 * The cgroups that this process is in: what bounds its CPUs and its memory.
 */
#ifndef QN_RUNTIME_CGROUP_H
#define QN_RUNTIME_CGROUP_H

#include <stdbool.h>

/*
 * Calls look with the folder of each cgroup of this process, and of those around it, that is of version 2 or has
 * the controller ("cpu", "memory") in version 1: limits may stand in any of them. root stands before every path: ""
 * on this machine. dir lasts until look returns. False: the groups can't be told. May overlap itself; reads files.
 */
bool qn_cgroup_each(const char *root, const char *controller,
                    void (*look)(void *user, const char *dir, bool is_v2), void *user);

#endif
