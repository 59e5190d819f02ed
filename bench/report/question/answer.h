/*
 * The article's questions, answered with a run's figures.
 *
 * A question is data: statements, each of two figures (or one and a bound) and what it means if
 * their intervals say that the first is higher, lower, or neither; the rule that follows; and its
 * exception. The intervals of the given folders choose which sentences an answer has; nothing is
 * decided beforehand.
 */
#ifndef QN_BENCH_REPORT_QUESTION_ANSWER_H
#define QN_BENCH_REPORT_QUESTION_ANSWER_H

#include "bench/folder/tables.h"
#include "bench/report/html.h"

/* A figure of a cell, at the rate that the plots show. */
struct qn_pick {
    const char *workload; /* NULL: the first one that matches */
    const char *strategy; /* NULL: there is no such figure */
    const char *policy;   /* as in plan.csv; "": all default */
};

/* A comparison of `a` and `b` in the same folder, or of `a` and a bound if b has no strategy. */
struct qn_statement {
    const char *metric, *condition; /* of summary.csv */
    bool is_mean;                   /* the mean; else the median */
    const char *unit_name;          /* as printed */
    double unit;                    /* its size in the metric's unit */
    struct qn_pick a, b;
    double bound;                         /* in the printed unit */
    const char *higher, *lower, *neither; /* what it means if a is higher, lower, or neither */
};

struct qn_question {
    const char *id; /* usable in a link */
    const char *title;
    const char *profile; /* the profile that shows it: quench run --profile … */
    const struct qn_statement *statements;
    size_t n_statements;
    const char *rule;      /* the conclusion */
    const char *exception; /* to the rule */
};

extern const struct qn_question qn_questions[];
extern const size_t qn_n_questions;

/* The outcome of a statement. */
enum qn_answer { QN_ANSWER_NONE, QN_ANSWER_HIGHER, QN_ANSWER_LOWER, QN_ANSWER_NEITHER };

/*
 * Finds the statement's figures in a folder. QN_ANSWER_NONE: some are missing. Else sets *a and *b
 * (*b may be the bound), and *workload to their workload's name, which the folder owns. Without
 * both intervals nothing is higher or lower.
 */
enum qn_answer qn_statement_judge(const struct qn_tables *tables,
                                  const struct qn_statement *statement, struct qn_estimate *a,
                                  struct qn_estimate *b, const char **workload);

/* True if the folder answers some question. */
bool qn_questions_has_any(const struct qn_tables *tables);

/* A section of the page with every question that the folder answers; nothing if there is none. */
void qn_page_questions(const struct qn_tables *tables, struct qn_html *page);

#endif
