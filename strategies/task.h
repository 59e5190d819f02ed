/*
 * A task: what one worker of one call will do, drawn before timing starts.
 */
#ifndef QN_STRATEGIES_TASK_H
#define QN_STRATEGIES_TASK_H

#include <stdbool.h>
#include <stdint.h>

enum qn_kind {
    QN_KIND_CPU,  /* computes, and polls where the strategy has a token */
    QN_KIND_WAIT, /* blocks in a wait that a token can end */
    QN_KIND_DEAF, /* computes and never looks; unstarted deaf work is still skipped */
};

struct qn_task {
    uint32_t quanta; /* planned work; a failing worker's ends where it fails */
    bool fails;      /* at the end of quanta */
};

#endif
