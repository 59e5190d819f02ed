#include "bench/peer/describe.h"

#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/base/cause.h"
#include "bench/base/grace.h"
#include "bench/base/orphans.h"
#include "bench/base/text.h"
#include "bench/peer/spawn.h"
#include "include/quench/child.h"
#include "runtime/clock.h"
#include "runtime/err.h"
#include "strategies/task.h"

/* The longest description. */
#define MAX_BYTES ((size_t)64 * 1024)

__attribute__((format(printf, 2, 3))) static int refuse(struct qn_module_facts *out,
                                                        const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(out->why, sizeof(out->why), format, args);
    va_end(args);
    return QN_EINVAL;
}

struct word {
    const char *word;
    unsigned bits;
};

static const struct word flags[] = {
    {"caller-works", QUENCH_CALLER_WORKS},   {"stops-running", QUENCH_STOPS_RUNNING},
    {"skips-queued", QUENCH_SKIPS_QUEUED},   {"waits-all", QUENCH_WAITS_ALL},
    {"first-by-time", QUENCH_FIRST_BY_TIME}, {"first-by-index", QUENCH_FIRST_BY_INDEX},
    {"process-wide", QUENCH_PROCESS_WIDE},   {"leaks", QN_PEER_LEAKS},
};

static const struct word kinds[] = {
    {"cpu", QN_KIND_BIT(QN_KIND_CPU)},
    {"wait", QN_KIND_BIT(QN_KIND_WAIT)},
    {"deaf", QN_KIND_BIT(QN_KIND_DEAF)},
};

/* Reads words with commas between them. */
static int read_words(struct qn_module_facts *out, const char *key, char *value,
                      const struct word *words, size_t n, unsigned *bits)
{
    char *rest = NULL;

    *bits = 0;
    for (char *w = strtok_r(value, ",", &rest); w; w = strtok_r(NULL, ",", &rest)) {
        size_t i = 0;

        while (i < n && strcmp(words[i].word, w) != 0)
            i++;
        if (i == n)
            return refuse(out, "describe: peer %s: %s '%s' is not known",
                          out->peers[out->n - 1].name, key, w);
        *bits |= words[i].bits;
    }
    return QN_OK;
}

static int begin_peer(struct qn_module_facts *out, const char *name)
{
    struct qn_peer_facts *p;

    if (out->n == QN_MODULE_MAX_PEERS)
        return refuse(out, "describe: more than %u peers", QN_MODULE_MAX_PEERS);
    if (!qn_foreign_is_name(name))
        return refuse(out, "describe: '%.64s' is no name: a-z, 0-9 and '-', at most %u", name,
                      QN_FOREIGN_NAME_MAX);
    for (uint32_t i = 0; i < out->n; i++)
        if (strcmp(out->peers[i].name, name) == 0)
            return refuse(out, "describe: two peers named '%s'", name);
    p = &out->peers[out->n++];
    *p = (struct qn_peer_facts){.is_child = true};
    snprintf(p->name, sizeof(p->name), "%s", name);
    p->kinds = QN_KIND_BIT(QN_KIND_CPU) | QN_KIND_BIT(QN_KIND_DEAF);
    return QN_OK;
}

static int add_env(struct qn_module_facts *out, struct qn_peer_facts *p, const char *item)
{
    if (!strchr(item, '=') || strchr(item, ' ')) /* a line it is already */
        return refuse(out, "describe: peer %s: env '%.64s' is not NAME=VALUE without blanks",
                      p->name, item);
    if (strlen(p->env) + strlen(item) + 2 > sizeof(p->env))
        return refuse(out, "describe: peer %s: its environment has more than %zu bytes", p->name,
                      sizeof(p->env));
    qn_text_add(p->env, sizeof(p->env), "%s%s", *p->env ? " " : "", item);
    return QN_OK;
}

/* A line of a peer; unknown keys are ignored. */
static int take_key(struct qn_module_facts *out, const char *key, char *value)
{
    struct qn_peer_facts *p = &out->peers[out->n - 1];
    const struct {
        const char *key;
        char *to;
        size_t bytes;
    } texts[] = {
        {"summary", p->summary, sizeof(p->summary)}, {"library", p->library, sizeof(p->library)},
        {"version", p->version, sizeof(p->version)}, {"licence", p->licence, sizeof(p->licence)},
        {"reach", p->reach, sizeof(p->reach)},
    };

    if (!qn_module_is_line(value))
        return refuse(out, "describe: peer %s: %.32s must be a line of UTF-8", p->name, key);
    for (size_t i = 0; i < QN_ARRAY_LEN(texts); i++)
        if (strcmp(texts[i].key, key) == 0)
            qn_text_copy(texts[i].to, texts[i].bytes, value);
    if (strcmp(key, "flags") == 0)
        return read_words(out, key, value, flags, QN_ARRAY_LEN(flags), &p->flags);
    if (strcmp(key, "kinds") == 0)
        return read_words(out, key, value, kinds, QN_ARRAY_LEN(kinds), &p->kinds);
    return strcmp(key, "env") == 0 ? add_env(out, p, value) : QN_OK;
}

