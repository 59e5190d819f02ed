# Fitted distributions and data: the share of durations below each length; the data as steps, each fit as a
# line, the chosen one wide. Further variables:
#   title, subtitle, xlabel   texts
#   widths                    "2 5 1.5 …" of the blocks, the first of which is the data
#   xlo, xhi, xtics           the logarithmic axis
# Columns: x share.
load scripts.'/common.gp'

eval heading
set xlabel xlabel
set ylabel 'share of durations at or below'
set logscale x
set xrange [xlo:xhi]
eval "set xtics (".xtics.")"
set yrange [0:1.02]
set ytics ('0' 0, '25 %%' 0.25, '50 %%' 0.5, '75 %%' 0.75, '90 %%' 0.9, '100 %%' 1)
set key outside right center
width(i) = real(word(widths, i + 1))

do for [pass = 1:2] {
    eval "set terminal ".(pass == 1 ? svg_terminal : png_terminal)
    set output pass == 1 ? svg : png
    plot for [i = 1:n - 1] data index i using 1:2 with lines ls style(i) lw width(i) title name(i) noenhanced, \
        data index 0 using 1:2 with steps ls style(0) lw width(0) title name(0) noenhanced
    unset output
}
