# Conventions of releasing: one panel per figure, one row per strategy and policy. Further variables:
#   title, subtitle   texts
#   n_panels          number of panels
#   panels            "title1|title2|…"
# Columns, one block per panel: row name, value lo hi, and value lo hi of the second figure (NaN: none).
load scripts.'/common.gp'

left = 24 + 7.6 * label_chars
width = left + n_panels * 340
height = 190 + n * 26
svg_terminal = sprintf("svg size %d,%d dynamic enhanced font 'DejaVu Sans,13' background rgb 'white'", width, height)
png_terminal = sprintf("pngcairo size %d,%d enhanced font 'DejaVu Sans,10' background rgb 'white'", width, height)

unset grid
set grid xtics lc rgb '#D8D8D8' lw 1
set border 1
set yrange [n - 0.4:-0.6]
set xrange [0:*]
set key at screen 0.5, screen 1 - 66.0 / height center top horizontal samplen 2 width 2
set style line 21 lc rgb '#0072B2' lw 1.8 pt 7 ps 1.2
set style line 22 lc rgb '#D55E00' lw 1.8 pt 6 ps 1.2

do for [pass = 1:2] {
    eval "set terminal ".(pass == 1 ? svg_terminal : png_terminal)
    set output pass == 1 ? svg : png
    set multiplot layout 1, n_panels title "{/:Bold ".title."}\n{/*0.8 ".subtitle."}" margins screen left / width, screen 1 - 24.0 / width, screen 60.0 / height, screen 1 - 110.0 / height spacing screen 40.0 / width, screen 0
    do for [m = 0:n_panels - 1] {
        set xlabel word_of(panels, m) noenhanced
        set xtics autofreq font ',10'
        set ytics noenhanced scale 0 ()
        do for [i = 0:n - 1] { set ytics add ((m == 0 ? name(i) : '') i) }
        plot data index m using 3:1:4:5 with xerrorbars ls 21 title (m == 0 ? 'as measured' : ''), \
             data index m using 6:1:7:8 with xerrorbars ls 22 notitle, \
             NaN with points ls 22 title (m == 0 ? 'less the time that closing took before the report' : '')
    }
    unset multiplot
    unset output
}
