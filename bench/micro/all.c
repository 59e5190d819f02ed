#include "bench/micro/all.h"

#include <assert.h>
#include <regex.h>
#include <string.h>

static const struct micro_group *const groups[] = {
    &micro_floors,   &micro_loops,     &micro_tokens,     &micro_trees,
    &micro_channels, &micro_hand_offs, &micro_deliveries, &micro_dispatches,
    &micro_memories, &micro_fanouts,   &micro_records,
};

size_t micro_find(const struct micro_selection *all, const char *name)
{
    for (size_t i = 0; i < all->n; i++)
        if (name && strcmp(all->micros[i]->name, name) == 0)
            return i;
    return all->n;
}

static void list_all(struct micro_selection *all)
{
    memset(all, 0, sizeof(*all));
    for (size_t g = 0; g < QN_ARRAY_LEN(groups); g++)
        for (unsigned i = 0; i < groups[g]->n; i++) {
            assert(all->n < MICRO_MAX);
            all->micros[all->n] = &groups[g]->micros[i];
            all->groups[all->n++] = groups[g];
        }
}

/* A benchmark also needs those it is compared with, and so on. */
static void add_references(struct micro_selection *all)
{
    bool again;

    do {
        again = false;
        for (size_t i = 0; i < all->n; i++) {
            size_t needed[] = {micro_find(all, all->micros[i]->floor),
                               micro_find(all, all->micros[i]->base)};

            for (unsigned j = 0; all->is_selected[i] && j < QN_ARRAY_LEN(needed); j++)
                if (needed[j] < all->n && !all->is_selected[needed[j]])
                    again = all->is_selected[needed[j]] = true;
        }
    } while (again);
}

int micro_select(const char *filter, struct micro_selection *out)
{
    bool any = false;
    regex_t regex;

    list_all(out);
    if (regcomp(&regex, filter ? filter : ".", REG_EXTENDED | REG_NOSUB) != 0)
        return QN_EINVAL;
    for (size_t i = 0; i < out->n; i++)
        any |= out->is_selected[i] = regexec(&regex, out->micros[i]->name, 0, NULL, 0) == 0;
    regfree(&regex);
    add_references(out);
    return any ? QN_OK : QN_EINVAL;
}
