/*
 * quench/strategy.h: a strategy of your own, loaded by an installed Quench as its own are built in.
 *
 * A strategy that is written as Quench's are (strategies/call.h; docs/skeleton.c is one to start
 * from) becomes a module by one line:
 *
 *   #include <quench/strategy.h>
 *
 *   static const struct qn_strategy mine = {.name = "mine", ...};
 *
 *   QUENCH_STRATEGIES(&mine);
 *
 * built as a shared object from C17 with the flags of `pkg-config --cflags quench-strategy` or of the
 * CMake target quench::strategy, and linked with nothing of Quench: the program that loads it has the
 * functions that it calls. `quench run --peer ./mine.so --strategies mine,drain` runs it.
 *
 * Unlike a peer (quench/peer.h), such a module runs on Quench's threads, channels and tokens, in all
 * kinds of work and arrivals, and with the policies that its flags allow. Its headers have inline
 * functions that know how the runtime's structs are laid out: it belongs to the Quench that it was
 * built against, and one with other headers refuses it (QUENCH_STRATEGY_ABI).
 *
 * Names of strategies have a-z, 0-9 and '-', at most 31 bytes, and are none of those that
 * `quench list strategies` has.
 */
#ifndef QUENCH_STRATEGY_H
#define QUENCH_STRATEGY_H

#include "quench/strategy/abi.h"
#include "strategies/call.h"

/*
 * What a module has: its one symbol is quench_strategy_module. QUENCH_STRATEGIES defines it.
 */
struct quench_strategy_module {
    const char *abi;                             /* QUENCH_STRATEGY_ABI: read before all else */
    const struct qn_strategy *const *strategies; /* NULL after the last; static storage */
};

#ifndef QUENCH_EXPORT
#define QUENCH_EXPORT __attribute__((visibility("default")))
#endif
#define QUENCH_STRATEGY_SYMBOL "quench_strategy_module"
extern QUENCH_EXPORT const struct quench_strategy_module quench_strategy_module;

/* Defines it with the strategies given, by their addresses: QUENCH_STRATEGIES(&one, &other); */
#define QUENCH_STRATEGIES(...) \
    static const struct qn_strategy *const quench_strategies_[] = {__VA_ARGS__, NULL}; \
    const struct quench_strategy_module quench_strategy_module = {QUENCH_STRATEGY_ABI, \
                                                                  quench_strategies_}

#endif
