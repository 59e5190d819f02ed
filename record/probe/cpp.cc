#include <thread>

#include "probe.h"
#include "quench/record.h"

/* A failed worker on a thread of its own. */
int probe_cpp()
{
    quench_record_name("C++");
    const quench_recorded call = quench_record_call(1);
    std::thread([call] {
        quench_record_begin(call, 0);
        quench_record_poll(call, 0);
        quench_record_end(call, 0, QUENCH_RECORD_FAILED);
        quench_record_raising(call);
    }).join();
    quench_record_seen(call, 0);
    quench_record_returned(call, 0);
    return 0;
}
