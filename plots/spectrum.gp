# A percentile spectrum: one line per strategy, the latency that a share of calls stays below, the axis
# stretched towards the last of them. Further variables:
#   title, subtitle, xlabel   texts; xlabel is for the latency, on the y axis here
#   reach                     how far the axis goes, as 1 / (1 - q)
#   percents                  tics of the percentiles, as gnuplot's list
#   ylo, yhi, ytics, yzero    the logarithmic axis of the latency; where values of 0 or below are drawn
# Columns: 1/(1-q) value lo hi marked; lo and hi are NaN unless marked.
load scripts.'/common.gp'

eval heading
set xlabel 'percentile of the calls of a process'
set ylabel xlabel
set logscale xy
set xrange [1.9:reach * 1.1]
set yrange [ylo:yhi]
eval "set xtics (".percents.")"
eval "set ytics (".ytics.")"
set grid xtics lc rgb '#D8D8D8' lw 1

spread = 1.02
up(y) = y < yzero ? yzero : y
shift(x, i) = x * spread ** ((i - (n - 1) / 2.0) / n)

do for [pass = 1:2] {
    eval "set terminal ".(pass == 1 ? svg_terminal : png_terminal)
    set output pass == 1 ? svg : png
    plot for [i = 0:n - 1] data index i using 1:(up($2)) with lines ls style(i) notitle, \
         for [i = 0:n - 1] data index i using ($5 == 1 ? shift($1, i) : NaN):(up($2)):(up($3)):4 with yerrorbars ls style(i) dt 1 lw 1.3 notitle, \
         for [i = 0:n - 1] NaN with linespoints ls style(i) title name(i) noenhanced
    unset output
}
