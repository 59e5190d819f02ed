/*
 * The words of the command that began a run, for `--resume --out DIR`, which needs no more than that:
 * they are taken from the manifest there. What stands on the command line takes their place, and whether
 * the run is still the same is then judged as for any resuming (qn_manifest_resume, qn_results_resume).
 */
#ifndef QN_BENCH_OPTIONS_RESUME_WORDS_H
#define QN_BENCH_OPTIONS_RESUME_WORDS_H

#include "bench/base/args.h"

/* All zeros: nothing was taken from a folder. */
struct qn_resume_words {
    int argc;
    char **argv;  /* argv[argc] is NULL; owned, with its words */
    char *folder; /* to which file names among the words are relative, if not to this one; owned */
};

/*
 * If argv (checked by qn_args_check; argv[0] is the command's word) has --resume and --out DIR, and DIR a
 * manifest with the words of a run: *out is those words with argv's in the place of theirs. Else *out is
 * left all zeros, and argv is what there is. QN_EINVAL after a complaint: the run is of another command;
 * it ended before its folder had a manifest, and argv doesn't say what it was to be. QN_ENOMEM. *out goes
 * to qn_resume_words_fini whatever comes of it.
 */
int qn_resume_words_make(const struct qn_option *options, int argc, char **argv,
                         struct qn_resume_words *out) QN_MUST_CHECK;

/* Goes into the folder that file names among the words are relative to, if there is another and it is still
 * there. Returns what leaving it takes. The current folder is the process's. */
int qn_resume_words_enter(const struct qn_resume_words *words);
void qn_resume_words_leave(int home);
void qn_resume_words_fini(struct qn_resume_words *words);

#endif
