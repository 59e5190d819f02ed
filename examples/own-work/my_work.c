/*
 * Work of your own, to start from: quench run --work ./my-work.so
 *
 * A unit should be the least that your code does between two places where it could look whether to stop: here,
 * one line of a text whose words are counted. Quench times a unit, draws how many a worker does, and calls chunk
 * with as many as lie between two polls.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <quench/work.h>

#define LINE \
    "the worker that failed has told nobody yet, and the others go on working all the while\n"
#define N_LINES 1000u

/* What all workers share. Made once in each measuring process, before anything is measured. */
struct text {
    char bytes[N_LINES * (sizeof(LINE) - 1)];
};

/* What a worker has of its own. */
struct counter {
    const struct text *text;
    uint32_t line;
    uint64_t words;
};

static int my_open(void **work)
{
    struct text *text = malloc(sizeof(*text));

    if (!text)
        return ENOMEM; /* or whatever errno says: Quench prints it */
    for (uint32_t i = 0; i < N_LINES; i++)
        memcpy(text->bytes + i * (sizeof(LINE) - 1), LINE, sizeof(LINE) - 1);
    *work = text;
    return 0;
}

/* On the worker's thread, as chunk and finish; other workers run on other threads meanwhile. */
static int my_start(void *work, uint32_t index, void **worker)
{
    struct counter *c = calloc(1, sizeof(*c));

    if (!c)
        return ENOMEM;
    c->text = work;
    c->line = index % N_LINES;
    *worker = c;
    return 0;
}

static enum quench_work_step my_chunk(void *worker, uint32_t units)
{
    struct counter *c = worker;

    for (; units > 0; units--) {
        const char *at = c->text->bytes + c->line * (sizeof(LINE) - 1);

        for (; *at != '\n'; at++)
            c->words += *at == ' ';
        c->line = (c->line + 1) % N_LINES;
    }
    return QUENCH_WORK_MORE; /* QUENCH_WORK_DONE: nothing is left; QUENCH_WORK_FAILED: it failed by itself */
}

/* Called once for every start, also for a worker that was cut short. */
static void my_finish(void *worker)
{
    free(worker);
}

static const struct quench_work my_work = {
    .abi = QUENCH_WORK_ABI,
    .size = sizeof(struct quench_work),
    .name = "words",
    .summary = "counts the words of a text",
    .unit = "line of text",
    .open = my_open,
    .start = my_start,
    .chunk = my_chunk,
    .finish = my_finish,
    .close = free,
};

QUENCH_WORK_ENTRY(uint32_t i)
{
    return i == 0 ? &my_work : NULL;
}