int qn_describe_read(char *text, struct qn_module_facts *out)
{
    char *rest = NULL;
    bool has_abi = false;
    int rc = QN_OK;

    memset(out, 0, sizeof(*out));
    for (char *key = strtok_r(text, "\n", &rest); key && rc == QN_OK;
         key = strtok_r(NULL, "\n", &rest)) {
        char *value = strchr(key, '=');

        if (!value)
            return refuse(out, "describe: '%.64s' is not KEY=VALUE", key);
        *value++ = '\0';
        if (!has_abi && (strcmp(key, "abi") != 0 || strtoul(value, NULL, 10) != QUENCH_CHILD_ABI))
            return refuse(out, "describe: begins with '%.32s=%.32s'; needed is abi=%u", key, value,
                          QUENCH_CHILD_ABI);
        if (strcmp(key, "peer") == 0)
            rc = begin_peer(out, value);
        else if (has_abi && out->n == 0)
            return refuse(out, "describe: '%.32s' before a line peer=NAME", key);
        else if (has_abi)
            rc = take_key(out, key, value);
        has_abi = true;
    }
    if (rc == QN_OK && out->n == 0)
        return refuse(out, "describe: has no peers");
    return rc;
}

/* Milliseconds that are left until then; 0: none. */
static int left_ms(uint64_t until_ns)
{
    uint64_t now = qn_clock_now_monotonic_ns(),
             left = now < until_ns ? (until_ns - now) / QN_NS_PER_MS + 1 : 0;

    return left > INT32_MAX ? INT32_MAX : (int)left;
}

/*
 * Reads its output until the end, or until the process has ended, since what it started may keep the
 * pipe. QN_ETIMEDOUT: it took too long; QN_ERANGE: too much.
 */
static int read_all(struct qn_spawned *process, struct qn_last_line *line, char *text)
{
    uint64_t until_ns = qn_clock_now_monotonic_ns() + qn_grace_ns();
    size_t n = 0;

    for (;;) {
        struct pollfd fds[] = {{process->answers, POLLIN, 0},
                               {process->errors, POLLIN, 0},
                               {process->pidfd, POLLIN, 0}};
        int ms = left_ms(until_ns);
        ssize_t got;

        if (ms == 0 || poll(fds, 3, ms) == 0)
            return QN_ETIMEDOUT;
        if (fds[1].revents && !qn_last_line_read(line, process->errors)) {
            close(process->errors);
            process->errors = -1;
        }
        if (!fds[0].revents && fds[2].revents)
            return QN_OK;
        if (!fds[0].revents)
            continue;
        got = read(process->answers, text + n, MAX_BYTES - n);
        if (got <= 0)
            return QN_OK;
        n += (size_t)got;
        text[n] = '\0';
        if (n == MAX_BYTES)
            return QN_ERANGE;
    }
}

/* How it ended, if not well. */
static int judge(struct qn_spawned *process, bool has_ended, const char *line,
                 struct qn_module_facts *out)
{
    int status = process->status;

    if (!has_ended)
        return refuse(out, "describe: doesn't end");
    if (WIFSIGNALED(status))
        return refuse(out, "describe: died of signal %d (%s)", WTERMSIG(status),
                      strsignal(WTERMSIG(status)));
    if (WEXITSTATUS(status) != 0)
        return refuse(out, "describe: exited with %d%s%s", WEXITSTATUS(status), *line ? ": " : "",
                      line);
    return QN_OK;
}

int qn_program_describe(const char *path, struct qn_module_facts *out)
{
    char *text = calloc(1, MAX_BYTES + 1);
    struct qn_last_line line = {0};
    struct qn_spawned process;
    bool adopts = qn_orphans_adopt(), has_ended;
    int error, rc;

    memset(out, 0, sizeof(*out));
    if (!text)
        return QN_ENOMEM;
    if ((error = qn_spawn(path, NULL, NULL, NULL, -1, &process)) != 0) {
        free(text);
        return refuse(out, "can't be started: %s", qn_cause(error));
    }
    rc = read_all(&process, &line, text);
    qn_last_line_drain(&line, process.errors);
    has_ended = qn_spawned_wait(&process, rc == QN_OK ? QN_SPAWNED_END_NS : 0);
    if (rc == QN_ETIMEDOUT)
        rc = refuse(out, "describe: isn't done after %.1f s",
                    (double)qn_grace_ns() / (double)QN_NS_PER_S);
    else if (rc == QN_ERANGE)
        rc = refuse(out, "describe: says more than %zu bytes", MAX_BYTES);
    else if ((rc = judge(&process, has_ended, qn_last_line(&line), out)) == QN_OK)
        rc = qn_describe_read(text, out);
    qn_spawned_end(&process, 0);
    if (adopts)
        qn_orphans_end();
    free(text);
    return rc;
}
