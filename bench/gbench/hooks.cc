/*
 * User pointers for callbacks that the library knows as raw function pointers: tables of functions,
 * each of which knows its own slot.
 */
#include <array>
#include <memory>
#include <vector>

#include "internal.h"

namespace
{

/* Call(slot, argument) for each of GB_MAX_HOOKS slots, as GB_MAX_HOOKS different functions. */
template <typename Slot, typename R, typename A, R (*Call)(const Slot &, A)> class Table
{
  public:
    using Function = R(A);

    /* The function of *slot, or of a new slot if that is -1; nullptr: the table is full. */
    static Function *put(int *slot, const Slot &value)
    {
        static const auto functions = make(std::make_index_sequence<GB_MAX_HOOKS>());

        if (*slot < 0) {
            if (used == GB_MAX_HOOKS)
                return nullptr;
            *slot = static_cast<int>(used++);
        }
        slots[static_cast<size_t>(*slot)] = value;
        return functions[static_cast<size_t>(*slot)];
    }

    static void clear()
    {
        used = 0;
    }

  private:
    template <size_t I> static R entry(A argument)
    {
        return Call(slots[I], argument);
    }

    template <size_t... I>
    static std::array<Function *, GB_MAX_HOOKS> make(std::index_sequence<I...>)
    {
        return {{entry<I>...}};
    }

    static inline Slot slots[GB_MAX_HOOKS];
    static inline size_t used;
};

struct Hook {
    gb_hook_fn *fn;
    void *user;
    const gb_benchmark *family;
};

struct StatisticSlot {
    gb_statistic_fn *fn;
    void *user;
};

struct ComplexitySlot {
    gb_complexity_fn *fn;
    void *user;
};

void call_hook(const Hook &hook, const benchmark::State &lib)
{
    gb_state state = {const_cast<benchmark::State *>(&lib), hook.family};

    state.is_hook = true;
    hook.fn(&state, hook.user);
}

double call_statistic(const StatisticSlot &s, const std::vector<double> &values)
{
    return s.fn(values.data(), values.size(), s.user);
}

double call_complexity(const ComplexitySlot &s, benchmark::IterationCount n)
{
    return s.fn(n, s.user);
}

using Hooks = Table<Hook, void, const benchmark::State &, call_hook>;
using Statistics = Table<StatisticSlot, double, const std::vector<double> &, call_statistic>;
using Complexities = Table<ComplexitySlot, double, benchmark::IterationCount, call_complexity>;

enum class When { setup, teardown };

int set_hook(gb_benchmark *b, When when, gb_hook_fn *fn, void *user)
{
    const Hook hook = {fn, user, b};

    if (!b || !fn)
        return GB_EINVAL;
    if (int rc = gbench::may_change())
        return rc;
    return gbench::guarded([&] {
#if GBENCH_HAVE_FUNCTION_HOOKS
        auto function = [hook](const benchmark::State &state) { call_hook(hook, state); };
#else
        auto *function = Hooks::put(when == When::setup ? &b->setup_slot : &b->teardown_slot, hook);

        if (!function)
            return static_cast<int>(GB_ELIMIT);
#endif
        if (when == When::setup)
            b->lib->Setup(function);
        else
            b->lib->Teardown(function);
        return static_cast<int>(GB_OK);
    });
}

} // namespace

void gbench::forget_hooks()
{
    Hooks::clear();
    Statistics::clear();
    Complexities::clear();
}

int gb_benchmark_setup(gb_benchmark *b, gb_hook_fn *setup, void *user)
{
    return set_hook(b, When::setup, setup, user);
}

int gb_benchmark_teardown(gb_benchmark *b, gb_hook_fn *teardown, void *user)
{
    return set_hook(b, When::teardown, teardown, user);
}

int gb_benchmark_complexity(gb_benchmark *b, gb_big_o complexity)
{
    static const benchmark::BigO library[] = {
        benchmark::oNone,   benchmark::o1,    benchmark::oN,     benchmark::oNSquared,
        benchmark::oNCubed, benchmark::oLogN, benchmark::oNLogN, benchmark::oAuto};

    if (!b || complexity < GB_O_NONE || complexity > GB_O_AUTO)
        return GB_EINVAL;
    if (int rc = gbench::may_change())
        return rc;
    b->lib->Complexity(library[complexity]);
    b->has_complexity = complexity != GB_O_NONE;
    return GB_OK;
}

int gb_benchmark_complexity_fn(gb_benchmark *b, gb_complexity_fn *fn, void *user)
{
    if (!b || !fn)
        return GB_EINVAL;
    if (int rc = gbench::may_change())
        return rc;
    auto *function = Complexities::put(&b->complexity_slot, {fn, user});
    if (!function)
        return GB_ELIMIT;
    b->lib->Complexity(function);
    b->has_complexity = true;
    return GB_OK;
}

int gb_benchmark_statistic(gb_benchmark *b, const char *name, gb_statistic_fn *fn, void *user,
                           gb_statistic_unit unit)
{
    if (!b || !name || !*name || !fn ||
        (unit != GB_STATISTIC_TIME && unit != GB_STATISTIC_PERCENTAGE))
        return GB_EINVAL;
    if (int rc = gbench::may_change())
        return rc;
    return gbench::guarded([&] {
        int slot = -1;
        auto *function = Statistics::put(&slot, {fn, user});

        if (!function)
            return static_cast<int>(GB_ELIMIT);
        b->lib->ComputeStatistics(
            name, function, unit == GB_STATISTIC_TIME ? benchmark::kTime : benchmark::kPercentage);
        return static_cast<int>(GB_OK);
    });
}
