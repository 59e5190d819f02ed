// A peer that lets an exception out through the C boundary, which ends its process.
#include <stdexcept>

#include "quench/peer.h"

static int32_t run(void *, struct quench_call *)
{
    throw std::runtime_error("let out");
}

static struct quench_peer make()
{
    struct quench_peer p = {};

    p.abi = QUENCH_PEER_ABI;
    p.size = sizeof p;
    p.name = "throws";
    p.flags = QUENCH_WAITS_ALL;
    p.call = run;
    return p;
}

static const struct quench_peer throws = make();

QUENCH_PEER_ENTRY(uint32_t i)
{
    return i == 0 ? &throws : nullptr;
}
