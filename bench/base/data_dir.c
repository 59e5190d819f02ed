#include "bench/base/data_dir.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/base/path.h"

static pthread_once_t is_found = PTHREAD_ONCE_INIT;
static bool is_installed;
static char data[QN_PATH_BYTES] = QN_SOURCE_DIR, peers[QN_PATH_BYTES], work[QN_PATH_BYTES];

/* Without /proc: the source tree, and no peers. */
static void find(void)
{
    char program[QN_PATH_BYTES] = "", path[QN_PATH_BYTES], real[QN_PATH_BYTES];
    ssize_t n = readlink("/proc/self/exe", program, sizeof(program) - 1);

    if (n <= 0 || !strrchr(program, '/'))
        return;
    *strrchr(program, '/') = '\0';
    is_installed = qn_path(path, "%s/%s", program, QN_DATA_FROM_PROGRAM) == QN_OK &&
                   realpath(path, real) != NULL;
    if (is_installed)
        memcpy(data, real, sizeof(data));
    if (qn_path(path, "%s/%s", program, is_installed ? QN_PEERS_FROM_PROGRAM : "peers") == QN_OK)
        memcpy(peers, path, sizeof(peers));
    if (qn_path(path, "%s/%s", program, is_installed ? QN_WORK_FROM_PROGRAM : "own") == QN_OK)
        memcpy(work, path, sizeof(work));
}

/* The variable's value, or NULL. */
static const char *given(const char *variable)
{
    const char *value = getenv(variable);

    return value && *value ? value : NULL;
}

const char *qn_data_dir(void)
{
    const char *dir = given("QUENCH_DATA_DIR");

    pthread_once(&is_found, find);
    return dir ? dir : data;
}

bool qn_program_is_installed(void)
{
    pthread_once(&is_found, find);
    return is_installed;
}

const char *qn_work_dir(void)
{
    pthread_once(&is_found, find);
    return work;
}

const char *qn_peers_dir(void)
{
    const char *dir = given("QUENCH_PEERS_DIR");

    pthread_once(&is_found, find);
    return dir ? dir : peers;
}
