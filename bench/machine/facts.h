/*
 * Facts about a machine that decide how far its numbers can be trusted: what is seen, whether it
 * spoils them, and what can be done about it. They are read and measured, nothing is changed, and
 * nothing needs root; what can't be told is said to be unknown.
 */
#ifndef QN_BENCH_MACHINE_FACTS_H
#define QN_BENCH_MACHINE_FACTS_H

#include <stddef.h>

struct cJSON;

/* X(symbol, name), from best to worst. Unknown: it can't be told from here. Note: to be known when
 * figures are read, and often beyond the user. Spoils: figures are not to be trusted while it is
 * so. */
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
    const char *advice; /* static: what it does to figures and what to do; "" where it is good */
};

struct qn_facts {
    struct qn_fact list[QN_MAX_FACTS];
    size_t n;
};

/*
 * Adds what can be read from files below root ("" for this machine; tests lay out trees of their
 * own): CPUs and their frequencies, clock source, limits of the cgroups, memory, mitigations.
 */
void qn_facts_read(const char *root, struct qn_facts *facts);

/*
 * Adds what has to be asked of this machine: virtualisation, load and steal over some 200 ms, what
 * a clock read costs, how far two cores are from each other, how late sleepers wake, hardware
 * counters; and how this program was built. Needs the clock (qn_clock_init). Blocks for about 250 ms; binds the calling thread for
 * some of it and gives it its affinity back.
 */
void qn_facts_measure(struct qn_facts *facts);

/* Adds a fact; one beyond QN_MAX_FACTS is left out. name and advice must be static; an advice for a
 * good fact is dropped. */
void qn_fact_add(struct qn_facts *facts, const char *name, enum qn_verdict verdict,
                 const char *advice, const char *format, ...) __attribute__((format(printf, 5, 6)));

/* The worst verdict of all. */
enum qn_verdict qn_facts_worst(const struct qn_facts *facts);

/* A list of {name, seen, verdict, advice}; out of memory leaves out. */
struct cJSON *qn_facts_json(const struct qn_facts *facts);

#endif
