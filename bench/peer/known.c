#include "bench/peer/known.h"

#include <string.h>

#include "runtime/base.h"
#include "strategies/task.h"

#define CXX "g++", "a C++20 compiler", false, 0
#define TBB "tbb.so", "libtbb-dev", "oneTBB", false, 0
#define GOMP "omp.so", "gcc", "OpenMP by GCC (libgomp)", false, 0
#define LLVM "omp-llvm.so", "clang libomp-dev", "OpenMP by LLVM (libomp)", false, 0
#define GO "golang-go golang-golang-x-sync-dev", "Go and its errgroup", true, 0
#define RUST "cargo librust-rayon-dev librust-tokio-dev", "Rust, rayon and tokio", true, 0

const struct qn_known_peer qn_known_peers[] = {
    {"future-first", "future.so", CXX},
    {"future-drain", "future.so", CXX},
    {"future-stop", "future.so", CXX},
    {"tbb-throw", TBB},
    {"tbb-cancel", TBB},
    {"omp-for", GOMP},
    {"omp-taskgroup", GOMP},
    {"omp-for-passive", GOMP},
    {"omp-taskgroup-passive", GOMP},
    {"omp-for-llvm", LLVM},
    {"omp-taskgroup-llvm", LLVM},
    {"omp-for-passive-llvm", LLVM},
    {"omp-taskgroup-passive-llvm", LLVM},
    {"glib", "glib.so", "libglib2.0-dev", "GLib", false, 0},
    {"libuv", "libuv.so", "libuv1-dev", "libuv", false, 0},
    {"asio", "asio.so", "libasio-dev", "Asio", false, 0},
    {"apr", "apr.so", "libapr1-dev libaprutil1-dev", "APR-util", false, 0},
    {"go-errgroup", "go-peers", GO},
    {"go-leak", "go-peers", GO},
    {"go-buffered", "go-peers", GO},
    {"go-drain", "go-peers", GO},
    {"go-close", "go-peers", GO},
    {"rayon", "rust-peers", RUST},
    {"tokio-joinset", "rust-peers", RUST},
    {"python-taskgroup", "python-peers", "python3", "Python 3.11 or later", true,
     QN_KIND_BIT(QN_KIND_WAIT)},
};
const size_t qn_n_known_peers = QN_ARRAY_LEN(qn_known_peers);

const struct qn_known_peer *qn_known_peer(const char *name)
{
    for (size_t i = 0; i < qn_n_known_peers; i++)
        if (strcmp(qn_known_peers[i].name, name) == 0)
            return &qn_known_peers[i];
    return NULL;
}
