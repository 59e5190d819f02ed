# The search of a tuning: one line per candidate, its mean cost at each judgement until it was dropped. Further
# variables:
#   title, subtitle, ylabel   texts
#   n, kinds                  number of candidates; "0 1 2 …": 0 dropped, 1 left at the end, 2 recommended
#   last                      the last judgement
#   ylo, yhi, ytics, yzero    the logarithmic axis, and where values of 0 or below are drawn
# Columns: processes cost is_out, one block per candidate.
load scripts.'/common.gp'

eval heading
set xlabel 'processes of each candidate'
set ylabel ylabel
set logscale y
set yrange [ylo:yhi]
set logscale x
set xrange [4.7:last * 1.06]
set xtics (5, 7, 10, 15, 22, 33, 49, 73, 109, 163, 244, 366, 549, 823)
eval "set ytics (".ytics.")"
up(y) = y < yzero ? yzero : y
kind(i) = int(word(kinds, i + 1))
colour(i) = kind(i) == 2 ? '#0072B2' : kind(i) == 1 ? '#E69F00' : '#B8B8B8'
width(i) = kind(i) == 2 ? 3.5 : kind(i) == 1 ? 2 : 1

do for [pass = 1:2] {
    eval "set terminal ".(pass == 1 ? svg_terminal : png_terminal)
    set output pass == 1 ? svg : png
    plot for [k = 0:2] for [i = 0:n - 1] data index i using (kind(i) == k ? $1 : NaN):(up($2)) with linespoints pt 7 ps (k == 2 ? 0.9 : 0.5) lc rgb colour(i) lw width(i) notitle, \
         for [i = 0:n - 1] data index i using ($3 == 1 ? $1 : NaN):(up($2)) with points pt 2 ps 1 lc rgb '#A04040' notitle, \
         NaN with lines lc rgb '#0072B2' lw 3.5 title 'recommended', \
         NaN with lines lc rgb '#E69F00' lw 2 title 'left at the end', \
         NaN with lines lc rgb '#B8B8B8' lw 1 title 'dropped', \
         NaN with points pt 2 ps 1 lc rgb '#A04040' title 'here'
    unset output
}
