/*
 * A folder of files that a test lays out itself, such as a machine's /proc and /sys.
 */
#ifndef QN_TESTS_TREE_H
#define QN_TESTS_TREE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tests/cmocka_all.h"

struct tree {
    char root[64];
};

static inline void tree_init(struct tree *t)
{
    snprintf(t->root, sizeof(t->root), "/tmp/quench-test-XXXXXX");
    assert_non_null(mkdtemp(t->root));
}

static inline void tree_fini(struct tree *t)
{
    char command[128];

    snprintf(command, sizeof(command), "rm -rf '%s'", t->root);
    assert_int_equal(system(command), 0);
}

/* Makes the folders on the way and writes the file; path begins with '/'. */
static inline void tree_put(struct tree *t, const char *path, const char *text)
{
    char name[512];
    FILE *f;

    snprintf(name, sizeof(name), "%s%s", t->root, path);
    for (char *slash = name + strlen(t->root); (slash = strchr(slash + 1, '/'));) {
        *slash = '\0';
        mkdir(name, 0777);
        *slash = '/';
    }
    f = fopen(name, "we");
    assert_non_null(f);
    fputs(text, f);
    assert_int_equal(fclose(f), 0);
}

#endif
