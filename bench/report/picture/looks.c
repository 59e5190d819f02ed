#include "bench/report/picture/looks.h"

#include <stdint.h>
#include <string.h>

#include "runtime/base.h"

/* Okabe and Ito's colours, which suit colour-blind readers, without their yellow; then muted ones
 * of Paul Tol's, and a brown. */
static const char *const colours[QN_LOOK_COLOURS] = {
    "#000000", "#E69F00", "#56B4E9", "#009E73", "#0072B2", "#D55E00", "#CC79A7",
    "#7F7F7F", "#332288", "#882255", "#999933", "#44AA99", "#8C510A"};

/* Square, circle, triangle, inverted triangle, diamond, pentagon; the number below each is its
 * hollow form. */
static const int shapes[QN_LOOK_SHAPES] = {5, 7, 9, 11, 13, 15};

#define N_DASHES 4u

/*
 * A look is a number below QN_LOOKS that stands for a colour and a shape. Lines of this table never
 * change: a new strategy takes an unused number. Neighbours differ in both.
 */
static const struct {
    const char *name;
    unsigned look;
} fixed[] = {
    {"leak", 0},
    {"double-send", 1},
    {"double-send-buffered", 2},
    {"double-send-wait", 3},
    {"buffered", 4},
    {"short-buffer", 5},
    {"drain", 6},
    {"close", 7},
    {"cancel", 8},
    {"cancel-wait", 9},
    {"owner-close", 10},
    {"limited", 11},
    {"null", 12},
    {"tree-climb", 13},
    {"tree-root", 14},
    {"release-at-site", 15},
    {"release-by-owner", 16},
    {"no-close", 17},
    {"close-twice", 18},
    {"close-unordered", 19},
    {"close-stops", 20},
    {"close-mixed", 21},
    {"cancel-dequeue", 22},
    {"cancel-callback", 23},
    {"cancel-signal", 24},
    {"cancel-thread", 25},
    {"cancel-thread-bare", 26},
    {"cancel-close-fd", 27},
    {"cancel-close-peer", 28},
    {"close-wakes", 29},
    {"cancel-grace", 30},
};

static struct qn_look look_of(unsigned number)
{
    unsigned colour = number % QN_LOOK_COLOURS, round = number / QN_LOOK_COLOURS;

    /* the shape shifts every round, so that no colour has the same one twice */
    return (struct qn_look){
        .colour = colours[colour],
        .dash = (int)(number % N_DASHES) + 1,
        .mark = shapes[(colour + round) % QN_LOOK_SHAPES] - (int)(round % 2),
    };
}

static const unsigned *find_fixed(const char *name)
{
    for (size_t i = 0; i < QN_ARRAY_LEN(fixed); i++)
        if (strcmp(fixed[i].name, name) == 0)
            return &fixed[i].look;
    return NULL;
}

bool qn_look_is_fixed(const char *name)
{
    return find_fixed(name) != NULL;
}

/* FNV-1a. */
static unsigned hash(const char *name)
{
    uint32_t h = 2166136261u;

    for (; *name; name++)
        h = (h ^ (unsigned char)*name) * 16777619u;
    return h;
}

static size_t count_before(const char *const *names, size_t i)
{
    size_t n = 0;

    for (size_t j = 0; j < i; j++)
        n += strcmp(names[j], names[i]) == 0;
    return n;
}

/* Takes the first look from `first` on that no strategy of the table and no earlier line has; if
 * none is left, `first` with another dash. */
static struct qn_look take_free(unsigned first, bool *is_taken)
{
    struct qn_look look = look_of(first % QN_LOOKS);

    for (unsigned k = 0; k < QN_LOOKS; k++) {
        unsigned number = (first + k) % QN_LOOKS;

        if (is_taken[number])
            continue;
        is_taken[number] = true;
        return look_of(number);
    }
    look.dash = look.dash % (int)N_DASHES + 1;
    return look;
}

void qn_looks_of(const char *const *names, size_t n, struct qn_look *out)
{
    bool is_taken[QN_LOOKS] = {false};

    for (size_t i = 0; i < QN_ARRAY_LEN(fixed); i++)
        is_taken[fixed[i].look] = true;
    /* names first: further lines of a strategy yield to them */
    for (size_t i = 0; i < n; i++) {
        const unsigned *look = find_fixed(names[i]);

        if (count_before(names, i) == 0)
            out[i] = look ? look_of(*look) : take_free(hash(names[i]), is_taken);
    }
    for (size_t i = 0; i < n; i++) {
        const unsigned *look = find_fixed(names[i]);
        size_t before = count_before(names, i);

        /* another colour, and the next shape */
        if (before > 0)
            out[i] = take_free((look ? *look : hash(names[i]) % QN_LOOKS) +
                                   (unsigned)before * (QN_LOOK_COLOURS + 5),
                               is_taken);
    }
}
