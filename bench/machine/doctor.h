/* quench doctor: what of this machine spoils numbers, and what to do about it. Changes nothing. */
#ifndef QN_BENCH_MACHINE_DOCTOR_H
#define QN_BENCH_MACHINE_DOCTOR_H

/* argv[0] is "doctor". Returns the exit code: 0 whatever is found, 2 for wrong usage. */
int qn_doctor_command(int argc, char **argv);

#endif
