/*
 * manifest.json as tables, a line per field, in the order of the file. bench/run/manifest.c writes
 * it, bench/folder/manifest.h reads it: to add a field, add a line.
 *
 * X(SYMBOL, section, name, kind, value, resumes): section is the enclosing object, "" for the root;
 * kind as in qn_json_put_KIND (bench/base/json.h); value is an expression used only in
 * bench/run/manifest.c, over m, const struct qn_manifest *; o, its options; and h, facts gathered
 * when writing. resumes 1: a resumed run must have the same value.
 */
#ifndef QN_BENCH_SCHEMA_MANIFEST_H
#define QN_BENCH_SCHEMA_MANIFEST_H

#include <stdbool.h>

/* The version of the format of the manifest and the tables beside it. */
#define QN_MANIFEST_VERSION_OF_FORMAT 1

/* clang-format off */
#define QN_MANIFEST_FIELDS(X) \
    X(FORMAT, "", "format", whole, QN_MANIFEST_VERSION_OF_FORMAT, 0) \
    X(DATE, "run", "date", text, h->date, 0) \
    X(WORDS, "run", "words", item, texts(o->words, count(o->words)), 0) \
    X(COMMAND, "run", "command", text, h->command, 0) \
    X(FOLDER, "run", "folder", text, h->folder, 0) \
    X(SEED, "run", "seed", whole, (int64_t)o->seed, 1) \
    X(TRIALS, "run", "trials", whole, o->trials, 1) \
    X(PROCESSES, "run", "processes", whole, o->processes, 1) \
    X(WARMUP_MAX_CALLS, "run", "warmup_max_calls", whole, QN_WARMUP_MAX_CALLS, 1) \
    X(CELLS, "run", "cells", whole, (int64_t)m->plan->n_cells, 0) \
    X(CALLER, "run", "caller", text, qn_caller_names[o->caller], 1) \
    X(WAIT, "run", "wait", text, qn_wait_words.list[o->wait], 1) \
    X(PLACEMENT, "run", "placement", text, qn_placement_words.list[o->placement], 1) \
    X(STRATEGIES, "run", "strategies", item, strategies(o->strategies, o->n_strategies), 1) \
    X(BENCHMARK_ARGS, "run", "benchmark_args", item, texts(o->benchmark_args, count(o->benchmark_args)), 1) \
    X(HOST, "machine", "host", text, h->host, 0) \
    X(CPU, "machine", "cpu", text, h->cpu, 0) \
    X(CORES, "machine", "cores", whole, qn_topo_n_cores(m->topo), 0) \
    X(PUS, "machine", "pus", whole, qn_topo_n_pus(m->topo), 0) \
    X(KERNEL, "machine", "kernel", text, h->kernel, 0) \
    X(COMPILER, "build", "compiler", text, __VERSION__, 0) \
    X(BUILD_TYPE, "build", "type", text, QN_BUILD_TYPE, 0) \
    X(VERSION, "build", "version", text, QN_VERSION, 0) \
    X(ALLOCATOR, "build", "allocator", text, h->memory.allocator, 0) \
    X(DIRTY_DECAY_MS, "build", "dirty_decay_ms", whole, h->memory.dirty_decay_ms, 0) \
    X(MUZZY_DECAY_MS, "build", "muzzy_decay_ms", whole, h->memory.muzzy_decay_ms, 0) \
    X(BACKGROUND_THREAD, "build", "background_thread", flag, h->memory.background_thread, 0) \
    X(CLOCK_SOURCE, "clock", "source", text, h->clock_source, 0) \
    X(NS_PER_TICK, "clock", "ns_per_tick", number, ldexp((double)m->run->clock.mult, -QN_CLOCK_SHIFT), 0) \
    X(READ_NS, "clock", "read_ns", number, m->clock.cost_ns, 0) \
    X(RESOLUTION_NS, "clock", "resolution_ns", number, m->clock.resolution_ns, 0) \
    X(OFFSET_NS, "clock", "offset_ns", number, m->run->clock_offset_ns, 0) \
    X(OFFSET_BOUND_NS, "clock", "offset_bound_ns", number, m->clock_bound_ns < 0 ? NAN : m->clock_bound_ns, 0) \
    X(NOMINAL_NS, "quantum", "nominal_ns", whole, QN_QUANTUM_NS, 0) \
    X(ITERATIONS, "quantum", "iterations", whole, (int64_t)m->run->iterations_per_quantum, 0) \
    X(MEASURED_NS, "quantum", "measured_ns", number, m->quantum_ns, 0) \
    X(NS_A_WORKER, "recorder", "ns_a_worker", number, m->recorder_ns, 0) \
    X(FOREIGN, "", "foreign", item, qn_foreign_json(o->strategies, o->n_strategies), 0) \
    X(IMPORTED, "", "imported", item, NULL, 0) \
    X(UNITS, "", "units", item, units(o), 0) \
    X(FACTS, "", "facts", item, facts(), 0) \
    X(WORKLOADS, "", "workloads", item, workloads(m->options, m->places), 0)

