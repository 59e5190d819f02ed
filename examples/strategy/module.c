/* Makes a module of a strategy that is written as Quench's own are. */
#include <quench/strategy.h>

extern const struct qn_strategy qn_strategy_skeleton; /* ../../docs/skeleton.c */

QUENCH_STRATEGIES(&qn_strategy_skeleton);
