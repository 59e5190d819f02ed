/* Clock times: hours, minutes, seconds and a fraction. */
#include <ctype.h>
#include <string.h>

#include "bench/import/cells_parts.h"

bool qn_cell_take_field(const char **at, unsigned below, uint64_t *value)
{
    size_t n = strspn(*at, "0123456789");
    uint64_t sum = 0;

    if (n == 0 || n > 9)
        return false;
    for (; n > 0; n--)
        sum = sum * 10 + (uint64_t)(*(*at)++ - '0');
    *value = sum;
    return sum < below;
}

/* The fraction of seconds, in ns, rounded. */
static uint64_t take_fraction(const char **at)
{
    uint64_t ns = 0, unit = QN_NS_PER_S / 10;
    bool is_rounded = false;

    if (**at != '.' && **at != ',')
        return 0;
    for (++*at; isdigit((unsigned char)**at); ++*at) {
        uint64_t digit = (uint64_t)(**at - '0');

        if (unit == 0 && !is_rounded)
            ns += digit >= 5;
        is_rounded = unit == 0;
        ns += digit * unit;
        unit /= 10;
    }
    return ns;
}

bool qn_cell_take_clock(const char **at, bool is_day, uint64_t *ns)
{
    uint64_t fields[3] = {0};
    unsigned n = 0;

    do {
        if (n == 3 || !qn_cell_take_field(at, n == 0 ? (is_day ? 24 : 1000000000) : 60, &fields[n]))
            return false;
        n++;
    } while (**at == ':' && (*at)++);
    if (n < 2 || (is_day && n < 3))
        return false;
    *ns = n == 3 ? fields[0] * NS_PER_HOUR + fields[1] * NS_PER_MIN + fields[2] * QN_NS_PER_S
                 : fields[0] * NS_PER_MIN + fields[1] * QN_NS_PER_S;
    *ns += take_fraction(at);
    return true;
}
