/*
 * Injected steps: named points in the runtime at which a test can stop a thread for any length of
 * time. They are compiled in only if QN_STEPS is defined (the _steps libraries); otherwise a step
 * is empty.
 */
#ifndef QN_RUNTIME_STEP_H
#define QN_RUNTIME_STEP_H

#ifdef QN_STEPS

/*
 * Called by each step; set before any thread starts and constant while one runs. NULL: steps do
 * nothing. It runs on the thread that reached the step and may block it; point has static storage.
 */
extern void (*qn_step_hook)(const char *point);

#define QN_STEP(point) \
    do { \
        if (qn_step_hook) \
            qn_step_hook(point); \
    } while (0)
#else
#define QN_STEP(point) ((void)0)
#endif

#endif
