/*
 * The program's commands, a line each: main.c runs them, --help and `quench list commands` print
 * them, and run.sh uses that list. Each command is in a file of its room and parses its arguments
 * by a table of options (bench/base/args.h).
 */
#ifndef QN_BENCH_BASE_COMMANDS_H
#define QN_BENCH_BASE_COMMANDS_H

/* X(name, summary), in the order of --help */
#define QN_COMMANDS(X) \
    X(run, "measure strategies on workloads; leaves a results folder") \
    X(tune, "which strategy, poll interval and policies a workload should have") \
    X(compare, "what is better or worse in one results folder than in another") \
    X(report, "render plots and page of a results folder again") \
    X(explain, "where the time and the bytes of one cell's calls went") \
    X(questions, "answer the article's questions with the figures of results folders") \
    X(fit, "make a workload file of a trace of durations") \
    X(doctor, "what of this machine spoils numbers, and what to do about it") \
    X(list, \
      "what strategies, workloads, metrics, policies, keys, profiles and commands there are") \
    X(selftest, "measure what the verdicts of this program are worth on this machine") \
    X(micro, "what the runtime's parts cost, beside what bounds them")

/* argv[0] is the command's name. Returns the exit code (bench/base/exit.h), after a line on stderr
 * unless it is 0; --help explains the codes. */
#define QN_COMMAND_FUNCTION(name, summary) int qn_##name##_command(int argc, char **argv);
QN_COMMANDS(QN_COMMAND_FUNCTION)
#undef QN_COMMAND_FUNCTION

#endif
