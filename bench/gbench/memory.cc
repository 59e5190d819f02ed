/* A memory manager of C functions. */
#include <memory>

#include "internal.h"

namespace
{

void copy(const gb_memory_result &from, benchmark::MemoryManager::Result *to)
{
    to->num_allocs = from.num_allocs;
    to->max_bytes_used = from.max_bytes_used;
    to->total_allocated_bytes = from.total_allocated_bytes;
    to->net_heap_growth = from.net_heap_growth;
}

class CMemoryManager : public benchmark::MemoryManager
{
  public:
    explicit CMemoryManager(const gb_memory_manager &table) : table_(table)
    {
    }

    void Start() override
    {
        table_.start(table_.user);
    }

#if GBENCH_HAVE_STOP_BY_POINTER
    void Stop(Result *result) override
    {
        stop(result);
    }
#endif

    void Stop(Result &result) override
    {
        stop(&result);
    }

  private:
    void stop(Result *result)
    {
        gb_memory_result out = {0, 0, GB_MEMORY_NONE, GB_MEMORY_NONE, 0};

        table_.stop(table_.user, &out);
        copy(out, result);
    }

    const gb_memory_manager table_;
};

static_assert(GB_MEMORY_NONE == INT64_MAX, "the library's tombstone");

std::unique_ptr<CMemoryManager> registered;

} // namespace

bool gbench::has_memory_manager()
{
    return registered != nullptr;
}

int gb_register_memory_manager(const gb_memory_manager *manager)
{
    if (manager && (!manager->start || !manager->stop))
        return GB_EINVAL;
    if (int rc = gbench::may_change())
        return rc;
    return gbench::guarded([&] {
        std::unique_ptr<CMemoryManager> next;

        if (manager)
            next = std::make_unique<CMemoryManager>(*manager);
        benchmark::RegisterMemoryManager(next.get());
        registered = std::move(next);
        return static_cast<int>(GB_OK);
    });
}
