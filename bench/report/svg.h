/*
 * gnuplot's SVG made small: what is the same in every group, blanks between elements, and hundredths of a pixel are two
 * thirds of it.
 */
#ifndef QN_BENCH_REPORT_SVG_H
#define QN_BENCH_REPORT_SVG_H

#include <stdio.h>

#include "runtime/base.h"

/*
 * Writes an SVG file as a data: URL, to stand between double quotes in HTML. An SVG that isn't gnuplot's is written
 * as well, not as small. QN_ENOMEM; QN_EIO: it can't be read.
 */
int qn_svg_write_url(FILE *svg, FILE *out) QN_MUST_CHECK;

#endif
