# Paired ratios with intervals: one panel per metric, one row per strategy, a line at 1. Further variables:
#   title, subtitle   texts
#   n_panels          number of metrics
#   panels            "title1|title2|…"
#   tics, ends        of each panel's logarithmic axis: gnuplot's lists of tics, joined by '|'; the two
#                     ends of each, joined by spaces
# Columns, one block per metric: row ratio lo hi word; the word replaces a ratio that has no place.
load scripts.'/common.gp'

left = 24 + 7.6 * label_chars
cols = n_panels < 3 ? n_panels : 3
rows = (n_panels + cols - 1) / cols
height = 84 + rows * (86 + n * 24)
svg_terminal = sprintf("svg size 1200,%d dynamic enhanced font 'DejaVu Sans,13' background rgb 'white'", height)
png_terminal = sprintf("pngcairo size 1200,%d enhanced font 'DejaVu Sans,10' background rgb 'white'", height)
low(x, xlo) = x > xlo ? x : xlo
high(x, xhi) = x < xhi ? x : xhi

unset key
set logscale x
set yrange [n - 0.4:-0.6]
set grid xtics lc rgb '#D8D8D8' lw 1
unset grid
set border 1

do for [pass = 1:2] {
    eval "set terminal ".(pass == 1 ? svg_terminal : png_terminal)
    set output pass == 1 ? svg : png
    set multiplot layout rows, cols title "{/:Bold ".title."}\n{/*0.8 ".subtitle."}" margins screen left / 1200.0, screen 0.985, screen 44.0 / height, screen 1 - 92.0 / height spacing screen 0.03, screen 80.0 / height
    do for [m = 0:n_panels - 1] {
        xlo = word(ends, 2 * m + 1) + 0
        xhi = word(ends, 2 * m + 2) + 0
        set title word_of(panels, m) noenhanced offset 0, -0.5
        set xrange [xlo:xhi]
        eval "set xtics (".word_of(tics, m).")"
        set ytics noenhanced scale 0 ()
        if (m % cols == 0) { do for [i = 0:n - 1] { set ytics add (name(i) i) } } else { unset ytics }
        set arrow 1 from 1, -0.6 to 1, n - 0.4 nohead lc rgb '#404040' lw 1.5 dt (4,3) back
        set xlabel (m >= n_panels - cols ? 'ratio' : '') offset 0, 0.5
        plot for [i = 0:n - 1] data index m using ($1 == i ? $2 : NaN):1:(low($3, xlo)):(high($4, xhi)) with xerrorbars ls style(i) dt 1 lw 1.6, \
             data index m using (xlo):1:5 with labels left offset 0.5, 0 tc rgb '#606060'
    }
    unset multiplot
    unset output
}
