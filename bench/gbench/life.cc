/* What belongs to the process: options, context, the end. */
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "internal.h"

namespace
{

bool running, shut_down;

const char *environment(const char *name)
{
    const char *value = std::getenv(name);

    return value ? value : "";
}

/* Keeps the value of --name=value if the word is that. */
bool option(const char *word, const char *name, std::string *value)
{
    const size_t n = std::strlen(name);

    if (std::strncmp(word, name, n) != 0 || word[n] != '=')
        return false;
    *value = word + n + 1;
    return true;
}

/* A number as the library reads it: whole, or not at all. */
void take_int(const std::string &text, int *out)
{
    char *end;

    errno = 0;
    const long n = std::strtol(text.c_str(), &end, 10);
    if (end != text.c_str() && !*end && !errno && n == static_cast<int>(n))
        *out = static_cast<int>(n);
}

gb_options first_options()
{
    gb_options seen = {environment("BENCHMARK_OUT"), 1};

    take_int(environment("BENCHMARK_REPETITIONS"), &seen.repetitions);
    return seen;
}

} // namespace

gb_options &gbench::options()
{
    static gb_options seen = first_options();

    return seen;
}

bool gbench::is_running()
{
    return running;
}

bool gbench::is_shut_down()
{
    return shut_down;
}

gbench::Running::Running()
{
    running = true;
    begin_run();
}

gbench::Running::~Running()
{
    running = false;
    if (has_looked_)
        end_run();
}

bool gbench::is_unit(gb_unit unit)
{
    return unit == GB_NANOSECOND || unit == GB_MICROSECOND || unit == GB_MILLISECOND ||
           unit == GB_SECOND;
}

gb_unit gbench::unit_of(benchmark::TimeUnit unit)
{
    switch (unit) {
    case benchmark::kMicrosecond:
        return GB_MICROSECOND;
    case benchmark::kMillisecond:
        return GB_MILLISECOND;
    case benchmark::kSecond:
        return GB_SECOND;
    default:
        return GB_NANOSECOND;
    }
}

benchmark::TimeUnit gbench::unit_of(gb_unit unit)
{
    switch (unit) {
    case GB_MICROSECOND:
        return benchmark::kMicrosecond;
    case GB_MILLISECOND:
        return benchmark::kMillisecond;
    case GB_SECOND:
        return benchmark::kSecond;
    default:
        return benchmark::kNanosecond;
    }
}

const char *gb_err_text(int err)
{
    switch (err) {
#define GB_ERR_CASE(name, value, text) \
    case name: \
        return text;
        GB_ERR_LIST(GB_ERR_CASE)
#undef GB_ERR_CASE
    default:
        return "unknown error";
    }
}

int gb_initialize(int *argc, char **argv)
{
    return gb_initialize_with_help(argc, argv, benchmark::PrintDefaultHelp);
}

int gb_initialize_with_help(int *argc, char **argv, void (*help)(void))
{
    if (!argc || !argv || !help)
        return GB_EINVAL;
    if (int rc = gbench::may_change())
        return rc;
    return gbench::guarded([&] {
        for (int i = 1; i < *argc; i++) {
            std::string repetitions;

            option(argv[i], "--benchmark_out", &gbench::options().out);
            if (option(argv[i], "--benchmark_repetitions", &repetitions))
                take_int(repetitions, &gbench::options().repetitions);
        }
        benchmark::Initialize(argc, argv, help);
        return static_cast<int>(GB_OK);
    });
}

int gb_report_unrecognized(int argc, char **argv)
{
    return benchmark::ReportUnrecognizedArguments(argc, argv);
}

void gb_shutdown(void)
{
    if (running || shut_down)
        return;
    gbench::forget_benchmarks();
    gb_register_memory_manager(nullptr);
    benchmark::Shutdown();
    shut_down = true;
}

int gb_main(int argc, char **argv, int (*register_all)(void))
{
    int rc = gb_initialize(&argc, argv);

    if (rc == GB_OK && gb_report_unrecognized(argc, argv))
        return 1;
    if (rc == GB_OK && register_all)
        rc = register_all();
    if (rc == GB_OK)
        rc = gb_run_benchmarks(nullptr, nullptr, nullptr, nullptr);
    if (rc != GB_OK)
        std::fprintf(stderr, "%s: %s\n", argc > 0 ? argv[0] : "benchmark", gb_err_text(rc));
    gb_shutdown();
    return rc == GB_OK ? 0 : 1;
}

const char *gb_version(void)
{
#if GBENCH_HAVE_VERSION_FUNCTION
    static const std::string version = benchmark::GetBenchmarkVersion();

    return version.c_str() + (version[0] == 'v');
#else
    return GBENCH_LIBRARY_VERSION;
#endif
}

int gb_add_context(const char *key, const char *value)
{
    if (!key || !value)
        return GB_EINVAL;
    if (shut_down)
        return GB_ESTATE;
    return gbench::guarded([&] {
        const auto *context = benchmark::internal::GetGlobalContext();

        if (context && context->count(key))
            return static_cast<int>(GB_EINVAL);
        benchmark::AddCustomContext(key, value);
        return static_cast<int>(GB_OK);
    });
}

const char *gb_filter(void)
{
    static std::string filter;

    gbench::guarded([] {
        filter = benchmark::GetBenchmarkFilter();
        return static_cast<int>(GB_OK);
    });
    return filter.c_str();
}

int gb_set_filter(const char *filter)
{
    if (!filter)
        return GB_EINVAL;
    if (int rc = gbench::may_change())
        return rc;
    return gbench::guarded([&] {
        benchmark::SetBenchmarkFilter(filter);
        return static_cast<int>(GB_OK);
    });
}

int gb_verbosity(void)
{
    return benchmark::GetBenchmarkVerbosity();
}

gb_unit gb_default_unit(void)
{
    return gbench::unit_of(benchmark::GetDefaultTimeUnit());
}

int gb_set_default_unit(gb_unit unit)
{
    if (!gbench::is_unit(unit))
        return GB_EINVAL;
    if (int rc = gbench::may_change())
        return rc;
    benchmark::SetDefaultTimeUnit(gbench::unit_of(unit));
    return GB_OK;
}
