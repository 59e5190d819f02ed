#include "bench/compare/comparison.h"

#include <stdlib.h>
#include <string.h>

#include "bench/compare/parts.h"

int qn_comparison_make(const char *dir_a, const char *dir_b, double noise,
                       struct qn_comparison *out)
{
    int rc;

    memset(out, 0, sizeof(*out));
    out->noise = noise;
    if ((rc = qn_side_read(&out->a, dir_a)) != QN_OK ||
        (rc = qn_side_read(&out->b, dir_b)) != QN_OK || (rc = qn_comparison_match(out)) != QN_OK ||
        (rc = qn_comparison_judge(out)) != QN_OK || (rc = qn_comparison_note(out)) != QN_OK)
        qn_comparison_fini(out);
    return rc;
}

int qn_comparison_check(const char *dir)
{
    struct qn_side side;
    int rc = qn_side_read(&side, dir);

    if (rc == QN_OK)
        rc = qn_side_check_base(&side);
    qn_side_fini(&side);
    return rc;
}

void qn_comparison_fini(struct qn_comparison *c)
{
    for (size_t i = 0; i < c->n_notes; i++)
        free(c->notes[i]);
    free(c->notes);
    free(c->rows);
    free(c->matches);
    qn_side_fini(&c->b);
    qn_side_fini(&c->a);
    memset(c, 0, sizeof(*c));
}

int qn_comparison_write(const struct qn_comparison *c, enum qn_compare_format format, FILE *file)
{
    int rc = QN_OK;

    switch (format) {
    case QN_COMPARE_TEXT:
        rc = qn_comparison_text(c, file);
        break;
    case QN_COMPARE_CSV:
        rc = qn_comparison_csv(c, file);
        break;
    case QN_COMPARE_JSON:
        rc = qn_comparison_json(c, file);
        break;
    }
    if (rc == QN_OK && (fflush(file) != 0 || ferror(file)))
        rc = QN_EIO;
    return rc;
}
