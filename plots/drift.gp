# The machine's speed over the run: one point per block, marked ones as crosses. Further variables:
#   title, subtitle, xlabel   texts
#   xlo, xhi                  ends of the x axis
#   n_panels                  2: with the calls of the base strategy; 1: without
#   n_marked                  marked blocks
#   limit                     share of drift, either way, beyond which a block is marked
#   calibrated                the calibrated quantum over its nominal time; 0: unknown
#   reach0, beyond0, most0    first panel: the end of its axis (0: everything is shown), how many points are
#                             beyond, and how far; with 1: second panel
# Columns: x ratio beyond (1: beyond the axis, drawn at its end). Blocks: the quantum, the quantum of marked ones, the calls, those of marked ones.
load scripts.'/common.gp'

svg_terminal = sprintf("svg size 1100,%d dynamic enhanced font 'DejaVu Sans,14' background rgb 'white'", 120 + 300 * n_panels)
png_terminal = sprintf("pngcairo size 1100,%d enhanced font 'DejaVu Sans,11' background rgb 'white'", 120 + 300 * n_panels)
set key off
set lmargin 10
reach(p) = p == 0 ? reach0 : reach1
beyond(p) = p == 0 ? beyond0 : beyond1
most(p) = p == 0 ? most0 : most1
what(p) = p == 0 ? 'quantum / its nominal time' : 'median return_at / its mean'
margin = xhi > xlo ? 0.02 * (xhi - xlo) : 1
set xrange [xlo - margin:xhi + margin]
set ytics auto

do for [pass = 1:2] {
    eval "set terminal ".(pass == 1 ? svg_terminal : png_terminal)
    set output pass == 1 ? svg : png
    set multiplot layout n_panels, 1 title "{/:Bold ".title."}\n{/*0.8 ".subtitle."}"
    do for [p = 0:n_panels - 1] {
        set xlabel (p == n_panels - 1 ? xlabel : '')
        set ylabel what(p) noenhanced
        if (reach(p) > 0) { set yrange [*:reach(p) * 1.02] } else { set yrange [*:*] }
        unset label 300
        if (beyond(p) > 0) { set label 300 sprintf('▲ %d beyond, up to %.3g', beyond(p), most(p)) at graph 0.99, graph 0.93 right front noenhanced tc rgb '#A03C00' }
        if (p == 0) { set key outside top center horizontal samplen 2 } else { set key off }
        plot 1 with lines lc rgb '#404040' lw 1 dt (4,3) notitle, \
             (p == 0 ? 1 + limit : NaN) with lines lc rgb '#D55E00' lw 1 dt (2,4) title (p == 0 ? 'limit' : ''), \
             (p == 0 ? 1 - limit : NaN) with lines lc rgb '#D55E00' lw 1 dt (2,4) notitle, \
             (p == 0 && calibrated > 0 ? calibrated : NaN) with lines lc rgb '#009E73' lw 1.5 dt (8,4) title (p == 0 && calibrated > 0 ? 'as calibrated' : ''), \
             data index 2 * p using 1:($3 == 0 ? $2 : NaN) with points lc rgb (p == 0 ? '#0072B2' : '#CC79A7') pt 7 ps 0.6 title 'a process', \
             data index 2 * p + 1 using 1:($3 == 0 ? $2 : NaN) with points lc rgb '#D55E00' lw 2 pt 2 ps 1.2 title (n_marked > 0 ? 'marked: exceeds a stated limit' : ''), \
             data index 2 * p using 1:($3 == 1 ? $2 : NaN) with points lc rgb '#A03C00' pt 9 ps 1.2 notitle, \
             data index 2 * p + 1 using 1:($3 == 1 ? $2 : NaN) with points lc rgb '#A03C00' pt 9 ps 1.2 notitle
    }
    unset multiplot
    unset output
}
