# Waste against a latency: a mark a strategy with both intervals, the Pareto front as grey steps. Further
# variables:
#   title, subtitle, xlabel   texts
#   logx, logy                1: that axis is logarithmic
#   xlo, xhi, xtics           and the same of y: the logarithmic axes
#   eligible                  "1 0 …", 1: may be on the front
# Columns: x xlo xhi y ylo yhi theory, a block a strategy; the block after them holds
# the corners of the steps: x y.
load scripts.'/common.gp'

eval heading
set xlabel xlabel
set ylabel 'wasted work a failed call, µs (nominal)'
if (logx) set logscale x; set xrange [xlo:xhi]; eval "set xtics (".xtics.")"
if (logy) set logscale y; set yrange [ylo:yhi]; eval "set ytics (".ytics.")"
if (!logx) set xrange [0:xhi]
if (!logy) set yrange [0:yhi]
set grid xtics ytics lc rgb '#E4E4E4' lw 1
left(x) = logx && x < xlo ? xlo : x
low(y) = logy && y < ylo ? ylo : y
right(x) = x > xhi ? xhi : x
high(y) = y > yhi ? yhi : y
# marks come in pairs, hollow and filled; the last two have no such pair
mark(i) = word('5 7 9 11 13 4 6 8 10 12 1 2', style(i)) + 0
hollow(m) = m == 2 || m == 1 ? 6 : m % 2 ? m - 1 : m
filled(m) = m == 2 || m == 1 ? m : m % 2 ? m : m + 1
choice(i) = int(word(eligible, i + 1))
half = logx ? (xhi / xlo) ** 0.025 : 1

do for [pass = 1:2] {
    eval "set terminal ".(pass == 1 ? svg_terminal : png_terminal)
    set output pass == 1 ? svg : png
    plot data index n using 1:2 with lines lc rgb '#B0B0B0' lw 5 notitle, \
         for [i = 0:n - 1] data index i using ($1 / half):7:($1 * half - $1 / half):(0) with vectors nohead lc rgb '#606060' lw 2 dt (2,3) notitle, \
         for [i = 0:n - 1] data index i using 1:4:(left($2)):(right($3)):(low($5)):(high($6)) with xyerrorbars lc rgb bar_colour(style(i)) lw 1.4 pt (choice(i) ? filled(mark(i)) : hollow(mark(i))) ps 1.5 notitle, \
         for [i = 0:n - 1] NaN with points lc rgb bar_colour(style(i)) lw 1.4 pt (choice(i) ? filled(mark(i)) : hollow(mark(i))) ps 1.5 title name(i) noenhanced, \
         NaN with lines lc rgb '#B0B0B0' lw 5 title 'Pareto front', \
         NaN with lines lc rgb '#606060' lw 2 dt (2,3) title 'closed form of waste'
    unset output
}
