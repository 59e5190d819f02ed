/* libquench-record, by programs that it records (record/probe/probe.c) and what an import reads of them. */
#include <dirent.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/base/path.h"
#include "bench/fanouts/made_recording.h"
#include "bench/fanouts/recording.h"
#include "tests/cmocka_all.h"
#include "tests/tree.h"

#define CALLS 100
#define THREADS 8
#define MAX_FILES 4

static char said[4096];

/* A scene's recordings, in the order of their names. */
struct recorded {
    struct tree tree;
    char files[MAX_FILES][QN_PATH_BYTES];
    int n_files;
    int status; /* of the program */
};

static int is_file(const struct dirent *entry)
{
    return entry->d_name[0] != '.' && strcmp(entry->d_name, "printed") != 0;
}

static void find_files(struct recorded *r)
{
    struct dirent **entries;
    char dir[QN_PATH_BYTES];
    int n;

    snprintf(dir, sizeof(dir), "%s/recordings", r->tree.root);
    n = scandir(dir, &entries, is_file, versionsort);
    for (int i = 0; i < n; i++) {
        assert_true(r->n_files < MAX_FILES);
        assert_non_null(strstr(entries[i]->d_name, ".qrec"));
        assert_int_equal(qn_path(r->files[r->n_files++], "%s/%s", dir, entries[i]->d_name), QN_OK);
        free(entries[i]);
    }
    if (n >= 0)
        free(entries);
}

/* Runs a scene in the folder's place, recording into `recordings`, printing into `printed`. dir NULL: not recorded. */
static void run(struct recorded *r, const char *scene, const char *dir, const char *events)
{
    pid_t pid;

    *r = (struct recorded){0};
    tree_init(&r->tree);
    fflush(NULL);
    pid = fork();
    if (pid == 0) {
        if (chdir(r->tree.root) != 0 || !freopen("printed", "w", stdout))
            _exit(99);
        unsetenv("QUENCH_RECORD_DIR");
        unsetenv("QUENCH_RECORD_EVENTS");
        if (dir)
            setenv("QUENCH_RECORD_DIR", dir, 1);
        if (events)
            setenv("QUENCH_RECORD_EVENTS", events, 1);
        execl(QN_RECORD_PROBE, QN_RECORD_PROBE, scene, NULL);
        _exit(98);
    }
    assert_int_equal(waitpid(pid, &r->status, 0), pid);
    find_files(r);
}

static void record(struct recorded *r, const char *scene)
{
    run(r, scene, "recordings", NULL);
}

static void finish(struct recorded *r, struct qn_fanouts *list)
{
    qn_fanouts_fini(list);
    tree_fini(&r->tree);
}

static void test_eight_threads(void **unused)
{
    struct qn_fanouts list = {0};
    struct recorded r;
    uint32_t threads = 0;

    (void)unused;
    record(&r, "threads");
    assert_int_equal(r.status, 0);
    assert_int_equal(r.n_files, 1);
    made_read(r.files[0], &list);
    assert_int_equal(list.n, CALLS);
    assert_true(list.calls[0].has_polls);
    assert_string_equal(list.calls[0].strategy, "eight-threads");
    assert_string_equal(list.calls[0].workload, "record_probe");
    for (size_t c = 0; c < list.n; c++) {
        const struct qn_fanout *call = &list.calls[c];

        assert_int_equal(call->n_workers, THREADS);
        assert_int_equal(call->returned, c % 2 ? (int32_t)(c % THREADS) : QN_FANOUT_NO_ERROR);
        assert_int_equal(call->seen_ns != 0, c % 2);
        assert_int_equal(call->raising_ns, 0);
        for (uint32_t i = 0; i < THREADS; i++) {
            const struct qn_fanout_worker *w = &call->workers[i];

            assert_int_equal(w->outcome,
                             c % 2 && c % THREADS == i ? QN_FANOUT_FAILED : QN_FANOUT_OK);
            assert_int_equal(w->polls, 1);
            assert_int_equal(w->thread, list.calls[0].workers[i].thread);
            assert_true(call->begin_ns <= w->begin_ns && w->begin_ns <= w->stop_ns &&
                        w->stop_ns <= call->return_ns);
        }
    }
    for (uint32_t i = 0; i < THREADS; i++)
        threads |= 1u << list.calls[0].workers[i].thread;
    assert_int_equal(__builtin_popcount(threads), THREADS);
    finish(&r, &list);
}

