#include "bench/report/page_bed.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/folder/tables.h"
#include "bench/report/page/index.h"

#define PLAN \
    "cell_id,strategy,workload,kind,workers,threads,failure_rate,poll_ns,arrival,policy,process," \
    "order,status,reason\n"
#define SUMMARY \
    "cell_id,metric,unit,condition,n,processes,mean,mean_lo,mean_hi,p50,p50_lo,p50_hi,p90,p99," \
    "p999,max\n"
#define TIMELINE "cell_id,process,trial,worker,thread,begin_ns,stop_ns,end_ns,outcome\n"

char dir[] = "/tmp/quench-page-XXXXXX";
char *page;

void write_file(const char *name, const char *head, const char *rows)
{
    char path[256];
    FILE *f;

    snprintf(path, sizeof(path), "%s/%s", dir, name);
    f = fopen(path, "we");
    assert_non_null(f);
    fputs(head, f);
    fputs(rows, f);
    assert_int_equal(fclose(f), 0);
}

void remove_file(const char *name)
{
    char path[256];

    snprintf(path, sizeof(path), "%s/%s", dir, name);
    unlink(path);
}

int make_folder(void **unused)
{
    (void)unused;
    return mkdtemp(dir) ? 0 : -1;
}

int remove_folder(void **unused)
{
    static const char *const names[] = {"plan.csv",      "summary.csv",  "trials.csv",
                                        "manifest.json", "timeline.csv", "blocks.csv",
                                        "index.html"};

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(names); i++)
        remove_file(names[i]);
    free(page);
    return rmdir(dir);
}

void write_tables(const char *cells, const char *summary)
{
    char head[4096] = "cell_id";
    size_t n = strlen(head);

    for (int i = 0; i < QN_COL_COUNT; i++)
        n += (size_t)snprintf(head + n, sizeof(head) - n, ",%s", qn_trial_columns[i]);
    snprintf(head + n, sizeof(head) - n, "\n");
    write_file("plan.csv", PLAN, cells);
    write_file("summary.csv", SUMMARY, summary);
    write_file("trials.csv", head, "");
    write_file("timeline.csv", TIMELINE, "");
    remove_file("blocks.csv");
}

void make_page(void)
{
    char path[256];
    struct qn_tables t;
    size_t cap = 0;
    FILE *f;

    assert_int_equal(qn_tables_read(&t, dir, NULL), QN_OK);
    assert_int_equal(qn_page_write(&t), QN_OK);
    qn_tables_free(&t);
    snprintf(path, sizeof(path), "%s/index.html", dir);
    f = fopen(path, "re");
    assert_non_null(f);
    free(page);
    page = NULL;
    assert_true(getdelim(&page, &cap, '\0', f) > 0);
    fclose(f);
}

void assert_says(const char *text)
{
    if (!strstr(page, text))
        print_message("not on the page: %s\n", text);
    assert_non_null(strstr(page, text));
}

/* A row of trials.csv with the columns that a ratio needs. */
void add_trial(FILE *f, const char *cell, int process, int trial, int64_t wasted)
{
    fputs(cell, f);
    for (int i = 0; i < QN_COL_COUNT; i++) {
        putc(',', f);
        if (i == QN_COL_PROCESS)
            fprintf(f, "%d", process);
        else if (i == QN_COL_TRIAL)
            fprintf(f, "%d", trial);
        else if (i == QN_COL_FAILED)
            putc('1', f);
        else if (i == QN_COL_WASTED)
            fprintf(f, "%lld", (long long)wasted);
        else if (i == QN_COL_ERROR_RETURNED_KIND)
            fputs("worker", f);
    }
    putc('\n', f);
}
