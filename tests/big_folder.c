/*
 * Makes a large results folder from a small one: every process's calls are repeated with new trial
 * numbers, so that the large folder is as valid as the small one, including checksums. It has no
 * summary, plots or page: `quench run --resume` makes them.
 *
 * usage: big_folder SMALL LARGE TIMES
 *        big_folder --time COMMAND …    runs it, and prints its time and memory, with children
 */
#include <errno.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>

#define PATH_BYTES 4096
#define MAX_COLUMNS 64

static _Noreturn void give_up(const char *what, const char *why)
{
    fprintf(stderr, "big_folder: %s: %s\n", what, why);
    exit(2);
}

static FILE *open_in(const char *dir, const char *name, const char *mode)
{
    char path[PATH_BYTES];
    FILE *file;

    snprintf(path, sizeof(path), "%s/%s", dir, name);
    file = fopen(path, mode);
    if (!file)
        give_up(path, strerror(errno));
    return file;
}

static void end(FILE *file, const char *name)
{
    if (ferror(file) || fclose(file) != 0)
        give_up(name, strerror(errno));
}

/* A table of the small folder and of the large one, line by line. */
struct table {
    FILE *from, *to;
    const char *name;
    char *line, *header;
    size_t cap;
    ssize_t n; /* bytes of the line, its end included; below 1: there is none */
};

static void next(struct table *t)
{
    t->n = getline(&t->line, &t->cap, t->from);
}

static void begin(struct table *t, const char *small, const char *large, const char *name)
{
    *t = (struct table){.from = open_in(small, name, "re"), .to = open_in(large, name, "we")};
    t->name = name;
    next(t);
    if (t->n < 1)
        give_up(name, "it has no header");
    t->header = strdup(t->line);
    if (!t->header)
        give_up(name, "out of memory");
    fputs(t->header, t->to);
    next(t);
}

static void finish(struct table *t)
{
    fclose(t->from);
    end(t->to, t->name);
    free(t->line);
    free(t->header);
}

/* The index of a column. */
static int column_of(const struct table *t, const char *name)
{
    const char *at = t->header;
    size_t n = strlen(name);

    for (int i = 0; at; i++) {
        at += *at == ',';
        if (strncmp(at, name, n) == 0 && strchr(",\n", at[n]))
            return i;
        at = strchr(at, ',');
    }
    give_up(t->name, "it lacks a column");
}

/* Where the i-th field of a line begins. No field of these tables is quoted. */
static const char *field(const char *line, int i)
{
    for (; i > 0 && line; i--)
        line = strchr(line, ',') ? strchr(line, ',') + 1 : NULL;
    return line ? line : "";
}

/* Bytes of "cell,process,". */
static size_t key_bytes(const char *line)
{
    return (size_t)(field(line, 2) - line);
}

static uint32_t put(FILE *file, const char *text, size_t n, uint32_t crc)
{
    fwrite(text, 1, n, file);
    return (uint32_t)crc32_z(crc, (const Bytef *)text, n);
}

/* Writes a line with fields a and b (a < b) replaced; b may be -1: only a. */
static uint32_t put_line(FILE *file, const char *line, int a, int64_t a_value, int b,
                         int64_t b_value, uint32_t crc)
{
    const char *at = field(line, a), *rest = at + strcspn(at, ",\n");
    char number[32];

    crc = put(file, line, (size_t)(at - line), crc);
    crc = put(file, number, (size_t)snprintf(number, sizeof(number), "%" PRId64, a_value), crc);
    if (b >= 0) {
        at = field(rest, b - a);
        crc = put(file, rest, (size_t)(at - rest), crc);
        crc = put(file, number, (size_t)snprintf(number, sizeof(number), "%" PRId64, b_value), crc);
        rest = at + strcspn(at, ",\n");
    }
    return put(file, rest, strlen(rest), crc);
}

/* The lines of one process. */
struct process {
    char **lines;
    size_t n;
};

static void take_process(struct table *t, struct process *p)
{
    size_t key = t->n > 0 ? key_bytes(t->line) : 0;

    *p = (struct process){0};
    while (t->n > 0 && (p->n == 0 || strncmp(t->line, p->lines[0], key) == 0)) {
        char **lines = realloc(p->lines, (p->n + 1) * sizeof(*lines));

        if (!lines || !(lines[p->n] = strdup(t->line)))
            give_up(t->name, "out of memory");
        p->lines = lines;
        p->n++;
        next(t);
    }
}

static void process_fini(struct process *p)
{
    for (size_t i = 0; i < p->n; i++)
        free(p->lines[i]);
    free(p->lines);
}

/* Repeats a process's calls `times` times; each repetition is shifted by the duration of the
 * calls. */
