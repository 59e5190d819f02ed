/*
 * Quoting: items of lists, and words for a shell.
 */
#ifndef QN_BENCH_BASE_QUOTE_H
#define QN_BENCH_BASE_QUOTE_H

/* An item, quoted if necessary so that qn_list_split restores it with any separator. The caller
 * frees it; NULL: out of memory. */
char *qn_quote_item(const char *item);

/* A word, quoted if necessary for a POSIX shell. The caller frees it; NULL: out of memory. */
char *qn_quote_for_shell(const char *word);

#endif
