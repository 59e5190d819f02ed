#include "bench/tune/search/rates.h"

#include <math.h>
#include <stdlib.h>

#include "bench/base/rng.h"

/* The bootstrap has its own stream of the seed. */
#define BOOTSTRAP_STREAM UINT64_C(0x626f6f74)
#define N_BOOTSTRAPS 4000u

bool qn_tune_is_finalist(const struct qn_tune *t, size_t candidate)
{
    const struct qn_candidates *c = &t->candidates;
    size_t n_in = 0;

    for (size_t i = 0; i < t->rates.n; i++)
        for (size_t r = 0; r < c->n_rates; r++)
            n_in += t->rates.cells[i] == c->list[candidate].cells[r];
    return n_in > 0 && n_in == c->n_rates;
}

double qn_crossing_of(const double *rates, const double *difference, size_t upto)
{
    size_t above = SIZE_MAX; /* the next higher index with a difference */

    for (size_t i = upto + 1; i-- > 0;) {
        double a = difference[i], b, share;

        if (isnan(a))
            continue;
        if (above == SIZE_MAX && a > 0)
            return rates[i]; /* it has not fallen below 0 yet */
        if (a > 0) {
            b = difference[above];
            share = a / (a - b);
            return rates[i] > 0 ? rates[i] * pow(rates[above] / rates[i], share)
                                : rates[above] * share;
        }
        above = i;
    }
    return above == SIZE_MAX ? NAN : rates[0];
}

/* The costs of `to` minus those of `from`: a row per process, a column per rate up to `upto`. */
struct differences {
    double *v;
    size_t n_processes, n_rates;
};

static int differences_of(const struct qn_tune *t, size_t from, size_t to, size_t upto,
                          struct differences *out)
{
    const struct qn_candidates *c = &t->candidates;
    const struct qn_candidate *a = &c->list[from], *b = &c->list[to];

    *out = (struct differences){.n_rates = upto + 1, .n_processes = SIZE_MAX};
    for (size_t r = 0; r <= upto; r++) {
        size_t n_a = qn_tune_data_next(&t->data, a->cells[r]);
        size_t n_b = qn_tune_data_next(&t->data, b->cells[r]);

        out->n_processes = n_a < out->n_processes ? n_a : out->n_processes;
        out->n_processes = n_b < out->n_processes ? n_b : out->n_processes;
    }
    out->v = calloc(out->n_processes * out->n_rates + 1, sizeof(*out->v));
    if (!out->v)
        return QN_ENOMEM;
    for (size_t p = 0; p < out->n_processes; p++)
        for (size_t r = 0; r <= upto; r++)
            out->v[p * out->n_rates + r] =
                qn_tune_cost_of(&t->data, c, b, r, p, &t->request.objective) -
                qn_tune_cost_of(&t->data, c, a, r, p, &t->request.objective);
    return QN_OK;
}

/* The mean over the processes in `pick`, at every rate; over pairs that have both costs. */
static void mean_over(const struct differences *d, const size_t *pick, double *mean)
{
    for (size_t r = 0; r < d->n_rates; r++) {
        size_t n = 0;

        mean[r] = 0;
        for (size_t p = 0; p < d->n_processes; p++) {
            double v = d->v[(pick ? pick[p] : p) * d->n_rates + r];

            n += isnan(v) ? 0 : 1;
            mean[r] += isnan(v) ? 0 : v;
        }
        mean[r] = n > 0 ? mean[r] / (double)n : NAN;
    }
}

/* The normal distribution function at -z. */
static double normal_tail(double z)
{
    return erfc(z / M_SQRT2) / 2;
}

static int bootstrap(const struct qn_tune *t, const struct differences *d, struct qn_crossing *x)
{
    size_t *pick = calloc(d->n_processes, sizeof(*pick));
    double *found = calloc(N_BOOTSTRAPS, sizeof(*found)), mean[QN_MAX_RATES];
    uint64_t state = qn_rng_mix(BOOTSTRAP_STREAM, t->options->seed);
    int rc = pick && found ? QN_OK : QN_ENOMEM;
    size_t n_found = 0;

    for (size_t i = 0; rc == QN_OK && i < N_BOOTSTRAPS; i++) {
        for (size_t p = 0; p < d->n_processes; p++)
            pick[p] = (size_t)(qn_rng_mix(state, i * d->n_processes + p) % d->n_processes);
        mean_over(d, pick, mean);
        found[n_found] = qn_crossing_of(t->candidates.rates, mean, d->n_rates - 1);
        n_found += isnan(found[n_found]) ? 0 : 1;
    }
    if (rc == QN_OK && d->n_processes > 1 && n_found > 0) {
        double n = (double)d->n_processes;
        double share = normal_tail(sqrt(n / (n - 1)) * qn_stat_t_quantile(0.975, n - 1));

        qn_stat_sort(found, n_found);
        x->lo = qn_stat_quantile(found, n_found, fmax(share, 1.0 / N_BOOTSTRAPS));
        x->hi = qn_stat_quantile(found, n_found, 1 - share);
    }
    free(found);
    free(pick);
    return rc;
}

