#include "bench/base/fault.h"

#ifdef QN_STEPS
bool (*qn_fault_hook)(const char *point);
#endif
