/*
 * Work: a query of SQLite over a table in memory; the progress handler counts its virtual machine's steps. An
 * interrupted statement can't go on, so a chunk goes from row to row until they are enough; what the last row
 * did beyond that counts for the next chunk. Connections are pooled: each has one worker at a time.
 */
#include <errno.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdlib.h>

#include "include/quench/work.h"

#define STEPS 250 /* of the virtual machine: a unit */
static const char make_table[] =
    "CREATE TABLE t(x INTEGER, y INTEGER);"
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n LIMIT 2000)"
    " INSERT INTO t SELECT i, i * 7919 % 2003 FROM n;";
static const char query[] = "SELECT a.x FROM t a, t b WHERE (a.x + b.y + ?1) % 17 = 3";

struct connection {
    struct connection *next; /* in the pool */
    struct pool *pool;
    sqlite3 *db;
    sqlite3_stmt *statement;
    int64_t units; /* done, and not yet asked for */
};

struct pool {
    pthread_mutex_t lock; /* guards free */
    struct connection *free;
};

static int count_unit(void *connection)
{
    ((struct connection *)connection)->units++;
    return 0;
}

static void disconnect(struct connection *c)
{
    sqlite3_finalize(c->statement);
    sqlite3_close(c->db);
    free(c);
}

static struct connection *connect_new(struct pool *pool)
{
    struct connection *c = calloc(1, sizeof(*c));

    if (!c)
        return NULL;
    c->pool = pool;
    if (sqlite3_open_v2(":memory:", &c->db,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
                        NULL) != SQLITE_OK ||
        sqlite3_exec(c->db, make_table, NULL, NULL, NULL) != SQLITE_OK ||
        sqlite3_prepare_v2(c->db, query, -1, &c->statement, NULL) != SQLITE_OK) {
        disconnect(c);
        return NULL;
    }
    sqlite3_progress_handler(c->db, STEPS, count_unit, c);
    return c;
}

static int query_open(void **work)
{
    struct pool *pool = calloc(1, sizeof(*pool));

    if (!pool)
        return ENOMEM;
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS,
                   0); /* else all connections share a lock at each allocation */
    pthread_mutex_init(&pool->lock, NULL);
    *work = pool;
    return 0;
}

static int query_start(void *work, uint32_t index, void **worker)
{
    struct pool *pool = work;
    struct connection *c;

    pthread_mutex_lock(&pool->lock);
    if ((c = pool->free))
        pool->free = c->next;
    pthread_mutex_unlock(&pool->lock);
    if (!c && !(c = connect_new(pool)))
        return ENOMEM;
    c->units = 0;
    sqlite3_bind_int64(c->statement, 1, index);
    *worker = c;
    return 0;
}

static enum quench_work_step query_chunk(void *worker, uint32_t units)
{
    struct connection *c = worker;

    while (c->units < units) {
        int rc = sqlite3_step(c->statement);

        if (rc == SQLITE_DONE)
            rc = sqlite3_reset(c->statement) == SQLITE_OK ? SQLITE_ROW : SQLITE_ERROR;
        if (rc != SQLITE_ROW)
            return QUENCH_WORK_FAILED;
    }
    c->units -= units;
    return QUENCH_WORK_MORE;
}

static void query_finish(void *worker)
{
    struct connection *c = worker;

    sqlite3_reset(c->statement);
    pthread_mutex_lock(&c->pool->lock);
    c->next = c->pool->free;
    c->pool->free = c;
    pthread_mutex_unlock(&c->pool->lock);
}

static void query_close(void *work)
{
    struct pool *pool = work;

    for (struct connection *c; (c = pool->free);) {
        pool->free = c->next;
        disconnect(c);
    }
    pthread_mutex_destroy(&pool->lock);
    free(pool);
}

static const struct quench_work work_query = {
    .abi = QUENCH_WORK_ABI,
    .size = sizeof(struct quench_work),
    .name = "query",
    .summary = "joins a table in memory with itself, in SQLite",
    .unit = "run of 250 virtual-machine steps",
    .open = query_open,
    .start = query_start,
    .chunk = query_chunk,
    .finish = query_finish,
    .close = query_close,
};

QUENCH_WORK_ENTRY(uint32_t i)
{
    return i == 0 ? &work_query : NULL;
}
