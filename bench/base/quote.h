/*
 * Words as they can be written again: items of lists, and what a shell is given.
 */
#ifndef QN_BENCH_BASE_QUOTE_H
#define QN_BENCH_BASE_QUOTE_H

/* An item as qn_list_split takes it apart again whatever the separator, in quotes where it needs
 * them; for free. NULL: no memory. */
char *qn_quote_item(const char *item);

/* A word as a POSIX shell reads it, in quotes where it needs them; for free. NULL: no memory. */
char *qn_quote_for_shell(const char *word);

#endif
