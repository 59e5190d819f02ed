#include "bench/base/complain.h"
#include "bench/report/picture/fill.h"
#include "bench/report/trees.h"

#define PATH_BYTES 4096

static int draw(const struct qn_picture *picture, const struct qn_tables *t,
                const struct qn_scene *g, const char *path)
{
    struct qn_picture told = qn_picture_told(t, picture), *p = &told;
    struct qn_canvas c;

    if (p->when && !p->when(t, g))
        return QN_OK;
    if (qn_canvas_begin(&c, t->dir, path, p->has_marks) != QN_OK)
        return QN_EIO;
    qn_fill_titles(g, p, g ? g->title : NULL, p->subtitle, &c);
    return qn_canvas_end(&c, p->script, p->fill(t, g, p, &c));
}

int qn_picture_draw(const struct qn_picture *p, const struct qn_tables *t, const struct qn_scene *g)
{
    char path[PATH_BYTES];

    qn_picture_path(g, p->name, path, sizeof(path));
    return draw(p, t, g, path);
}

static int draw_trees(const struct qn_tables *t, size_t scene)
{
    const char *workload = qn_trees_workload(t, scene);
    char name[96], path[PATH_BYTES];

    if (!workload)
        return QN_OK;
    qn_trees_name(workload, name, sizeof(name));
    qn_picture_path(NULL, name, path, sizeof(path));
    return draw(&qn_trees_picture, t, &t->scenes[scene], path);
}

static int draw_scene(const struct qn_tables *t, size_t scene)
{
    const struct qn_scene *g = &t->scenes[scene];
    int rc = QN_OK;

    for (size_t i = 0; i < qn_n_pictures && rc == QN_OK; i++)
        rc = qn_picture_draw(&qn_pictures[i], t, g);
    if (rc == QN_OK)
        rc = qn_picture_draw(&qn_reversals_picture, t, g);
    if (rc == QN_OK)
        rc = qn_picture_draw(&qn_timeline_picture, t, g);
    if (rc == QN_OK && scene == 0)
        rc = qn_picture_draw(&qn_three_picture, t, g);
    return rc == QN_OK ? draw_trees(t, scene) : rc;
}

int qn_pictures_draw(const struct qn_tables *t)
{
    int rc = qn_canvas_make_folder(t->dir);

    if (rc != QN_OK)
        return rc;
    for (size_t i = 0; i < t->n_scenes && rc == QN_OK; i++)
        rc = draw_scene(t, i);
    if (rc == QN_OK)
        rc = qn_picture_draw(&qn_drift_picture, t, NULL);
    if (rc == QN_EIO)
        qn_complain("%s/plots: not every picture could be drawn", t->dir);
    return rc;
}
