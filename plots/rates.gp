# A figure against the failure rate: one line per strategy with the interval of each point as a bar, and
# a line for theory, if there is any. Further variables:
#   title, subtitle, ylabel   texts
#   logy, logx                1: that axis is logarithmic
#   ylo, yhi, ytics, yzero    range and tics of a logarithmic y axis; where values of 0 or below are drawn
#   bottom, top               range of a y axis that is not logarithmic
#   xlo, xhi                  range of the rates
#   tics                      the rates themselves, as gnuplot's list of tics
#   theory                    1: column 5 is theory
# Columns: rate value lo hi theory; a missing value is NaN. Points are moved apart a little so that
# equal ones stay visible; the lines join points of a numeric sweep only.
load scripts.'/common.gp'

eval heading
set xlabel 'failure rate of a worker'
set ylabel ylabel
if (logx) set logscale x
if (logy) set logscale y; set yrange [ylo:yhi]; eval "set ytics (".ytics.")"
if (!logy) set yrange [bottom:top]; set format y '%g'
set xrange [xlo:xhi]
eval "set xtics (".tics.")"

spread = logx ? (xhi / xlo) ** 0.02 : (xhi - xlo) * 0.02
up(y) = logy && y < yzero ? yzero : y
shift(x, i) = logx ? x * spread ** ((i - (n - 1) / 2.0) / n) : x + spread * ((i - (n - 1) / 2.0) / n)

do for [pass = 1:2] {
    eval "set terminal ".(pass == 1 ? svg_terminal : png_terminal)
    set output pass == 1 ? svg : png
    plot for [i = 0:n - 1] data index i using (shift($1, i)):(up($2)) with lines ls style(i) notitle, \
         for [i = 0:n - 1] data index i using (shift($1, i)):(up($2)):(up($3)):4 with yerrorbars ls style(i) dt 1 lw 1.3 notitle, \
         for [i = 0:n - 1] data index i using (theory ? $1 : NaN):(up($5)) with lines lc rgb '#606060' lw 2 dt (2,3) notitle, \
         for [i = 0:n - 1] NaN with linespoints ls style(i) title name(i) noenhanced, \
         NaN with lines lc rgb '#606060' lw 2 dt (2,3) title (theory ? 'closed form' : '')
    unset output
}