static uint32_t put_process(const struct table *t, const struct process *p, uint64_t times)
{
    int trial = column_of(t, "trial"), begin_at = column_of(t, "begin_at_ns");
    int64_t span = strtoll(field(p->lines[p->n - 1], begin_at), NULL, 10) + 1000000;
    uint32_t crc = 0;

    for (uint64_t k = 0; k < times; k++)
        for (size_t i = 0; i < p->n; i++)
            crc =
                put_line(t->to, p->lines[i], trial, (int64_t)(k * p->n + i), begin_at,
                         strtoll(field(p->lines[i], begin_at), NULL, 10) + (int64_t)k * span, crc);
    return crc;
}

/* trials.csv, blocks.csv and pairs.csv, which have the processes in the same order. */
static void multiply(const char *small, const char *large, uint64_t times)
{
    struct table trials, blocks, pairs;

    begin(&trials, small, large, "trials.csv");
    begin(&blocks, small, large, "blocks.csv");
    begin(&pairs, small, large, "pairs.csv");
    while (pairs.n > 0) {
        struct process p;
        size_t key = key_bytes(pairs.line);
        char seals[4][16];
        uint32_t crc, block_crc;

        take_process(&trials, &p);
        if (p.n == 0 || blocks.n < 1 || strncmp(p.lines[0], pairs.line, key) != 0 ||
            strncmp(blocks.line, pairs.line, key) != 0 ||
            sscanf(field(pairs.line, 3), "%15[^,],%15[^,],%15[^,],%15s", seals[0], seals[1],
                   seals[2], seals[3]) != 4)
            give_up("pairs.csv", "its order is not that of trials.csv and blocks.csv");
        crc = put_process(&trials, &p, times);
        block_crc = put_line(blocks.to, blocks.line, column_of(&blocks, "calls"),
                             (int64_t)(p.n * times), -1, 0, 0);
        fprintf(pairs.to, "%.*s%" PRIu64 ",%08" PRIx32 ",%s,%08" PRIx32 ",%s\n", (int)key,
                pairs.line, p.n * times, crc, seals[1], block_crc, seals[3]);
        process_fini(&p);
        next(&blocks);
        next(&pairs);
    }
    finish(&pairs);
    finish(&blocks);
    finish(&trials);
}

/* Writes a line of the manifest, multiplying the trials per process wherever they occur. */
static void put_manifest_line(const char *line, uint64_t times, FILE *to)
{
    static const char *const before[] = {"\"trials\":\t", "\"--trials\", \"", "--trials "};

    for (size_t i = 0; i < sizeof(before) / sizeof(*before); i++) {
        const char *at = strstr(line, before[i]);
        char *rest;
        uint64_t n;

        if (!at)
            continue;
        at += strlen(before[i]);
        n = strtoull(at, &rest, 10);
        fprintf(to, "%.*s%" PRIu64, (int)(at - line), line, n * times);
        line = rest;
    }
    fputs(line, to);
}

/* Copies a file; times above 1: the manifest, with its trials multiplied. */
static void copy(const char *small, const char *large, const char *name, uint64_t times)
{
    FILE *from = open_in(small, name, "re"), *to = open_in(large, name, "we");
    char *line = NULL;
    size_t cap = 0;

    while (getline(&line, &cap, from) > 0)
        if (times > 1)
            put_manifest_line(line, times, to);
        else
            fputs(line, to);
    free(line);
    fclose(from);
    end(to, name);
}

/* Runs a command; its exit code. */
static int time_command(char **command)
{
    struct timespec began, ended;
    struct rusage usage;
    int status;
    pid_t pid;

    clock_gettime(CLOCK_MONOTONIC, &began);
    pid = fork();
    if (pid == 0) {
        execvp(command[0], command);
        give_up(command[0], strerror(errno));
    }
    if (pid < 0 || wait4(pid, &status, 0, &usage) != pid)
        give_up(command[0], strerror(errno));
    clock_gettime(CLOCK_MONOTONIC, &ended);
    fprintf(stderr, "%.1f s, %.1f s of processor time, %ld KiB\n",
            (double)(ended.tv_sec - began.tv_sec) + (double)(ended.tv_nsec - began.tv_nsec) / 1e9,
            (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
                (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6,
            usage.ru_maxrss);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

int main(int argc, char **argv)
{
    static const char *const same[] = {"plan.csv", "topology.xml", "timeline.csv",
                                       "gbench-parts.jsonl"};
    uint64_t times = argc == 4 ? strtoull(argv[3], NULL, 10) : 0;

    if (argc > 2 && strcmp(argv[1], "--time") == 0)
        return time_command(argv + 2);
    if (times == 0 || mkdir(argv[2], 0777) != 0)
        give_up("SMALL LARGE TIMES", times == 0 ? "are wanted" : strerror(errno));
    for (size_t i = 0; i < sizeof(same) / sizeof(*same); i++)
        copy(argv[1], argv[2], same[i], 1);
    copy(argv[1], argv[2], "manifest.json", times);
    multiply(argv[1], argv[2], times);
    return 0;
}