/* The imported stamp of a line of the scene `brackets`. */
static uint64_t stamp_of(const struct qn_fanout *call, const char *what, uint32_t worker)
{
    const struct qn_fanout_worker *w = &call->workers[worker];

    return strcmp(what, "call") == 0       ? call->begin_ns
           : strcmp(what, "begin") == 0    ? w->begin_ns
           : strcmp(what, "end") == 0      ? w->stop_ns
           : strcmp(what, "seen") == 0     ? call->seen_ns
           : strcmp(what, "raising") == 0  ? call->raising_ns
           : strcmp(what, "returned") == 0 ? call->return_ns
                                           : 0;
}

/* Every stamp lies between CLOCK_MONOTONIC before and after the call that recorded it. */
static void test_stamps_lie_in_their_brackets(void **unused)
{
    struct qn_fanouts list = {0};
    char path[QN_PATH_BYTES], what[16];
    uint64_t before, after;
    uint32_t number, worker;
    struct recorded r;
    int n = 0;
    FILE *printed;

    (void)unused;
    record(&r, "brackets");
    made_read(r.files[0], &list); /* in the order of the calls' numbers */
    assert_int_equal(list.n, CALLS);
    snprintf(path, sizeof(path), "%s/printed", r.tree.root);
    printed = fopen(path, "re");
    assert_non_null(printed);
    while (fscanf(printed, "%15s %" SCNu32 " %" SCNu32 " %" SCNu64 " %" SCNu64, what, &number,
                  &worker, &before, &after) == 5) {
        assert_in_range(number, 1, CALLS);
        assert_in_range(stamp_of(&list.calls[number - 1], what, worker), before, after);
        n++;
    }
    fclose(printed);
    assert_int_equal(n, CALLS * 8);
    finish(&r, &list);
}

static void crash(const char *scene, int signal)
{
    struct qn_fanouts list = {0};
    struct recorded r;

    record(&r, scene);
    assert_true(WIFSIGNALED(r.status) && WTERMSIG(r.status) == signal);
    assert_int_equal(r.n_files, 1);
    assert_int_equal(made_import(r.tree.root, r.files[0], NULL, NULL, said, sizeof(said)), 0);
    assert_non_null(strstr(said, "call 3 is left out: it had not returned"));
    made_read(r.files[0], &list);
    assert_int_equal(list.n, 2);
    assert_int_equal(list.calls[1].workers[0].outcome, QN_FANOUT_OK);
    assert_int_equal(list.calls[1].n_begun, 1);
    finish(&r, &list);
}

static void test_crashes_lose_nothing(void **unused)
{
    (void)unused;
    crash("killed", SIGKILL);
    crash("aborted", SIGABRT);
}

static void test_a_fork_has_its_own_file(void **unused)
{
    struct qn_fanouts lists[2] = {{0}, {0}}, *parent, *child;
    struct recorded r;

    (void)unused;
    record(&r, "forked");
    assert_int_equal(r.status, 0);
    assert_int_equal(r.n_files, 2);
    made_read(r.files[0], &lists[0]);
    made_read(r.files[1], &lists[1]);
    parent = &lists[lists[0].n == 1 ? 0 : 1];
    child = &lists[lists[0].n == 1 ? 1 : 0];
    assert_int_equal(parent->n, 1);
    assert_int_equal(parent->calls[0].workers[0].outcome, QN_FANOUT_OK);
    assert_int_equal(child->n, 2);
    assert_int_equal(
        made_import(r.tree.root, r.files[child == &lists[1]], NULL, NULL, said, sizeof(said)), 0);
    assert_non_null(strstr(said, "1 event is left out: of calls that this process didn't begin"));
    qn_fanouts_fini(&lists[0]);
    finish(&r, &lists[1]);
}

