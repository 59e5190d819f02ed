/*
 * Facts about a machine that decide how far its figures can be trusted: what was found, whether it
 * spoils measurements, and what to do about it. Nothing is changed and nothing needs root; what
 * can't be determined is unknown.
 */
#ifndef QN_BENCH_MACHINE_FACTS_H
#define QN_BENCH_MACHINE_FACTS_H

#include <stddef.h>

struct cJSON;

/* X(symbol, name), from best to worst. Unknown: can't be determined here. Note: to keep in mind
 * when reading figures, often beyond the user's control. Spoils: figures can't be trusted until it
 * is fixed. */
#define QN_VERDICTS(X) X(GOOD, "good") X(UNKNOWN, "unknown") X(NOTE, "note") X(SPOILS, "spoils")

enum qn_verdict {
#define QN_VERDICT_ENUM(symbol, name) QN_FACT_##symbol,
    QN_VERDICTS(QN_VERDICT_ENUM)
#undef QN_VERDICT_ENUM
        QN_VERDICT_COUNT
};

/* Indexed by enum qn_verdict; immutable. */
extern const char *const qn_verdict_names[QN_VERDICT_COUNT];

#define QN_FACT_SEEN_BYTES 160
#define QN_MAX_FACTS 32

struct qn_fact {
    const char *name; /* a word, static: the key in the manifest */
    char seen[QN_FACT_SEEN_BYTES];
    enum qn_verdict verdict;
    const char *advice; /* static: its effect on figures and what to do; "" if it is good */
};

struct qn_facts {
    struct qn_fact list[QN_MAX_FACTS];
    size_t n;
};

/*
 * Adds facts read from files below root ("" for this machine; tests make their own trees): CPUs and
 * their frequencies, clock source, limits of the cgroups, memory, mitigations.
 */
void qn_facts_read(const char *root, struct qn_facts *facts);

/*
 * Adds facts measured on this machine: virtualisation, load and steal over about 200 ms, the cost
 * of a clock read, the distance between two cores, how late sleeping threads wake, hardware
 * counters; and how this program was built. Needs the clock (qn_clock_init). Blocks for about 250
 * ms; binds the calling thread for part of that and restores its affinity.
 */
void qn_facts_measure(struct qn_facts *facts);

/* Adds a fact; beyond QN_MAX_FACTS it is left out. name and advice must be static; advice for a
 * good fact is dropped. */
void qn_fact_add(struct qn_facts *facts, const char *name, enum qn_verdict verdict,
                 const char *advice, const char *format, ...) __attribute__((format(printf, 5, 6)));

/* The worst verdict. */
enum qn_verdict qn_facts_worst(const struct qn_facts *facts);

/* A list of {name, seen, verdict, advice}; leaves out what runs out of memory. */
struct cJSON *qn_facts_json(const struct qn_facts *facts);

#endif
