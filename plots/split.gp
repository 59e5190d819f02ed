# Stacked bars: one group per failure rate, one bar per strategy, two shares per bar. Further variables:
#   title, subtitle, ylabel, lower, upper   texts
#   groups                                  "rate1|rate2|…"
#   n_groups
# Columns: x lower total theory (of the total); block i is strategy i; x is the group's position.
load scripts.'/common.gp'

eval heading
set xlabel 'failure rate of a worker'
set ylabel ylabel
set yrange [0:*]
set xrange [-0.6:n_groups - 0.4]
set xtics ()
do for [g = 0:n_groups - 1] { set xtics add (word_of(groups, g) g) }
set boxwidth 0.8 / n
set style fill solid 1.0 border rgb '#404040'
place(x, i) = x + (i - (n - 1) / 2.0) * 0.8 / n

do for [pass = 1:2] {
    eval "set terminal ".(pass == 1 ? svg_terminal : png_terminal)
    set output pass == 1 ? svg : png
    plot for [i = 0:n - 1] data index i using (place($1, i)):3 with boxes fs pattern 4 + i % 3 border rgb '#404040' lc rgb bar_colour(i) notitle, \
         for [i = 0:n - 1] data index i using (place($1, i)):2 with boxes fs solid 1.0 border rgb '#404040' lc rgb bar_colour(i) notitle, \
         for [i = 0:n - 1] data index i using (place($1, i)):4:(0.4 / n) with xerrorbars lc rgb '#000000' lw 2 pt 0 notitle, \
         for [i = 0:n - 1] NaN with boxes fs solid 1.0 lc rgb bar_colour(i) title name(i) noenhanced, \
         NaN with boxes fs solid 1.0 lc rgb '#606060' title lower, \
         NaN with boxes fs pattern 4 lc rgb '#606060' title upper, \
         NaN with lines lc rgb '#000000' lw 2 title 'closed form of the sum'
    unset output
}
