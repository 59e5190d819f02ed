#include "bench/fanouts/made_recording.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/base/commands.h"
#include "bench/base/path.h"
#include "bench/fanouts/recording.h"
#include "tests/cmocka_all.h"

_Static_assert(sizeof(struct made_buffer) % 512 == 0, "buffers begin at multiples of 512");

void made_begin(struct made_recording *m, uint32_t n_buffers)
{
    *m = (struct made_recording){
        .header = {.byte_order = QUENCH_RECORD_BYTE_ORDER,
                   .version = QUENCH_RECORD_VERSION,
                   .header_bytes = offsetof(struct made_recording, buffers),
                   .buffer_bytes = sizeof(struct made_buffer),
                   .n_buffers = n_buffers,
                   .clock = QUENCH_RECORD_MONOTONIC,
                   .scale = UINT64_C(1) << QUENCH_RECORD_SCALE_SHIFT,
                   .missing_since = UINT32_MAX,
                   .program = "made up",
                   .host = "nowhere"},
    };
    memcpy(m->header.magic, QUENCH_RECORD_MAGIC, sizeof(m->header.magic));
    for (uint32_t i = 0; i < n_buffers; i++) {
        m->buffers[i].head = (struct quench_record_buffer){i, UINT32_MAX, 0, {0}};
        made_add(m, i, QUENCH_RECORD_KIND_THREAD, 1, 1000 + i, i);
    }
}

void made_add(struct made_recording *m, uint32_t buffer, enum quench_record_kind_ kind, uint64_t ns,
              uint32_t call, uint32_t value)
{
    struct quench_record_event *e = m->buffers[buffer].events;

    while (e->when != 0)
        e++;
    *e = (struct quench_record_event){ns << QUENCH_RECORD_KIND_BITS | kind, call, value};
}

void made_add_call(struct made_recording *m, uint32_t buffer, uint64_t ns, uint32_t call)
{
    made_add(m, buffer, QUENCH_RECORD_KIND_CALL, ns, call, 1);
    made_add(m, buffer, QUENCH_RECORD_KIND_BEGIN, ns + 1, call, 0);
    made_add(m, buffer, QUENCH_RECORD_KIND_OK, ns + 3, call, 0);
    made_add(m, buffer, QUENCH_RECORD_KIND_RETURNED, ns + 4, call,
             (uint32_t)QUENCH_RECORD_NO_ERROR);
}

void made_by_hand(struct made_recording *m)
{
    made_begin(m, 2);
    made_add(m, 0, QUENCH_RECORD_KIND_CALL, 10000, 1, 5);
    made_add(m, 0, QUENCH_RECORD_KIND_BEGIN, 10100, 1, 0);
    made_add(m, 0, QUENCH_RECORD_KIND_POLL, 10250, 1, 0);
    made_add(m, 0, QUENCH_RECORD_KIND_OK, 10400, 1, 0);
    made_add(m, 0, QUENCH_RECORD_KIND_BEGIN, 10420, 1, 2);
    made_add(m, 1, QUENCH_RECORD_KIND_BEGIN, 10150, 1, 1);
    made_add(m, 1, QUENCH_RECORD_KIND_FAILED, 10500, 1, 1);
    made_add(m, 1, QUENCH_RECORD_KIND_BEGIN, 10560, 1, 3);
    made_add(m, 0, QUENCH_RECORD_KIND_SEEN, 10650, 1, 2);
    made_add(m, 0, QUENCH_RECORD_KIND_RAISING, 10660, 1, 0);
    made_add(m, 1, QUENCH_RECORD_KIND_SEEN, 10600, 1, 1);
    made_add(m, 1, QUENCH_RECORD_KIND_RAISING, 10610, 1, 0);
    made_add(m, 1, QUENCH_RECORD_KIND_RAISING, 10670, 1, 0);
    made_add(m, 0, QUENCH_RECORD_KIND_CANCELLED, 10700, 1, 2);
    made_add(m, 1, QUENCH_RECORD_KIND_OK, 10950, 1, 3);
    made_add(m, 0, QUENCH_RECORD_KIND_RETURNED, 10900, 1, 1);
}

const char *made_write(const char *folder, const char *name, const void *bytes, size_t n)
{
    static char path[QN_PATH_BYTES];
    FILE *file;

    snprintf(path, sizeof(path), "%s/%s", folder, name);
    file = fopen(path, "we");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, n, file), n);
    assert_int_equal(fclose(file), 0);
    return path;
}

static int import_in_child(const char *folder, const char *path, const char *option,
                           const char *value)
{
    char out[QN_PATH_BYTES], err[QN_PATH_BYTES];
    const char *words[] = {"import", path, "--no-plots", "--out", out, option, value, NULL};
    char *argv[8];
    int fd;

    snprintf(out, sizeof(out), "%s/out", folder);
    snprintf(err, sizeof(err), "%s/said", folder);
    fd = open(err, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    if (fd < 0 || dup2(fd, STDERR_FILENO) < 0 || !freopen("/dev/null", "we", stdout))
        return 99;
    for (int i = 0; i < 8; i++)
        argv[i] = words[i] ? strdup(words[i]) : NULL;
    return qn_import_command(option ? 7 : 5, argv);
}

int made_import(const char *folder, const char *path, const char *option, const char *value,
                char *said, size_t bytes)
{
    char err[QN_PATH_BYTES];
    FILE *file;
    int status;
    pid_t pid;

    fflush(NULL);
    pid = fork();
    if (pid == 0)
        _exit(import_in_child(folder, path, option, value));
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    snprintf(err, sizeof(err), "%s/said", folder);
    file = fopen(err, "re");
    assert_non_null(file);
    said[fread(said, 1, bytes - 1, file)] = '\0';
    fclose(file);
    return WEXITSTATUS(status);
}

void made_read(const char *path, struct qn_fanouts *list)
{
    const struct qn_import_request request = {.n_paths = 1};

    assert_int_equal(qn_recordings.read(path, &request, list), QN_OK);
}
