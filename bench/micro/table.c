/* The tables, as text and as CSV. */
#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/text.h"
#include "bench/micro/all.h"
#include "bench/stats/interval.h"

static const double *ns_of(const struct micro_figures *figures, size_t i)
{
    assert(figures->ns);
    return figures->ns + i * figures->n_processes;
}

/* The median over processes of a's figures, each divided by its process's `times` b's (b NULL: by
 * 1). */
static bool estimate(const double *a, const double *b, double times, size_t n,
                     struct qn_estimate *out)
{
    double *values = calloc(n, sizeof(*values));
    size_t n_values = 0;

    for (size_t i = 0; values && i < n; i++) {
        double value = b ? a[i] / (b[i] * times) : a[i];

        if (isfinite(value))
            values[n_values++] = value;
    }
    if (n_values > 0) {
        qn_stat_sort(values, n_values);
        *out = qn_stat_median_interval(values, n_values);
    }
    free(values);
    return n_values > 0;
}

/* The values of a row. */
struct row {
    const struct micro *m;
    struct qn_estimate ns, by_floor, by_base;
    double floor_ns;
    bool has_ns, has_floor, has_base;
};

static struct row make_row(const struct micro_selection *all, const struct micro_figures *f,
                           size_t i)
{
    struct row r = {.m = all->micros[i]};
    size_t floor_at = micro_find(all, r.m->floor), base_at = micro_find(all, r.m->base);
    struct qn_estimate floor_ns;

    r.has_ns = estimate(ns_of(f, i), NULL, 1, f->n_processes, &r.ns);
    if (floor_at < all->n && estimate(ns_of(f, floor_at), NULL, 1, f->n_processes, &floor_ns)) {
        r.floor_ns = floor_ns.value * r.m->floor_times;
        r.has_floor = estimate(ns_of(f, i), ns_of(f, floor_at), r.m->floor_times, f->n_processes,
                               &r.by_floor);
    }
    if (base_at < all->n)
        r.has_base = estimate(ns_of(f, i), ns_of(f, base_at), 1, f->n_processes, &r.by_base);
    return r;
}

static void print_ns(const struct qn_estimate *e)
{
    char interval[48] = "";

    if (e->has_interval)
        snprintf(interval, sizeof(interval), "[%.4g, %.4g]", e->lo, e->hi);
    printf("%10.4g %-20s", e->value, interval);
}

/* "1.22 x 53.1 (0.5 spin)" */
static void print_floor(const struct row *r)
{
    char text[80] = "";

    if (r->has_floor) {
        qn_text_add(text, sizeof(text), "%.3g x %.4g (", r->by_floor.value, r->floor_ns);
        if (r->m->floor_times != 1)
            qn_text_add(text, sizeof(text), "%g ", r->m->floor_times);
        qn_text_add(text, sizeof(text), "%s)", r->m->floor);
    }
    printf(" %-30s", text);
}

static void print_text_row(const struct row *r)
{
    printf("  %-30s", r->m->name);
    if (!r->has_ns) {
        printf("not measured\n");
        return;
    }
    print_ns(&r->ns);
    print_floor(r);
    if (r->m->bytes > 0)
        printf(" %zu bytes;", r->m->bytes);
    if (r->has_base && r->by_base.has_interval)
        printf(" %s; %.3f [%.3f, %.3f] x %s\n", r->m->what, r->by_base.value, r->by_base.lo,
               r->by_base.hi, r->m->base);
    else
        printf(" %s\n", r->m->what);
}

/* Warns if a round trip between two cores differs between processes: they were not the same
 * cores. */
#define MOVED_RATIO 1.5

static void print_if_moved(const struct micro_selection *all, const struct micro_figures *figures)
{
    size_t at = micro_find(all, "spin");
    double lo = INFINITY, hi = 0;

    for (size_t p = 0; at < all->n && p < figures->n_processes; p++) {
        lo = fmin(lo, ns_of(figures, at)[p]);
        hi = fmax(hi, ns_of(figures, at)[p]);
    }
    if (hi > lo * MOVED_RATIO)
        printf(
            "A round trip between the cores took %.0f ns in one process and %.0f in another: the "
            "cores of a virtual machine\nhave moved. Trust the ratios, which are formed within a "
            "process; times across cores are mixed.\n",
            lo, hi);
}

void micro_print_text(const struct micro_selection *all, const struct micro_figures *figures)
{
    const struct micro_group *group = NULL;

    print_if_moved(all, figures);
    printf("%-32s%10s %-20s %-30s %s\n", "", "ns", "95 % interval", "x its floor, ns",
           "an operation is");
    for (size_t i = 0; i < all->n; i++) {
        struct row r = make_row(all, figures, i);

        if (!all->is_selected[i])
            continue;
        if (all->groups[i] != group)
            printf("%s\n", all->groups[i]->title);
        group = all->groups[i];
        print_text_row(&r);
    }
}

static void print_csv_estimate(bool has, const struct qn_estimate *e)
{
    if (has)
        printf(",%.6g", e->value);
    else
        printf(",");
    if (has && e->has_interval)
        printf(",%.6g,%.6g", e->lo, e->hi);
    else
        printf(",,");
}

void micro_print_csv(const struct micro_selection *all, const struct micro_figures *figures)
{
    printf("name,ns,ns_lo,ns_hi,floor,floor_times,floor_ns,by_floor,by_floor_lo,by_floor_hi,base,"
           "by_base,by_base_lo,"
           "by_base_hi,operation,bytes\n");
    for (size_t i = 0; i < all->n; i++) {
        struct row r = make_row(all, figures, i);

        if (!all->is_selected[i])
            continue;
        printf("%s", r.m->name);
        print_csv_estimate(r.has_ns, &r.ns);
        if (r.has_floor)
            printf(",%s,%g,%.6g", r.m->floor, r.m->floor_times, r.floor_ns);
        else
            printf(",,,");
        print_csv_estimate(r.has_floor, &r.by_floor);
        printf(",%s", r.has_base ? r.m->base : "");
        print_csv_estimate(r.has_base, &r.by_base);
        printf(",\"%s\",", r.m->what);
        if (r.m->bytes > 0)
            printf("%zu", r.m->bytes);
        printf("\n");
    }
}
