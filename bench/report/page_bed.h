/* A results folder made by hand, and its page. */
#ifndef QN_BENCH_REPORT_PAGE_BED_H
#define QN_BENCH_REPORT_PAGE_BED_H

#include <stdint.h>
#include <stdio.h>

#include "tests/cmocka_all.h"

/* The folder, and the page as make_page read it. */
extern char dir[];
extern char *page;

int make_folder(void **unused);
int remove_folder(void **unused);

/* Files of the folder: one from its head and its rows; the tables of a run without trials. */
void write_file(const char *name, const char *head, const char *rows);
void remove_file(const char *name);
void write_tables(const char *cells, const char *summary);

/* Writes a row of trials.csv with the columns that a ratio of waste needs. */
void add_trial(FILE *f, const char *cell, int process, int trial, int64_t wasted);

void make_page(void);
void assert_says(const char *text);

#endif