/* X(name, kind, value, is_of_cells), for a workload: set, const struct qn_workload_set *; w, its
 * base; place, where its threads go, or NULL. is_of_cells 1: a column of its cells, or the list of
 * that column's values.
 *
 * A key with a single value (VALUE in bench/workload/keys.h) needs no line: unless there is one with
 * the name of its field, it is written after these under that name. */
#define QN_MANIFEST_WORKLOAD_FIELDS(X) \
    X("name", text, w->name, 1) \
    X("kind", text, qn_kind_name(w->kind), 1) \
    X("mix", item, mix(w), 0) \
    X("work", item, own_work(set), 0) \
    X("workers", item, wholes(set->workers, set->n_workers), 1) \
    X("threads", whole, w->threads, 1) \
    X("service", item, service(&w->service), 0) \
    X("item", item, w->has_item ? service(&w->item) : NULL, 0) \
    X("failure_rates", item, rates(set), 1) \
    X("failing_calls", item, set->failing_calls ? numbers(set->failing_calls, set->n_failing_calls) : NULL, 0) \
    X("failure_at", text, qn_failure_at_names[w->failure_at], 0) \
    X("first", item, w->failure_at == QN_FAIL_AT_FIRST ? cJSON_CreateNumber(w->first_failing) : NULL, 0) \
    X("step", item, w->failure_at == QN_FAIL_AT_STEP ? cJSON_CreateNumber(w->failing_step) : NULL, 0) \
    X("resources", item, resources(w->resources, w->n_resources), 0) \
    X("cleanup_weights", item, wholes(w->cleanup_weights, QN_CLEANUP_COUNT), 0) \
    X("memory_bytes", whole, (int64_t)w->memory_bytes, 0) \
    X("result_bytes", whole, (int64_t)w->result_bytes, 0) \
    X("polls_ns", item, polls(set->polls_quanta, set->n_polls), 1) \
    X("poll_cost_ns", whole, (int64_t)w->poll_cost_ns, 0) \
    X("arrivals", item, arrivals(set->arrivals, set->n_arrivals), 1) \
    X("place", item, place ? place_of_threads(place) : NULL, 0)
/* clang-format on */

enum qn_manifest_field {
#define QN_MANIFEST_ENUM(symbol, section, name, kind, value, resumes) QN_MANIFEST_##symbol,
    QN_MANIFEST_FIELDS(QN_MANIFEST_ENUM)
#undef QN_MANIFEST_ENUM
        QN_MANIFEST_FIELD_COUNT
};

struct qn_manifest_name {
    const char *section, *name; /* section "": the root */
};

/* Indexed by enum qn_manifest_field; immutable. */
extern const struct qn_manifest_name qn_manifest_names[QN_MANIFEST_FIELD_COUNT];

/* A field of a workload is one of its cells, too. */
bool qn_manifest_is_of_cells(const char *name);

#endif
