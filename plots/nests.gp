# Nested fan-outs against their depth or breadth: when the root knows, and when the last worker stops.
# Further variables:
#   title, subtitle, xlabel   texts
#   n, names                  measured lines and their names
#   xlo, xhi                  ends of the logarithmic x axis
#   ylo, yhi, ytics, yzero    of the logarithmic axis that both panels share
# Columns: x, then value lo hi of either panel; after the n lines a block with the closed form for errors that climb,
# and one for errors that don't: x, value of either panel.
load scripts.'/common.gp'

svg_terminal = "svg size 1420,560 dynamic enhanced font 'DejaVu Sans,14' background rgb 'white'"
png_terminal = "pngcairo size 1420,560 enhanced font 'DejaVu Sans,11' background rgb 'white'"
panel(p) = p == 0 ? 'from the failure until the root knows, µs' : 'from the failure until the last worker stops, µs'
shift(x, i) = x * 1.025 ** (i - (n - 1) / 2.0)
up(y) = y < yzero ? yzero : y

set logscale xy
set yrange [ylo:yhi]
set xrange [xlo:xhi]
set xlabel xlabel
set xtics autofreq
set format x '%g'
eval "set ytics (".ytics.")"
set key off

do for [pass = 1:2] {
    eval "set terminal ".(pass == 1 ? svg_terminal : png_terminal)
    set output pass == 1 ? svg : png
    set multiplot layout 1, 2 title "{/:Bold ".title."}\n{/*0.8 ".subtitle."}" margins 0.055, 0.79, 0.12, 0.86 spacing 0.07, 0
    do for [p = 0:1] {
        v = 2 + 3 * p
        set ylabel panel(p)
        if (p == 0) { set key at screen 0.995, screen 0.85 right top vertical Left reverse samplen 3 } else { set key off }
        plot for [i = 0:n - 1] data index i using (shift($1, i)):(up(column(v))) with lines ls style(i) notitle, \
             for [i = 0:n - 1] data index i using (shift($1, i)):(up(column(v))):(up(column(v + 1))):(column(v + 2)) with yerrorbars ls style(i) dt 1 lw 1.3 notitle, \
             for [i = 0:n - 1] NaN with linespoints ls style(i) title name(i) noenhanced, \
             data index n using 1:(column(2 + p)) with lines lc rgb '#606060' lw 2 dt (2,3) title 'polls alone, level by level', \
             data index n + 1 using 1:(column(2 + p)) with lines lc rgb '#606060' lw 1.5 dt (14,5) title 'polls alone, at once'
    }
    unset multiplot
    unset output
}
