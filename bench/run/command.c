#include "bench/run/command.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/base/commands.h"
#include "bench/base/complain.h"
#include "bench/base/exit.h"
#include "bench/base/output.h"
#include "bench/base/paste.h"
#include "bench/folder/gbench.h"
#include "bench/folder/make.h"
#include "bench/folder/trace.h"
#include "bench/folder/writer.h"
#include "bench/machine/built.h"
#include "bench/machine/crowding.h"
#include "bench/machine/place.h"
#include "bench/options/plan.h"
#include "bench/report/command.h"
#include "bench/run/baseline.h"
#include "bench/run/budget.h"
#include "bench/run/child.h"
#include "bench/run/estimate.h"
#include "bench/run/manifest.h"
#include "bench/run/parts.h"
#include "bench/run/preflight.h"
#include "bench/run/signals.h"
#include "bench/stats/interval.h"
#include "bench/summary/misuse.h"
#include "bench/summary/write.h"
#include "runtime/kernel.h"
#include "strategies/record.h"

/* Preparation. */

static void warn_of_crowding(const struct qn_workload *w, const struct qn_place *place)
{
    char text[QN_CROWDING_BYTES];

    if (qn_crowding_say(place->n_threads, place->n_cores, text))
        qn_complain("warning: workload %s: %s", w->name, text);
}

static int place_all(struct run *r)
{
    const struct qn_run_options *o = r->options;

    r->places = calloc(o->n_workloads, sizeof(*r->places));
    if (!r->places)
        return QN_ENOMEM;
    for (size_t i = 0; i < o->n_workloads; i++) {
        const struct qn_workload *w = &o->workloads[i].base;
        int rc = qn_place_init(&r->places[i], o->placement, o->caller, w->threads);

        if (rc == QN_EINVAL) {
            qn_complain(
                "--caller: 'own' is not allowed with %u threads here: the caller has a core of "
                "its own only if there are fewer threads than allowed cores",
                w->threads);
            return rc;
        }
        if (rc != QN_OK) {
            qn_complain("this machine's topology can't be read: %s", qn_err_text(rc));
            return rc;
        }
        r->n_places++;
        warn_of_crowding(w, &r->places[i].place);
        if (o->wait == QN_WAIT_SPIN && r->places[i].place.oversubscribed) {
            qn_complain("--wait: 'spin' is not allowed with %u threads here: pool and caller "
                        "outnumber the cores they may run on",
                        w->threads);
            return QN_EINVAL;
        }
    }
    return QN_OK;
}

/* Measures the clock offset between all PUs that any workload's threads use. */
static void measure_offset(struct run *r)
{
    unsigned n;
    int *cpus = qn_place_cpus(r->places, r->n_places, &n);

    r->clock_bound_ns = -1;
    if (!cpus)
        return;
    if (qn_clock_offsets(cpus, n, &r->constants.clock_offset_ns, &r->clock_bound_ns) != QN_OK) {
        r->constants.clock_offset_ns = 0;
        r->clock_bound_ns = -1;
    }
    free(cpus);
}

/* Measures the cost of recording one worker: the stamps and stores of strategies/work.c and
 * scope.c. */
static void measure_recorder(struct run *r)
{
    enum { N_RECORDS = 1024, N_RUNS = 31 };
    static struct qn_worker_record records[N_RECORDS];
    double runs[N_RUNS];

    for (int i = 0; i < N_RUNS; i++) {
        uint64_t start = qn_clock_ticks();

        for (int j = 0; j < N_RECORDS; j++) {
            struct qn_worker_record *w = &records[j];

            w->thread = i;
            w->begin = qn_clock_ticks();
            w->flags = QN_WORKER_BEGUN;
            w->quanta = (uint32_t)j;
            w->stop = qn_clock_ticks();
            w->error = QN_ERROR_NONE;
            w->end = qn_clock_ticks();
        }
        runs[i] = (double)qn_clock_to_ns(qn_clock_ticks() - start) / N_RECORDS;
    }
    qn_stat_sort(runs, N_RUNS);
    r->recorder_ns = qn_stat_median(runs, N_RUNS);
}

static int calibrate(struct run *r)
{
    int rc = qn_clock_init();

    if (rc == QN_OK && r->constants.iterations_per_quantum == 0)
        rc = qn_kernel_calibrate(&r->constants.iterations_per_quantum);
    if (rc != QN_OK) {
        qn_complain("the clock or the work kernel can't be calibrated: %s", qn_err_text(rc));
        return rc;
    }
    qn_kernel_measure(r->constants.iterations_per_quantum, &r->quantum_ns);
    qn_clock_measure(&r->clock);
    measure_recorder(r);
    r->constants.clock = qn_clock_scale;
    measure_offset(r);
    return QN_OK;
}

