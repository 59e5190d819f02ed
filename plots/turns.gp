# Medians under two arrivals: one panel per metric, one row per strategy in the order of isolated calls. Further
# variables:
#   title, subtitle       texts
#   n_panels, n_rows      panels; rows of the longest one
#   panels                "metric1, unit|…"
#   label_chars           length of the longest name
#   counts                rows of each panel
#   tics, ends            of each panel's logarithmic axis: gnuplot's lists of tics, joined by '|'; the two
#                         ends of each, joined by spaces
# Columns, one block per panel: row name, value lo hi isolated, and value lo hi back-to-back.
load scripts.'/common.gp'

height = 180 + n_rows * 30
names_px = 24 + 7.6 * label_chars
width = n_panels * (names_px + 270)
svg_terminal = sprintf("svg size %d,%d dynamic enhanced font 'DejaVu Sans,13' background rgb 'white'", width, height)
png_terminal = sprintf("pngcairo size %d,%d enhanced font 'DejaVu Sans,10' background rgb 'white'", width, height)
low(x, xlo) = x > xlo ? x : xlo
high(x, xhi) = x < xhi ? x : xhi

set logscale x
unset grid
set border 1
set key at screen 0.5, screen 1 - 66.0 / height center top horizontal samplen 2 width 2
set style line 21 lc rgb '#0072B2' lw 1.8 pt 6 ps 1.2
set style line 22 lc rgb '#D55E00' lw 1.8 pt 7 ps 1.2

do for [pass = 1:2] {
    eval "set terminal ".(pass == 1 ? svg_terminal : png_terminal)
    set output pass == 1 ? svg : png
    set multiplot layout 1, n_panels title "{/:Bold ".title."}\n{/*0.8 ".subtitle."}" margins screen names_px / width, screen 1 - 24.0 / width, screen 60.0 / height, screen 1 - 120.0 / height spacing screen names_px / width, screen 0
    do for [m = 0:n_panels - 1] {
        xlo = word(ends, 2 * m + 1) + 0
        xhi = word(ends, 2 * m + 2) + 0
        set xrange [xlo:xhi]
        set yrange [word(counts, m + 1) - 0.4:-0.6]
        set xlabel word_of(panels, m) noenhanced
        eval "set xtics (".word_of(tics, m).")"
        set ytics noenhanced scale 0
        plot data index m using 3:($1 - 0.14):(low($4, xlo)):(high($5, xhi)):ytic(2) with xerrorbars ls 21 title (m == 0 ? 'isolated' : ''), \
             data index m using 6:($1 + 0.14):(low($7, xlo)):(high($8, xhi)) with xerrorbars ls 22 title (m == 0 ? 'back-to-back' : ''), \
             data index m using ($6 <= 0 ? xlo : NaN):($1 + 0.14):('0') with labels right offset -0.4, 0 tc ls 22 notitle
    }
    unset multiplot
    unset output
}
