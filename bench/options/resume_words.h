/*
 * The command line of the run in a folder, for `--resume --out DIR`, which needs no other options:
 * they are read from its manifest. Options given again override them; whether the run is still the
 * same is then checked as for any resumption (qn_manifest_resume, qn_results_resume).
 */
#ifndef QN_BENCH_OPTIONS_RESUME_WORDS_H
#define QN_BENCH_OPTIONS_RESUME_WORDS_H

#include "bench/base/args.h"

/* All zeros: nothing was read from a folder. */
struct qn_resume_words {
    int argc;
    char **argv; /* argv[argc] is NULL; owned, with its words */
    /* base of relative file names among the words, unless it is the current folder; owned */
    char *folder;
};

/*
 * If argv (checked by qn_args_check; argv[0] is the command's name) has --resume and --out DIR, and
 * DIR has a manifest with the words of a run, *out is those words, overridden by argv's. Otherwise
 * *out is all zeros, and argv is to be used. QN_EINVAL after a complaint: the run is of another
 * command, or it ended before its folder had a manifest and argv gives no options. QN_ENOMEM. In
 * every case *out goes to qn_resume_words_fini.
 */
int qn_resume_words_make(const struct qn_option *options, int argc, char **argv,
                         struct qn_resume_words *out) QN_MUST_CHECK;

/* Changes the process's current folder to the one that file names among the words are relative to,
 * if it differs and still exists. Returns a descriptor for going back. */
int qn_resume_words_enter(const struct qn_resume_words *words);
void qn_resume_words_leave(int home);
void qn_resume_words_fini(struct qn_resume_words *words);

#endif