static int write_manifest(struct run *r)
{
    const struct qn_manifest m = {
        .options = r->options,
        .run = &r->constants,
        .plan = &r->plan,
        .topo = r->places[0].topo,
        .places = r->places,
        .clock = r->clock,
        .clock_bound_ns = r->clock_bound_ns,
        .quantum_ns = r->quantum_ns,
        .recorder_ns = r->recorder_ns,
    };

    return qn_manifest_write(r->results.dir, &m);
}

/* Takes the quantum from the run that is resumed, which must have had the same options. */
static int keep_constants(struct run *r)
{
    if (!r->goes_on)
        return QN_OK;
    return qn_manifest_resume(r->results.dir, r->options, &r->constants.iterations_per_quantum);
}

/* Creates or reopens the folder, with tables, manifest and plan. */
static int open_results(struct run *r)
{
    int rc;

    if (r->goes_on) {
        rc = qn_results_resume(&r->results, &r->plan);
        if (rc == QN_OK &&
            !qn_folder_has(r->results.dir, "topology.xml")) /* the machine is the same */
            rc = qn_manifest_write_topology(r->results.dir, r->places[0].topo);
    } else {
        rc = qn_results_begin(&r->results);
        if (rc == QN_OK)
            rc = write_manifest(r);
    }
    return rc == QN_OK ? qn_results_write_plan(&r->results, &r->plan) : rc;
}

/* The end. */

static int conclude(struct run *r)
{
    int rc = qn_gbmerge(r->results.dir, &r->plan);

    if (rc == QN_OK)
        rc = qn_trials_settle(&r->trials);
    if (rc == QN_OK)
        rc = qn_summary_write(r->results.dir, &r->plan, &r->trials);
    if (rc == QN_OK)
        rc = qn_trace_make(r->results.dir, &r->plan, &r->trials);
    return rc == QN_OK ? qn_misuse_say(&r->plan, &r->trials) : rc;
}

static int exit_code(const struct run *r, int rc)
{
    if (r->is_interrupted)
        return QN_EXIT_INTERRUPTED;
    if (rc != QN_OK)
        return QN_EXIT_NOT_WHOLE;
    for (size_t i = 0; i < r->plan.n_processes; i++)
        if (r->plan.processes[i].status == QN_STATUS_FAILED)
            return QN_EXIT_NOT_WHOLE;
    return QN_EXIT_DONE;
}

/* Says how to continue a run that did not finish, and how to see what it has so far. */
static void say_how_to_go_on(const struct run *r, bool has_tables)
{
    const char *dir = r->results.dir;
    char command[QN_PASTE_BYTES];

    if (!qn_folder_has(dir, "plan.csv")) {
        qn_complain("%s or its plan.csv was removed: this run can't be resumed", dir);
        return;
    }
    qn_paste_command(command, sizeof(command), r->controller->command, "--resume", "--out", dir,
                     NULL);
    if (r->is_interrupted)
        qn_complain("interrupted; finished processes are kept; to continue, run: %s", command);
    else
        qn_complain(
            "results can't be written; finished processes are kept; to continue once that is "
            "fixed, run: %s",
            command);
    if (has_tables && qn_plan_count(&r->plan, QN_STATUS_DONE) > 0)
        qn_complain("for a page of the finished processes, run: %s",
                    qn_paste_command(command, sizeof(command), "report", dir, NULL));
}

/* The last line of a run with failed processes; has_plan: plan.csv has their reasons. */
static void say_failures(const struct run *r, bool has_plan)
{
    size_t n_failed = qn_plan_count(&r->plan, QN_STATUS_FAILED), i = 0;

    if (n_failed == 0)
        return;
    while (r->plan.processes[i].status != QN_STATUS_FAILED)
        i++;
    if (qn_plan_count(&r->plan, QN_STATUS_DONE) == 0)
        qn_complain("nothing was measured: every process failed; the first: %s",
                    r->plan.processes[i].reason);
    else
        qn_complain("%zu of %zu processes failed%s: %s%s", n_failed, r->plan.n_processes,
                    n_failed > 1 ? ", the first" : "", r->plan.processes[i].reason,
                    n_failed > 1 && has_plan ? "; plan.csv has the others' reasons" : "");
}

/* The path, for scripts. */
static int say_path(const struct run *r)
{
    char what[QN_PASTE_BYTES];

    if (qn_output_was_closed())
        return QN_EXIT_DONE;
    printf("%s\n", r->results.dir);
    snprintf(what, sizeof(what), "the path of the results, %s,", r->results.dir);
    return qn_output_end(what) == QN_OK ? QN_EXIT_DONE : QN_EXIT_NOT_WHOLE;
}

