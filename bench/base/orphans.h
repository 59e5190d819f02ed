/*
 * Processes that code which isn't ours leaves behind. A module may fork and call setsid; when the process
 * it was loaded in has ended, what it forked would run on, and hold open what it inherited: whoever
 * reads our output would wait for its end. So this process takes them for its children
 * (PR_SET_CHILD_SUBREAPER), and ends them.
 */
#ifndef QN_BENCH_BASE_ORPHANS_H
#define QN_BENCH_BASE_ORPHANS_H

#include <stdbool.h>

/*
 * To be called before a process is forked for such code: what that leaves becomes ours. False: this process
 * has children already (a shell may exec a program that thus inherits some), which couldn't be told
 * from orphans; or the kernel can't. Nothing is to be ended then. The calling process has one thread.
 */
bool qn_orphans_adopt(void);

/*
 * Ends every child, and what those leave, and waits until they have ended. To be called when the forked
 * process has been waited for, and only if qn_orphans_adopt was true. What may not be killed
 * (another user's) or forks faster than it is killed runs on.
 */
void qn_orphans_end(void);

#endif
