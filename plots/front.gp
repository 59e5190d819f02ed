# Waste against a latency: one mark per strategy with both intervals, the Pareto front as grey steps. Further
# variables:
#   title, subtitle, xlabel, ylabel   texts
#   xlo, xhi, xtics, xzero    the logarithmic axis, and where values of 0 or below are drawn; the same of y
#   eligible                  "1 0 …", 1: may be on the front
# Columns: x xlo xhi y ylo yhi theory, one block per strategy; the block after them has
# the corners of the steps: x y.
load scripts.'/common.gp'

eval heading
set xlabel xlabel
set ylabel ylabel
set logscale xy
set xrange [xlo:xhi]
set yrange [ylo:yhi]
eval "set xtics (".xtics.")"
eval "set ytics (".ytics.")"
set grid xtics ytics lc rgb '#E4E4E4' lw 1
left(x) = x < xzero ? xzero : x
low(y) = y < yzero ? yzero : y
right(x) = x > xhi ? xhi : x
high(y) = y > yhi ? yhi : y
# marks come in pairs, hollow and filled
hollow(m) = m % 2 ? m - 1 : m
filled(m) = m % 2 ? m : m + 1
choice(i) = int(word(eligible, i + 1))
half = (xhi / xlo) ** 0.025

do for [pass = 1:2] {
    eval "set terminal ".(pass == 1 ? svg_terminal : png_terminal)
    set output pass == 1 ? svg : png
    plot data index n using (left($1)):(low($2)) with lines lc rgb '#B0B0B0' lw 5 notitle, \
         for [i = 0:n - 1] data index i using ($1 / half):(low($7)):($1 * half - $1 / half):(0) with vectors nohead lc rgb '#606060' lw 2 dt (2,3) notitle, \
         for [i = 0:n - 1] data index i using (left($1)):(low($4)):(left($2)):(right($3)):(low($5)):(high($6)) with xyerrorbars lc rgb bar_colour(i) lw 1.4 pt (choice(i) ? filled(mark(i)) : hollow(mark(i))) ps 1.5 notitle, \
         for [i = 0:n - 1] NaN with points lc rgb bar_colour(i) lw 1.4 pt (choice(i) ? filled(mark(i)) : hollow(mark(i))) ps 1.5 title name(i) noenhanced, \
         NaN with lines lc rgb '#B0B0B0' lw 5 title 'Pareto front', \
         NaN with lines lc rgb '#606060' lw 2 dt (2,3) title 'closed form of waste'
    unset output
}