/* Nor has a child that the library isn't told of: it records nothing, and writes nothing of its parent's. */
static void test_a_clone_records_nothing(void **unused)
{
    struct qn_fanouts list = {0};
    struct recorded r;

    (void)unused;
    record(&r, "cloned");
    assert_int_equal(r.status, 0);
    assert_int_equal(r.n_files, 1);
    assert_int_equal(made_import(r.tree.root, r.files[0], NULL, NULL, said, sizeof(said)), 0);
    assert_string_equal(said, "quench: 2 calls in 1 file, 0 of them failed\n");
    made_read(r.files[0], &list);
    assert_int_equal(list.n, 2);
    assert_string_equal(list.calls[0].strategy, "parent");
    assert_int_equal(list.calls[1].workers[0].outcome, QN_FANOUT_OK);
    finish(&r, &list);
}

/* A thread's buffer is full: it counts what is missing, others go on. Calls up to the first that lacks events count. */
static void test_a_full_buffer(void **unused)
{
    struct qn_fanouts list = {0};
    struct recorded r;
    size_t room;

    (void)unused;
    run(&r, "filled", "recordings", "64");
    made_read(r.files[0], &list);
    assert_int_equal(made_import(r.tree.root, r.files[0], NULL, NULL, said, sizeof(said)), 0);
    /* its first event is the thread's; the rest are calls of four */
    room = ((size_t)sysconf(_SC_PAGESIZE) - sizeof(struct quench_record_buffer)) /
               sizeof(struct quench_record_event) -
           1;
    assert_int_equal(list.n, 1 + room / 4);
    {
        char words[64];

        snprintf(words, sizeof(words), "%zu events are missing: %zu of thread 1", 4000 - room,
                 4000 - room);
        assert_non_null(strstr(said, words));
        assert_non_null(strstr(said, "left out; call"));
    }
    finish(&r, &list);
}

/* Threads that come and go share buffers. */
static void test_threads_that_come_and_go(void **unused)
{
    struct qn_fanouts list = {0};
    struct recorded r;
    struct stat s;

    (void)unused;
    run(&r, "many", "recordings", "64");
    made_read(r.files[0], &list);
    assert_int_equal(list.n, 300);
    for (size_t i = 0; i < list.n; i++)
        assert_int_equal(list.calls[i].workers[0].thread, i);
    assert_int_equal(stat(r.files[0], &s), 0);
    assert_true(s.st_size < 20 * sysconf(_SC_PAGESIZE)); /* 1500 events of 16 bytes, 252 a page */
    finish(&r, &list);
}

/* What a thread records after its end is its own, and holds no buffer. */
static void test_destructors_of_threads(void **unused)
{
    struct qn_fanouts list = {0};
    struct recorded r;
    struct stat s;

    (void)unused;
    run(&r, "destructors", "recordings", "64");
    made_read(r.files[0], &list);
    assert_int_equal(list.n % 100, 0);
    assert_true(list.n >= 200); /* some rounds of destructors */
    for (size_t i = 0; i < list.n; i++)
        assert_int_equal(list.calls[i].workers[0].thread, i / (list.n / 100));
    assert_int_equal(stat(r.files[0], &s), 0);
    /* at most 8 events a call, 252 a page, of which a thread's end may leave some */
    assert_true(s.st_size < (off_t)(list.n * 8 / 200 + 4) * sysconf(_SC_PAGESIZE));
    finish(&r, &list);
}

/* A thread that goes on in a buffer that others began, and gets no other, counts what it lacks as its own. */
static void test_a_second_buffer_is_refused(void **unused)
{
    struct qn_fanouts list = {0};
    struct recorded r;
    size_t missing;
    char words[64];

    (void)unused;
    run(&r, "refused", "recordings", "64");
    assert_int_equal(r.status, 0);
    made_read(r.files[0], &list);
    assert_int_equal(made_import(r.tree.root, r.files[0], NULL, NULL, said, sizeof(said)), 0);
    missing = 4000 + 4 + 2 -
              ((size_t)sysconf(_SC_PAGESIZE) - sizeof(struct quench_record_buffer)) /
                  sizeof(struct quench_record_event);
    snprintf(words, sizeof(words), "%zu events are missing: %zu of thread 1 (", missing, missing);
    assert_non_null(strstr(said, words));
    assert_null(strstr(said, "given no buffer"));
    finish(&r, &list);
}

