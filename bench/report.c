#include "bench/report.h"
int qn_report(const char *dir)
{
    (void)dir;
    return 0;
}
