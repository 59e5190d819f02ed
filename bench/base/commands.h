/*
 * The program's commands, a line each: main.c runs them, --help and `quench list commands` print
 * them, and run.sh uses that list. Each command is in a file of its room and parses its arguments
 * by a table of options (bench/base/args.h).
 */
#ifndef QN_BENCH_BASE_COMMANDS_H
#define QN_BENCH_BASE_COMMANDS_H

/* X(name, summary), in the order of --help */
#define QN_COMMANDS(X) \
    X(run, "measure strategies on workloads; writes a results folder") \
    X(advise, "say in five lines what a fan-out should do about a failure") \
    X(tune, "find the strategy, poll interval and policies that suit a workload best") \
    X(compare, "compare two results folders: what is better or worse") \
    X(report, "render the plots and the page of a results folder again") \
    X(explain, "show where the time and the bytes of one cell's calls went") \
    X(questions, "answer the article's questions with figures from results folders") \
    X(import, "make a results folder of fan-outs that other programs recorded") \
    X(fit, "make a workload file from a trace of durations") \
    X(check, "check that peers keep the contract of quench/peer.h") \
    X(doctor, "show what on this machine spoils measurements, and what to do about it") \
    X(list, "list strategies, workloads, metrics, policies, keys, profiles and commands") \
    X(selftest, "measure how reliable this program's verdicts are on this machine") \
    X(micro, "measure the cost of the runtime's parts, next to their lower bounds")

/* argv[0] is the command's name. Returns the exit code (bench/base/exit.h), after a line on stderr
 * unless it is 0; --help explains the codes. */
#define QN_COMMAND_FUNCTION(name, summary) int qn_##name##_command(int argc, char **argv);
QN_COMMANDS(QN_COMMAND_FUNCTION)
#undef QN_COMMAND_FUNCTION

#endif
