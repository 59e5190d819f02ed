#include "runtime/cgroup.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

/* True if the comma-separated list has the word. */
static bool has_word(const char *list, const char *word)
{
    const size_t len = strlen(word);

    for (const char *at = list; (at = strstr(at, word)); at += len)
        if ((at == list || at[-1] == ',') && (at[len] == ',' || at[len] == '\0'))
            return true;
    return false;
}

bool qn_cgroup_each(const char *root, const char *controller,
                    void (*look)(void *user, const char *dir, bool is_v2), void *user)
{
    char path[PATH_MAX], line[PATH_MAX];
    FILE *f;

    snprintf(path, sizeof(path), "%s/proc/self/cgroup", root);
    f = fopen(path, "re");
    if (!f)
        return false;
    while (fgets(line, sizeof(line), f)) { /* number:controllers:group */
        char *controllers = strchr(line, ':'), *group = NULL, *slash;
        bool is_v2;

        if (controllers)
            group = strchr(++controllers, ':');
        if (!group)
            continue;
        *group++ = '\0';
        group[strcspn(group, "\n")] = '\0';
        is_v2 = *controllers == '\0';
        if (!is_v2 && !has_word(controllers, controller))
            continue;
        do {
            int n = snprintf(path, sizeof(path), "%s/sys/fs/cgroup%s%s%s", root, is_v2 ? "" : "/",
                             is_v2 ? "" : controller, group);

            if (n > 0 && (size_t)n < sizeof(path))
                look(user, path, is_v2);
            if ((slash = strrchr(group, '/')))
                *slash = '\0';
        } while (slash);
    }
    fclose(f);
    return true;
}
