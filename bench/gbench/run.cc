/* Runs: what the library would end the process over is refused before. */
#include <cstdio>
#include <iostream>
#include <memory>
#include <sstream>

#include "report.h"

namespace
{

/* Hands what is written to a C function, a report at a time. */
class CallbackBuffer : public std::streambuf
{
  public:
    CallbackBuffer(gb_write_fn *write, void *user) : write_(write), user_(user)
    {
    }

    bool refused() const
    {
        return refused_;
    }

  protected:
    int_type overflow(int_type c) override
    {
        if (!traits_type::eq_int_type(c, traits_type::eof()))
            text_.push_back(traits_type::to_char_type(c));
        return traits_type::not_eof(c);
    }

    std::streamsize xsputn(const char *text, std::streamsize n) override
    {
        text_.append(text, static_cast<size_t>(n));
        return n;
    }

    int sync() override
    {
        if (!refused_ && !text_.empty())
            refused_ = write_(user_, text_.data(), text_.size()) != 0;
        text_.clear();
        return refused_ ? -1 : 0;
    }

  private:
    gb_write_fn *write_;
    void *user_;
    std::string text_;
    bool refused_ = false;
};

/* What can be known before that the library answers by leaving the process, or by reading freed
 * memory. */
int check(bool has_file_reporter)
{
    const std::string &out = gbench::options().out;

    if (gbench::is_running() || gbench::is_shut_down() || (has_file_reporter && out.empty()) ||
        gbench::any_without_arguments())
        return GB_ESTATE;
#if !GBENCH_HAVE_MEMORY_BY_VALUE
    if (gbench::has_memory_manager() && gbench::any_repeats())
        return GB_EUNSUPPORTED;
#endif
    if (!out.empty()) {
        std::FILE *file = std::fopen(out.c_str(), "a");

        if (!file)
            return GB_EOUTPUT;
        std::fclose(file);
    }
    return GB_OK;
}

/* Runs with the display reporter's complaints kept from stderr: they tell a filter that doesn't
 * compile. */
int run(const char *filter, benchmark::BenchmarkReporter *display,
        benchmark::BenchmarkReporter *file, std::ostream *out, size_t *n_run)
{
    const std::string spec = filter ? filter : benchmark::GetBenchmarkFilter();
    gbench::Running running;
    std::ostringstream complaints;
    size_t n;

    display->SetOutputStream(out);
    display->SetErrorStream(&complaints);
    n = benchmark::RunSpecifiedBenchmarks(display, file, spec);
    if (n_run)
        *n_run = n;
    if (n > 0 || complaints.str().find("Could not compile") == std::string::npos)
        return GB_OK;
    running.found_nothing();
    return GB_EINVAL;
}

/* The library's own display reporter, once a reporter that refuses to run has seen the filter
 * compile. */
int run_default(const char *filter, benchmark::BenchmarkReporter *file, size_t *n_run)
{
    CReporter refusing({[](void *, const gb_context *, gb_output *) { return 0; }, nullptr, nullptr,
                        nullptr, nullptr});
    std::ostringstream silent;

    if (int rc = run(filter, &refusing, nullptr, &silent, nullptr))
        return rc;
    const std::string spec = filter ? filter : benchmark::GetBenchmarkFilter();
    gbench::Running running;
    /* Given by pointer: left to itself, the library frees its only one after the first run. */
    size_t n =
        benchmark::RunSpecifiedBenchmarks(benchmark::CreateDefaultDisplayReporter(), file, spec);

    if (n_run)
        *n_run = n;
    return GB_OK;
}

std::unique_ptr<benchmark::BenchmarkReporter> create(gb_format format)
{
    using Console = benchmark::ConsoleReporter;

    switch (format) {
    case GB_CONSOLE:
        return std::make_unique<Console>(Console::OO_None);
    case GB_CONSOLE_COLOR:
        return std::make_unique<Console>(Console::OO_Color);
    case GB_CONSOLE_TABULAR:
        return std::make_unique<Console>(Console::OO_Tabular);
    case GB_CONSOLE_COLOR_TABULAR:
        return std::make_unique<Console>(Console::OO_ColorTabular);
    case GB_JSON:
        return std::make_unique<benchmark::JSONReporter>();
    case GB_CSV:
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
        return std::make_unique<benchmark::CSVReporter>();
#pragma GCC diagnostic pop
    default:
        return nullptr;
    }
}

} // namespace

int gb_run_benchmarks(const char *filter, const gb_reporter *display, const gb_reporter *file,
                      size_t *n_run)
{
    if (int rc = check(file != nullptr))
        return rc;
    return gbench::guarded([&] {
        std::unique_ptr<CReporter> to_file;

        if (file)
            to_file = std::make_unique<CReporter>(*file);
        if (!display)
            return run_default(filter, to_file.get(), n_run);
        CReporter to_display(*display);
        return run(filter, &to_display, to_file.get(), &std::cout, n_run);
    });
}

int gb_run_text(gb_format format, const char *filter, gb_write_fn *write, void *user, size_t *n_run)
{
    if (!write || format < GB_CONSOLE || format > GB_CSV)
        return GB_EINVAL;
    if (int rc = check(false))
        return rc;
    return gbench::guarded([&] {
        const auto display = create(format);
        CallbackBuffer buffer(write, user);
        std::ostream out(&buffer);
        int rc = run(filter, display.get(), nullptr, &out, n_run);

        out.flush();
        return rc == GB_OK && buffer.refused() ? static_cast<int>(GB_EOUTPUT) : rc;
    });
}

int gb_write_basic_context(gb_write_fn *write, void *user)
{
    if (!write)
        return GB_EINVAL;
    if (gbench::is_shut_down())
        return GB_ESTATE;
    return gbench::guarded([&] {
        CallbackBuffer buffer(write, user);
        std::ostream out(&buffer);
        const benchmark::BenchmarkReporter::Context context;

        benchmark::BenchmarkReporter::PrintBasicContext(&out, context);
        out.flush();
        return static_cast<int>(buffer.refused() ? GB_EOUTPUT : GB_OK);
    });
}
