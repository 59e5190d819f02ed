/* Units of time and size, as words in cells and at the ends of columns' names. */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "bench/import/cells_parts.h"

struct word {
    const char *text;
    bool is_short; /* too short or too common to match at the end of a name */
    struct qn_cell_unit unit;
};

static const struct word time_words[] = {
    {"ns", false, {"ns", 1}},
    {"nsec", false, {"ns", 1}},
    {"nsecs", false, {"ns", 1}},
    {"nanos", false, {"ns", 1}},
    {"nanosecond", false, {"ns", 1}},
    {"nanoseconds", false, {"ns", 1}},
    {"us", false, {"us", QN_NS_PER_US}},
    {"\xc2\xb5s", false, {"us", QN_NS_PER_US}}, /* micro sign */
    {"\xce\xbcs", false, {"us", QN_NS_PER_US}}, /* Greek mu */
    {"usec", false, {"us", QN_NS_PER_US}},
    {"usecs", false, {"us", QN_NS_PER_US}},
    {"micros", false, {"us", QN_NS_PER_US}},
    {"microsecond", false, {"us", QN_NS_PER_US}},
    {"microseconds", false, {"us", QN_NS_PER_US}},
    {"ms", false, {"ms", QN_NS_PER_MS}},
    {"msec", false, {"ms", QN_NS_PER_MS}},
    {"msecs", false, {"ms", QN_NS_PER_MS}},
    {"millis", false, {"ms", QN_NS_PER_MS}},
    {"millisecond", false, {"ms", QN_NS_PER_MS}},
    {"milliseconds", false, {"ms", QN_NS_PER_MS}},
    {"s", false, {"s", QN_NS_PER_S}},
    {"sec", false, {"s", QN_NS_PER_S}},
    {"secs", false, {"s", QN_NS_PER_S}},
    {"second", false, {"s", QN_NS_PER_S}},
    {"seconds", false, {"s", QN_NS_PER_S}},
    {"m", true, {"m", NS_PER_MIN}},
    {"min", true, {"m", NS_PER_MIN}}, /* a minimum */
    {"mins", false, {"m", NS_PER_MIN}},
    {"minute", false, {"m", NS_PER_MIN}},
    {"minutes", false, {"m", NS_PER_MIN}},
    {"h", true, {"h", NS_PER_HOUR}},
    {"hr", true, {"h", NS_PER_HOUR}},
    {"hrs", false, {"h", NS_PER_HOUR}},
    {"hour", true, {"h", NS_PER_HOUR}}, /* of the day */
    {"hours", false, {"h", NS_PER_HOUR}},
    {"d", true, {"d", NS_PER_DAY}},
    {"day", true, {"d", NS_PER_DAY}},
    {"days", false, {"d", NS_PER_DAY}},
    {0},
};

#define KIB (UINT64_C(1) << 10)
#define MIB (UINT64_C(1) << 20)
#define GIB (UINT64_C(1) << 30)
#define TIB (UINT64_C(1) << 40)

/* KB and MB are left out: they may mean 1000 or 1024. */
static const struct word size_words[] = {
    {"b", true, {"B", 1}},        {"byte", false, {"B", 1}},    {"bytes", false, {"B", 1}},
    {"k", true, {"KiB", KIB}},    {"m", true, {"MiB", MIB}},    {"g", true, {"GiB", GIB}},
    {"t", true, {"TiB", TIB}},    {"kib", false, {"KiB", KIB}}, {"mib", false, {"MiB", MIB}},
    {"gib", false, {"GiB", GIB}}, {"tib", false, {"TiB", TIB}}, {0},
};

static const struct qn_cell_unit *find(const struct word *words, const char *text, size_t n)
{
    for (const struct word *w = words; w->text; w++)
        if (strlen(w->text) == n && strncasecmp(w->text, text, n) == 0)
            return &w->unit;
    return NULL;
}

const struct qn_cell_unit *qn_cell_time_word(const char *text, size_t n)
{
    return find(time_words, text, n);
}

const struct qn_cell_unit *qn_cell_time_unit(const char *word)
{
    return find(time_words, word, strlen(word));
}

const struct qn_cell_unit *qn_cell_size_unit(const char *word)
{
    return find(size_words, word, strlen(word));
}

bool qn_cell_is_letter(char c)
{
    return isalpha((unsigned char)c) || (c & 0x80);
}

/* "requests/s", "bytes_per_s": a rate, not a quantity in that unit. */
static bool is_rate(const char *column, const char *unit)
{
    while (unit > column && !qn_cell_is_letter(unit[-1]) && unit[-1] != '/')
        unit--;
    return unit > column &&
           (unit[-1] == '/' || (unit - column > 3 && strncasecmp(unit - 3, "per", 3) == 0 &&
                                !qn_cell_is_letter(unit[-4])));
}

static const struct qn_cell_unit *find_in_name(const struct word *words, const char *column)
{
    size_t end = strlen(column);

    while (end > 0 && strchr(" )]}.", column[end - 1]))
        end--;
    for (const struct word *w = words; w->text; w++) {
        size_t n = strlen(w->text);
        const char *at = column + end - n;
        bool is_parted, is_camel;

        if (w->is_short || n > end || strncasecmp(at, w->text, n) != 0)
            continue;
        if (n == end && n > 1)
            return &w->unit;
        if (n == end)
            continue;
        is_parted = !qn_cell_is_letter(at[-1]) && !isdigit((unsigned char)at[-1]);
        is_camel = n > 1 && isupper((unsigned char)at[0]) && islower((unsigned char)at[-1]);
        if (is_parted || is_camel)
            return is_rate(column, at) ? NULL : &w->unit;
    }
    return NULL;
}

const struct qn_cell_unit *qn_cell_time_unit_of(const char *column)
{
    return find_in_name(time_words, column);
}

const struct qn_cell_unit *qn_cell_size_unit_of(const char *column)
{
    return find_in_name(size_words, column);
}
