# Work for nothing against the time until the return, one mark per candidate, the Pareto front as grey steps.
# Further variables:
#   title, subtitle           texts
#   xlo, xhi, xtics, xzero    the logarithmic axis, and where values of 0 or below are drawn; the same of y
# Columns: x xlo xhi y ylo yhi on_front unbeaten chosen "name"; the block after them has the corners of
# the steps: x y.
load scripts.'/common.gp'

eval heading
set xlabel 'from the first failure until the return (median), µs'
set ylabel 'waste and polls per call, µs (nominal)'
set logscale xy
set xrange [xlo:xhi]
set yrange [ylo:yhi]
eval "set xtics (".xtics.")"
eval "set ytics (".ytics.")"
set grid xtics ytics lc rgb '#E4E4E4' lw 1
left(x) = x < xzero ? xzero : x
low(y) = y < yzero ? yzero : y
right(x) = x > xhi ? xhi : x
high(y) = y > yhi ? yhi : y

do for [pass = 1:2] {
    eval "set terminal ".(pass == 1 ? svg_terminal : png_terminal)
    set output pass == 1 ? svg : png
    plot data index 1 using (left($1)):(low($2)) with lines lc rgb '#B0B0B0' lw 5 title 'Pareto front', \
         data index 0 using (left($1)):(low($4)):(left($2)):(right($3)):(low($5)):(high($6)) with xyerrorbars lc rgb '#C8C8C8' lw 1 pt 0 notitle, \
         data index 0 using ($7 == 0 && $8 == 0 ? left($1) : NaN):(low($4)) with points lc rgb '#7F7F7F' pt 6 ps 1 title 'beaten', \
         data index 0 using ($7 == 0 && $8 == 1 ? left($1) : NaN):(low($4)) with points lc rgb '#E69F00' pt 9 ps 1.4 title 'holds less memory', \
         data index 0 using ($7 == 1 ? left($1) : NaN):(low($4)) with points lc rgb '#009E73' pt 7 ps 1.4 title 'on the front', \
         data index 0 using ($9 == 1 ? left($1) : NaN):(low($4)) with points lc rgb '#0072B2' pt 6 ps 2.6 lw 2.5 title 'recommended', \
         data index 0 using ($7 == 1 && int($0) % 2 ? left($1) : NaN):(low($4)):10 with labels offset 1,-0.9 left font ',11' noenhanced notitle, \
         data index 0 using ($7 == 1 && int($0) % 2 == 0 ? left($1) : NaN):(low($4)):10 with labels offset 1,0.9 left font ',11' noenhanced notitle
    unset output
}
