/*
 * index.html: the run in words and plots, in one file that opens from disk.
 */
#ifndef QN_BENCH_REPORT_PAGE_INDEX_H
#define QN_BENCH_REPORT_PAGE_INDEX_H

#include "bench/folder/tables.h"

/* Writes the page, with the plots that exist. QN_EIO after a complaint; QN_ENOMEM. */
int qn_page_write(const struct qn_tables *tables) QN_MUST_CHECK;

#endif