/* Makes plots and page. A signal ends this at once: everything has been measured. */
static int draw(struct run *r)
{
    static char last_words[QN_PASTE_BYTES + 128];
    char command[QN_PASTE_BYTES];

    snprintf(last_words, sizeof(last_words),
             "quench: interrupted while drawing plots; measuring is complete; to draw them, run: "
             "%s\n",
             qn_paste_command(command, sizeof(command), "report", r->results.dir, NULL));
    qn_signals_let_stop(last_words, QN_EXIT_INTERRUPTED);
    return qn_report(r->results.dir, &r->trials);
}

static int measure_and_report(struct run *r)
{
    int rc = qn_run_measure(r), code, report_code = QN_EXIT_DONE, path_code;
    bool has_plan = rc == QN_OK, has_tables = false;

    if (rc == QN_OK) {
        rc = conclude(r);
        has_tables = rc == QN_OK;
    }
    if (qn_signals_stop_has_come())
        r->is_interrupted = true;
    code = exit_code(r, rc);
    if (rc == QN_OK && !r->is_interrupted && r->controller->conclude) {
        int conclusion = r->controller->conclude(r->controller->user, r->results.dir);

        code = code != QN_EXIT_DONE ? code : conclusion;
    }
    if (rc == QN_OK && !r->options->no_plots && !r->is_interrupted)
        report_code = draw(r);
    if (rc != QN_OK || r->is_interrupted)
        say_how_to_go_on(r, has_tables);
    if (rc == QN_OK)
        code = qn_baseline_conclude(r->options, r->results.dir, code);
    path_code = access(r->results.dir, F_OK) == 0 ? say_path(r) : QN_EXIT_DONE;
    if (!r->is_interrupted)
        say_failures(r, has_plan);
    return code != QN_EXIT_DONE ? code : report_code != QN_EXIT_DONE ? report_code : path_code;
}

static void run_fini(struct run *r)
{
    qn_results_close(&r->results);
    free(r->results.dir);
    for (size_t i = 0; i < r->n_places; i++)
        qn_place_fini(&r->places[i]);
    free(r->places);
    qn_trials_fini(&r->trials);
    qn_plan_fini(&r->plan);
}

/* Does everything that precedes the first process. */
static int prepare(struct run *r)
{
    int rc = place_all(r);

    if (rc == QN_OK)
        rc = qn_results_take(&r->results, r->options->out, r->options->resume, &r->goes_on);
    if (rc == QN_OK)
        rc = keep_constants(r);
    if (rc == QN_OK)
        rc = calibrate(r);
    return rc == QN_OK ? open_results(r) : rc;
}

int qn_run_controlled(const struct qn_run_options *options, const struct qn_controller *controller)
{
    struct run r = {.options = options, .constants.options = options, .controller = controller};
    int rc = qn_preflight(options);
    int code;

    if (rc == QN_OK)
        rc = qn_plan_build(options, &r.plan);
    if (rc == QN_OK && options->plan_only) {
        qn_estimate_say(&r.plan, options);
        code = qn_plan_write(&r.plan, stdout) == QN_OK ? QN_EXIT_DONE : QN_EXIT_NOT_WHOLE;
        run_fini(&r);
        return code;
    }
    qn_signals_hold();
    if (rc == QN_OK)
        rc = prepare(&r);
    if (rc == QN_ENOMEM)
        qn_complain("out of memory");
    if (rc == QN_OK && qn_built_slow())
        qn_note("warning: this program was built %s; %s", qn_built_slow(), qn_built_advice);
    if (rc == QN_OK)
        code = measure_and_report(&r);
    else
        code = rc == QN_EIO || rc == QN_ENOMEM ? QN_EXIT_NOT_WHOLE : QN_EXIT_BAD_INPUT;
    run_fini(&r);
    return code;
}

static int run(const struct qn_run_options *options)
{
    struct qn_budget_controller by_budget = {.options = options};
    const struct qn_controller controller = qn_budget_controller_of(&by_budget);
    int code = qn_run_controlled(options, &controller);

    qn_budget_destroy(by_budget.budget);
    return code;
}

int qn_run_command(int argc, char **argv)
{
    struct qn_run_options options;
    int code;

    if (qn_run_options_parse(argc, argv, &options) != QN_OK)
        return QN_EXIT_BAD_INPUT;
    code = run(&options);
    qn_run_options_fini(&options);
    return code;
}
