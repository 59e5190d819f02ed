#include "bench/advice/text.h"

#include <math.h>
#include <stdlib.h>

#include "bench/base/json.h"
#include "bench/stats/numbers.h"

#define VALUE_BYTES 64

/* A value in three digits, for one use in a call of fprintf. */
struct said {
    char text[VALUE_BYTES];
};

/* Three digits, without zeros at the end. */
static struct said time_of(double ns)
{
    static const struct {
        double ns;
        const char *name;
    } units[] = {{1e9, "s"}, {1e6, "ms"}, {1e3, "µs"}, {1, "ns"}};
    size_t i = 0;
    struct said s;

    while (i + 1 < QN_ARRAY_LEN(units) && ns < units[i].ns * 0.9995)
        i++;
    ns = ns / units[i].ns;
    snprintf(s.text, sizeof(s.text), ns < 999.5 ? "%.3g %s" : "%.0f %s", ns, units[i].name);
    return s;
}

static struct said percent_of(double share)
{
    struct said s;

    snprintf(s.text, sizeof(s.text), share >= 0.9995 && share < 1 ? "%.4g %%" : "%.3g %%",
             share * 100);
    return s;
}

/* A mean number of workers. */
static struct said workers_of(double n)
{
    struct said s;

    snprintf(s.text, sizeof(s.text), n < 10 ? "%.2g" : "%.0f", n);
    return s;
}

static void say_what(const struct qn_advice *a, FILE *f)
{
    switch (a->reaction) {
    case QN_IDEAL_RUN_ON:
        fputs(
            "return at the first error and let the others run to their end; nothing more is worth "
            "its code here",
            f);
        break;
    case QN_IDEAL_DEQUEUE:
        fputs("the first failure raises a flag; a worker that hasn't begun looks at it and doesn't "
              "begin, those that run go on, and the call waits for them",
              f);
        break;
    default:
        fprintf(f, "the failing worker raises a flag%s; ",
                a->wakes ? " and wakes those that wait" : "");
        if (a->looks)
            fprintf(f, "running workers look at it every %s of work, others before they begin",
                    time_of(a->look_ns).text);
        else
            fputs("others look at it before they begin", f);
        fputs(", and the call returns once all have stopped", f);
    }
}

static void say_why(const struct qn_advice *a, FILE *f)
{
    const struct qn_ideal *m = &a->ideal;
    double left = m->wasted[QN_IDEAL_RUN_ON].value;

    if (a->workload.workers == 1) {
        fputs(". There is one worker, so that nothing is left to stop when it fails.\n", f);
        return;
    }
    fprintf(
        f,
        ". When the first of %u workers fails, %s haven't begun and %s others are running: left "
        "alone, they do %s of work for nothing.\n",
        a->workload.workers, workers_of(m->queued.value).text, workers_of(m->running.value).text,
        left > 0 ? time_of(left).text : "no more");
}

static void say_saved(const struct qn_advice *a, FILE *f)
{
    const struct qn_ideal *m = &a->ideal;
    double left = m->wasted[a->reaction].value;

    if (a->reaction == QN_IDEAL_RUN_ON) {
        fprintf(
            f,
            "It saves nothing; all that could be saved is %s of all work, as %s of calls fail.\n",
            percent_of(m->fails * m->wasted[QN_IDEAL_RUN_ON].value / m->work).text,
            percent_of(m->fails).text);
        return;
    }
    fprintf(f,
            "It saves %s of the work that failing calls waste, %s instead of %s each: %s of all "
            "work, as %s of calls fail.\n",
            percent_of(qn_advice_saves(a)).text, left > 0 ? time_of(left).text : "none",
            time_of(m->wasted[QN_IDEAL_RUN_ON].value).text,
            percent_of(qn_advice_saves_of_all(a)).text, percent_of(m->fails).text);
}

static void say_price(const struct qn_advice *a, FILE *f)
{
    double looks = a->ideal.work / a->workload.workers / a->look_ns;

    if (a->reaction == QN_IDEAL_LOOK && a->looks)
        fprintf(f, "It costs %s when nothing fails: a worker looks %s times, %s each%s.\n",
                percent_of(a->price).text, workers_of(looks).text, time_of(a->look_cost_ns).text,
                a->is_cost_assumed ? " (assumed; --poll-cost says otherwise)" : "");
    else if (a->reaction == QN_IDEAL_LOOK)
        fputs("It costs next to nothing when nothing fails: a worker says where it can be woken "
              "before it waits, and takes that back after.\n",
              f);
    else
        fputs("It costs nothing when nothing fails.\n", f);
}

static void say_latency(const struct qn_advice *a, FILE *f)
{
    const struct qn_ideal *m = &a->ideal;
    double all = m->stop_latency[QN_IDEAL_RUN_ON].value, after = m->stop_latency[a->reaction].value;

    fprintf(f,
            "The caller hears of the error %s after the call begins (half of the failing calls by "
            "%s, 19 in 20 by %s)",
            time_of(m->error_at.value).text, time_of(m->error_at_p50).text,
            time_of(m->error_at_p95).text);
    if (a->reaction != QN_IDEAL_RUN_ON)
        fprintf(f, ", and is back %s%s; waiting for all would take %s more.\n",
                after > 0 ? time_of(after).text : "then", after > 0 ? " after that" : "",
                time_of(all).text);
    else if (all > 0)
        fprintf(f, ", and is back then; the others run for up to %s more.\n", time_of(all).text);
    else
        fputs(", and is back then.\n", f);
}

