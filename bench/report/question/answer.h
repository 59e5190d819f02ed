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

/* A figure: of a cell, at the rate that the pictures show. */
struct qn_pick {
    const char *workload; /* NULL: the first that has the rest */
    const char *strategy; /* NULL: there is no such figure */
    const char *policy;   /* as in plan.csv; "": all default */
};

/* Held against one another: `a` and `b` in the same folder, or `a` and a bound where b has no strategy. */
struct qn_statement {
    const char *metric, *condition; /* of summary.csv */
    bool is_mean;                   /* its mean; else its median */
    const char *unit_name;          /* as printed */
    double unit;                    /* its size in the metric's own */
    struct qn_pick a, b;
    double bound;                         /* in the printed unit */
    const char *higher, *lower, *neither; /* what it means, a against b */
};

struct qn_question {
    const char *id; /* fit for a link */
    const char *title;
    const char *profile; /* that shows it: quench run --profile … */
    const struct qn_statement *statements;
    size_t n_statements;
    const char *rule;      /* what one may draw from it */
    const char *exception; /* to the rule */
};

extern const struct qn_question qn_questions[];
extern const size_t qn_n_questions;

/* How a statement comes out. */
enum qn_answer { QN_ANSWER_NONE, QN_ANSWER_HIGHER, QN_ANSWER_LOWER, QN_ANSWER_NEITHER };

/*
 * Finds the statement's figures in a folder. QN_ANSWER_NONE: they are not all there. Else *a and *b are
 * set (*b to the bound where b is one), and *workload to the name of the workload they are of, which
 * the folder owns. Without both intervals nothing is higher or lower.
 */
enum qn_answer qn_statement_judge(const struct qn_tables *tables,
                                  const struct qn_statement *statement, struct qn_estimate *a,
                                  struct qn_estimate *b, const char **workload);

/* True if the folder answers some question. */
bool qn_questions_has_any(const struct qn_tables *tables);

/* A section of the page with every question that the folder says something about; nothing if none. */
void qn_page_questions(const struct qn_tables *tables, struct qn_html *page);

#endif
