/*
 * The interface that strategies are written against. One header per part, from the bottom up; a
 * part calls only the parts that it names, and none of them calls a strategy:
 *
 *   error     the kinds of errors
 *   types     report, worker, sink, call: the words
 *   memory    the call's memory, seen by the ledger
 *   sink      what the caller does with each report             uses memory
 *   scope     what the call and its workers share               uses memory, sink
 *   resource  what a worker takes step by step, and closes      uses memory
 *   block     a worker in a real blocking call
 *   own       work of one's own, in units of a module's
 *   work      qn_do_something: a worker's planned work          uses memory, resource, block, own
 *   reach     work that is ended by reaching its thread         uses memory, work, block
 *
 * On top, for families of strategies that share a run: sequence.h, tree.h. tests/includes_test.sh
 * checks that no two files call each other.
 */
#ifndef QN_STRATEGIES_CALL_H
#define QN_STRATEGIES_CALL_H

#include "strategies/memory.h"
#include "strategies/reach.h"
#include "strategies/scope.h"
#include "strategies/sink.h"
#include "strategies/types.h"
#include "strategies/work.h"

#endif