static void test_switched_off(void **unused)
{
    struct qn_fanouts list = {0};
    struct recorded r;

    (void)unused;
    run(&r, "threads", NULL, NULL);
    assert_int_equal(r.status, 0);
    assert_int_equal(r.n_files, 0);
    finish(&r, &list);
    run(&r, "threads", "", NULL);
    assert_int_equal(r.status, 0);
    assert_int_equal(r.n_files, 0);
    finish(&r, &list);
    run(&r, "threads", "/proc/nowhere",
        NULL); /* it can't be made: said once, and the program goes on */
    assert_int_equal(r.status, 0);
    finish(&r, &list);
}

static void test_cpp(void **unused)
{
    struct qn_fanouts list = {0};
    struct recorded r;

    (void)unused;
    record(&r, "cpp");
    assert_int_equal(r.status, 0);
    made_read(r.files[0], &list);
    assert_int_equal(list.n, 1);
    assert_string_equal(list.calls[0].strategy, "c--");
    assert_int_equal(list.calls[0].workers[0].outcome, QN_FANOUT_FAILED);
    assert_int_equal(list.calls[0].workers[0].polls, 1);
    assert_int_equal(list.calls[0].returned, 0);
    assert_true(list.calls[0].raising_ns >= list.calls[0].workers[0].stop_ns &&
                list.calls[0].seen_ns >= list.calls[0].raising_ns);
    finish(&r, &list);
}

static void test_errno_and_the_current_folder(void **unused)
{
    struct qn_fanouts list = {0};
    struct recorded r;

    (void)unused;
    record(&r, "elsewhere");
    assert_int_equal(r.status, 0);
    assert_int_equal(r.n_files, 1);
    made_read(r.files[0], &list);
    assert_string_equal(list.calls[0].strategy, "elsewhere");
    finish(&r, &list);
}

/* Standard streams are closed, and then all descriptors: no file of the program's is written to, nor is the recording by
 * the program. */
static void test_a_program_that_closes_descriptors(void **unused)
{
    struct qn_fanouts list = {0};
    char path[QN_PATH_BYTES];
    struct recorded r;
    struct stat s;

    (void)unused;
    record(&r, "daemon");
    assert_int_equal(r.status, 0);
    made_read(r.files[0], &list);
    assert_int_equal(list.n, 2);
    snprintf(path, sizeof(path), "%s/victim", r.tree.root);
    assert_int_equal(stat(path, &s), 0);
    assert_int_equal(s.st_size, 0);
    qn_fanouts_fini(&list);
    tree_fini(&r.tree);
    run(&r, "closed", "recordings", NULL);
    assert_int_equal(r.status, 0);
    made_read(r.files[0], &list);
    assert_int_equal(list.n, CALLS);
    finish(&r, &list);
}

static void test_any_code_but_two_is_a_failure(void **unused)
{
    struct qn_fanouts list = {0};
    struct recorded r;

    (void)unused;
    record(&r, "codes");
    assert_int_equal(r.status, 0);
    made_read(r.files[0], &list);
    assert_int_equal(list.n, 1);
    assert_int_equal(list.calls[0].raising_ns, 0);
    for (uint32_t i = 0; i < 3; i++)
        assert_int_equal(list.calls[0].workers[i].outcome, QN_FANOUT_FAILED);
    finish(&r, &list);
}

static void test_a_limit_on_files_does_not_kill(void **unused)
{
    struct qn_fanouts list = {0};
    struct recorded r;

    (void)unused;
    record(&r, "limited");
    assert_int_equal(r.status, 0);
    finish(&r, &list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_eight_threads),
        cmocka_unit_test(test_stamps_lie_in_their_brackets),
        cmocka_unit_test(test_crashes_lose_nothing),
        cmocka_unit_test(test_a_fork_has_its_own_file),
        cmocka_unit_test(test_a_clone_records_nothing),
        cmocka_unit_test(test_a_full_buffer),
        cmocka_unit_test(test_threads_that_come_and_go),
        cmocka_unit_test(test_destructors_of_threads),
        cmocka_unit_test(test_a_second_buffer_is_refused),
        cmocka_unit_test(test_switched_off),
        cmocka_unit_test(test_cpp),
        cmocka_unit_test(test_errno_and_the_current_folder),
        cmocka_unit_test(test_a_program_that_closes_descriptors),
        cmocka_unit_test(test_any_code_but_two_is_a_failure),
        cmocka_unit_test(test_a_limit_on_files_does_not_kill),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