/* The share of failed calls from which on it is worth it. */
static double worth_from(const struct qn_advice *a)
{
    const struct qn_ideal *m = &a->ideal;
    double saved = m->wasted[QN_IDEAL_RUN_ON].value - m->wasted[a->reaction].value;

    return saved > 0 ? QN_ADVICE_WORTH * m->work / saved : INFINITY;
}

static void say_sureness(const struct qn_advice *a, const char *after, FILE *f)
{
    const struct qn_ideal *m = &a->ideal;
    const struct qn_estimate *e = &m->wasted[QN_IDEAL_RUN_ON];

    fprintf(
        f,
        "How sure: computed, not measured: %u failed calls drawn on %u ideal %s, where only work "
        "takes time (the figures' sampling error is %s); a real one adds its wake-ups, some tens of µs.",
        m->n, a->workload.threads, qn_plural(a->workload.threads, "thread", "threads"),
        percent_of(e->value > 0 ? (e->hi - e->lo) / 2 / e->value : 0).text);
    if (a->reaction == QN_IDEAL_RUN_ON && worth_from(a) <= 1)
        fprintf(f, " It would change from %s of failed calls on.", percent_of(worth_from(a)).text);
    else if (a->reaction == QN_IDEAL_LOOK)
        fprintf(
            f,
            " It would change if running work can't look%s, to cancel-dequeue, which saves %s; or "
            "below %s of failed calls, where nothing is worth it.",
            a->looks ? "" : " or be woken",
            percent_of(1 - m->wasted[QN_IDEAL_DEQUEUE].value / e->value).text,
            percent_of(worth_from(a)).text);
    else if (a->reaction == QN_IDEAL_DEQUEUE)
        fprintf(f, " It would change below %s of failed calls, where nothing is worth it.",
                percent_of(worth_from(a)).text);
    fprintf(f, "%s%s\n", *after ? " " : "", after);
}

void qn_advice_say(const struct qn_advice *a, const char *after, FILE *f)
{
    fprintf(f, "Use %s%s: ", a->strategy,
            a->reaction == QN_IDEAL_RUN_ON ? "" : " (canceller=worker)");
    say_what(a, f);
    say_why(a, f);
    say_saved(a, f);
    say_price(a, f);
    say_latency(a, f);
    say_sureness(a, after, f);
}

/* X(name, value), all numbers; times in ns, shares 0 .. 1. */
#define QN_ADVICE_FIELDS(X) \
    X("workers", a->workload.workers) \
    X("threads", a->workload.threads) \
    X("failing_calls", m->fails) \
    X("failure_rate", a->workload.failure_rate) \
    X("look_ns", a->reaction == QN_IDEAL_LOOK && a->looks ? a->look_ns : NAN) \
    X("look_cost_ns", a->look_cost_ns) \
    X("saves_of_waste", qn_advice_saves(a)) \
    X("saves_of_all_work", qn_advice_saves_of_all(a)) \
    X("costs_without_failure", a->reaction == QN_IDEAL_LOOK ? a->price : 0) \
    X("planned_work_ns", m->work) \
    X("error_at_ns", m->error_at.value) \
    X("error_at_p50_ns", m->error_at_p50) \
    X("error_at_p95_ns", m->error_at_p95) \
    X("stop_latency_ns", m->stop_latency[a->reaction].value) \
    X("running_at_error", m->running.value) \
    X("queued_at_error", m->queued.value) \
    X("wasted_running_on_ns", m->wasted[QN_IDEAL_RUN_ON].value) \
    X("wasted_dequeuing_ns", m->wasted[QN_IDEAL_DEQUEUE].value) \
    X("wasted_looking_ns", a->can_look ? m->wasted[QN_IDEAL_LOOK].value : NAN) \
    X("calls_drawn", m->n)

int qn_advice_code(const struct qn_advice *a, enum qn_code_language language, FILE *f)
{
    const struct said look = time_of(a->look_ns);

    return qn_code_write(&(struct qn_code){.strategy = a->strategy, .look = look.text}, language,
                         f);
}

static int put_code(cJSON *object, const struct qn_advice *a, enum qn_code_language language)
{
    char *text = NULL;
    size_t bytes;
    FILE *f = open_memstream(&text, &bytes);
    int rc = f ? qn_advice_code(a, language, f) : QN_ENOMEM;

    if (f && fclose(f) != 0 && rc == QN_OK)
        rc = QN_ENOMEM;
    if (rc == QN_OK)
        qn_json_put_text(object, "code", text);
    free(text);
    return rc;
}

int qn_advice_print_json(const struct qn_advice *a, enum qn_code_language language, FILE *f)
{
    const struct qn_ideal *m = &a->ideal;
    cJSON *object = cJSON_CreateObject();
    int rc = QN_OK;

    if (!object)
        return QN_ENOMEM;
    qn_json_put_text(object, "strategy", a->strategy);
    qn_json_put_text(object, "from", "ideal machine");
#define PUT(name, value) qn_json_put_number(object, name, value);
    QN_ADVICE_FIELDS(PUT)
#undef PUT
    if (language != QN_CODE_NONE)
        rc = put_code(object, a, language);
    if (rc == QN_OK)
        return qn_json_print(object, f);
    cJSON_Delete(object);
    return rc;
}
