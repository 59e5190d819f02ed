#include "bench/base/data_dir.h"

#include <stdlib.h>

const char *qn_data_dir(void)
{
    const char *dir = getenv("QUENCH_DATA_DIR");

    return dir && *dir ? dir : QN_SOURCE_DIR;
}
