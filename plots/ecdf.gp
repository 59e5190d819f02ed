# A distribution: one line per strategy, the share of calls at or below a latency. Further variables:
#   title, subtitle, xlabel   texts
#   xlo, xhi, xtics, xzero    the logarithmic axis; where values of 0 or below are drawn
# Columns: x share.
load scripts.'/common.gp'

eval heading
set xlabel xlabel
set ylabel 'share of failed calls'
set logscale x
set xrange [xlo:xhi]
eval "set xtics (".xtics.")"
set yrange [0:1.02]
set ytics ('0' 0, '25 %%' 0.25, '50 %%' 0.5, '75 %%' 0.75, '90 %%' 0.9, '100 %%' 1)
set key outside right center

do for [pass = 1:2] {
    eval "set terminal ".(pass == 1 ? svg_terminal : png_terminal)
    set output pass == 1 ? svg : png
    plot for [i = 0:n - 1] data index i using ($1 > xzero ? $1 : xzero):2 with steps ls style(i) title name(i) noenhanced
    unset output
}