static int cross(const struct qn_tune *t, size_t from, size_t to, size_t upto, bool is_shown,
                 struct qn_crossing *out)
{
    struct differences d;
    double mean[QN_MAX_RATES];
    int rc = differences_of(t, from, to, upto, &d);

    *out = (struct qn_crossing){
        .from = from, .to = to, .rate = NAN, .lo = NAN, .hi = NAN, .is_shown = is_shown};
    if (rc == QN_OK && d.n_processes > 0) {
        mean_over(&d, NULL, mean);
        out->rate = qn_crossing_of(t->candidates.rates, mean, d.n_rates - 1);
        rc = bootstrap(t, &d, out);
    }
    free(d.v);
    return rc;
}

/* a's cost minus b's at a rate, over the processes in which both have one. */
static struct qn_estimate difference_at(const struct qn_tune *t, size_t a, size_t b, size_t rate)
{
    const struct qn_candidates *c = &t->candidates;
    size_t most = qn_tune_data_next(&t->data, c->list[a].cells[rate]), n = 0;
    double *d = t->data.figures;
    struct qn_estimate e = {.value = NAN};

    for (size_t p = 0; p < most; p++) {
        d[n] = qn_tune_cost_of(&t->data, c, &c->list[a], rate, p, &t->request.objective) -
               qn_tune_cost_of(&t->data, c, &c->list[b], rate, p, &t->request.objective);
        n += isnan(d[n]) ? 0 : 1;
    }
    if (n > 0)
        e = qn_stat_mean_interval(d, n);
    return e;
}

static double cost_at(const struct qn_tune *t, size_t candidate, size_t rate)
{
    const struct qn_candidates *c = &t->candidates;

    return qn_tune_cost(&t->data, c, &c->list[candidate], rate, &t->request.objective).value;
}

static size_t cheapest_at(const struct qn_tune *t, size_t rate)
{
    size_t best = SIZE_MAX;
    double least = NAN;

    for (size_t i = 0; i < t->candidates.n; i++) {
        double cost = qn_tune_is_finalist(t, i) ? cost_at(t, i, rate) : NAN;

        if (!isnan(cost) && (best == SIZE_MAX || cost < least)) {
            best = i;
            least = cost;
        }
    }
    return best;
}

/* The winner at a rate next to one where `beside` wins: that stays while it costs no more than the
 * cheapest plus the band. */
static size_t winner_at(const struct qn_tune *t, size_t rate, size_t beside)
{
    size_t best = cheapest_at(t, rate);
    double least;

    if (best == SIZE_MAX || beside == SIZE_MAX)
        return best;
    least = cost_at(t, best, rate);
    return cost_at(t, beside, rate) <= least + qn_race_band(&t->race, least) ? beside : best;
}

/* True if intervals show each to be cheaper on its side. */
static bool is_shown(const struct qn_tune *t, size_t from, size_t to, size_t below)
{
    const struct qn_estimate under = difference_at(t, to, from, below);
    const struct qn_estimate over = difference_at(t, from, to, below + 1);

    return under.has_interval && under.lo > 0 && over.has_interval && over.lo > 0;
}

int qn_crossings_find(const struct qn_tune *t, struct qn_crossings *out)
{
    size_t n = t->candidates.n_rates, middle = t->candidates.rate, *winners = out->winners;
    int rc = QN_OK;

    out->n = 0;
    for (size_t i = 0; i < n; i++)
        winners[i] = SIZE_MAX;
    if (t->choice == SIZE_MAX || !qn_tune_is_finalist(t, t->choice))
        return QN_OK;
    winners[middle] = t->choice;
    for (size_t i = middle; i-- > 0;)
        winners[i] = winner_at(t, i, winners[i + 1]);
    for (size_t i = middle + 1; i < n; i++)
        winners[i] = winner_at(t, i, winners[i - 1]);
    for (size_t i = 0; i + 1 < n && rc == QN_OK; i++)
        if (winners[i] != winners[i + 1] && winners[i] != SIZE_MAX && winners[i + 1] != SIZE_MAX)
            rc = cross(t, winners[i], winners[i + 1], i + 1,
                       is_shown(t, winners[i], winners[i + 1], i), &out->list[out->n++]);
    return rc;
}
