# What the best of each kind costs against the failure rate. Further variables:
#   title, subtitle, ylabel   texts
#   n, names                  number of candidates, and their names
#   xlo, xhi, tics            the logarithmic axis of the rate, with a place for 0
#   ylo, yhi, ytics, yzero    the logarithmic axis of the cost, and where values of 0 or below are drawn
#   n_crossings, crossings    "rate lo hi …" of each
# Columns: rate value lo hi wins, one block per candidate.
load scripts.'/common.gp'

eval heading
set xlabel 'failure rate of a worker'
set ylabel ylabel
set logscale xy
set xrange [xlo:xhi]
set yrange [ylo:yhi]
eval "set xtics (".tics.")"
eval "set ytics (".ytics.")"
up(y) = y < yzero ? yzero : y
shift(x, i) = x * 1.012 ** (i - (n - 1) / 2.0)
part(i, k) = word(crossings, 3 * i + k) + 0
do for [i = 0:n_crossings - 1] {
    set object i + 1 rectangle from part(i, 2), graph 0 to part(i, 3), graph 1 behind fc rgb '#F0E0EA' fs solid noborder
    set arrow i + 1 from part(i, 1), graph 0 to part(i, 1), graph 1 nohead lc rgb '#CC79A7' lw 2 dt (8,4) back
}

do for [pass = 1:2] {
    eval "set terminal ".(pass == 1 ? svg_terminal : png_terminal)
    set output pass == 1 ? svg : png
    plot for [i = 0:n - 1] data index i using (shift($1, i)):(up($2)) with lines ls style(i) notitle, \
         for [i = 0:n - 1] data index i using (shift($1, i)):(up($2)):(up($3)):(up($4)) with yerrorbars ls style(i) dt 1 lw 1.3 notitle, \
         for [i = 0:n - 1] data index i using ($5 == 1 ? shift($1, i) : NaN):(up($2)) with points pt 6 ps 2.6 lw 2 lc rgb '#0072B2' notitle, \
         for [i = 0:n - 1] NaN with linespoints ls style(i) title name(i) noenhanced, \
         NaN with points pt 6 ps 2.6 lw 2 lc rgb '#0072B2' title 'the choice there'
    unset output
}
