# The poll interval: throughput without failure, stop latency, and work for nothing, one above the other.
# Further variables:
#   title, subtitle          texts
#   xlo, xhi, xtics          the logarithmic axis of the interval
#   slo, shi, stics, szero   that of the stop latency; wlo … of work
#   tlo, thi                 range of the throughput, %
#   best, finest             tau* and the finest effective interval, µs; 0: there is none
# Columns: interval, then value lo hi of throughput (%), stop latency, waste, polls; waste and polls together;
# the closed forms of throughput, stop latency, waste and polls.
load scripts.'/common.gp'

svg_terminal = "svg size 1100,980 dynamic enhanced font 'DejaVu Sans,14' background rgb 'white'"
png_terminal = "pngcairo size 1100,980 enhanced font 'DejaVu Sans,11' background rgb 'white'"
set logscale x
set xrange [xlo:xhi]
eval "set xtics (".xtics.")"
up(y, zero) = y < zero ? zero : y
set key outside right top vertical Left reverse samplen 3 spacing 1.2 width -2

do for [pass = 1:2] {
    eval "set terminal ".(pass == 1 ? svg_terminal : png_terminal)
    set output pass == 1 ? svg : png
    set multiplot layout 3, 1 title "{/:Bold ".title."}\n{/*0.8 ".subtitle."}" margins 0.09, 0.74, 0.07, 0.9 spacing 0, 0.055
    if (best > 0) { set arrow 1 from first best, graph 0 to first best, graph 1 nohead lc rgb '#CC79A7' lw 2.5 dt (8,4) back }
    if (finest > 0) { set arrow 2 from first finest, graph 0 to first finest, graph 1 nohead lc rgb '#009E73' lw 2.5 dt (3,3) back }
    set ylabel 'throughput, %'
    set yrange [tlo:thi]
    set ytics autofreq
    set format y '%g'
    plot data using 1:2:3:4 with yerrorlines lc rgb '#0072B2' pt 7 ps 0.9 lw 1.8 title 'without failure', \
         data using 1:15 with lines lc rgb '#606060' lw 2 dt (2,3) title '1 / (1 + c/τ)', \
         95 with lines lc rgb '#B0B0B0' lw 1.5 title '95 %', \
         NaN with lines lc rgb '#CC79A7' lw 2.5 dt (8,4) title (best > 0 ? sprintf('τ* = %.3g µs', best) : ''), \
         NaN with lines lc rgb '#009E73' lw 2.5 dt (3,3) title (finest > 0 ? sprintf('finest effective: %.3g µs', finest) : '')
    set logscale y
    set yrange [slo:shi]
    eval "set ytics (".stics.")"
    set ylabel 'stop latency (median), µs'
    plot data using 1:(up($5, szero)):(up($6, szero)):(up($7, szero)) with yerrorlines lc rgb '#0072B2' pt 7 ps 0.9 lw 1.8 title 'after a failure', \
         data using 1:16 with lines lc rgb '#606060' lw 2 dt (2,3) title 'τ A / (A + 1)'
    set yrange [wlo:whi]
    eval "set ytics (".wtics.")"
    set ylabel 'waste and polls per call, µs'
    set xlabel 'poll interval, µs'
    plot data using 1:(up($8, wzero)):(up($9, wzero)):(up($10, wzero)) with yerrorlines lc rgb '#D55E00' pt 7 ps 0.9 lw 1.5 title 'waste', \
         data using 1:($11 > 0 ? $11 : NaN):($11 > 0 ? $12 : NaN):($11 > 0 ? $13 : NaN) with yerrorlines lc rgb '#56B4E9' pt 9 ps 0.9 lw 1.5 title 'polls', \
         data using 1:($11 > 0 ? $14 : NaN) with lines lc rgb '#000000' lw 2.5 title 'together', \
         data using 1:17 with lines lc rgb '#D55E00' lw 2 dt (2,3) title 'π A (δ + τ/2)', \
         data using 1:($18 > 0 ? $18 : NaN) with lines lc rgb '#56B4E9' lw 2 dt (2,3) title 'c B / τ'
    unset xlabel
    unset arrow
    unset logscale y
    unset multiplot
    unset output
}
