# Calls, one panel each (a strategy, or as in explain.gp): one bar per worker (waiting, working,
# blocked), the six stamps as vertical lines. Further variables:
#   title, subtitle
#   n_workers, xhi    workers of the call; end of the time axis, in us
#   is_small          set: a picture for the first screen
#   beyond            "|text|…" of each panel, for a call that continues beyond the axis; not set: none
#   bars, marks       files, one block per panel. bars: worker from to what (0 waiting, 1 working, 2 failed
#                     working, 3 cut short, 4 blocked); marks: stamp(1-6) time
load scripts.'/common.gp'

cols = exists('columns') ? columns : n < 3 ? n : 3
end_of(i) = exists('xhis') ? word(xhis, i + 1) + 0 : xhi
rows = (n + cols - 1) / cols
most = exists('is_small') ? 16 : 24
height = 130 + rows * ((exists('is_small') ? 80 : 110) + (n_workers > most ? most : n_workers) * 9)
svg_terminal = sprintf("svg size 1200,%d dynamic enhanced font 'DejaVu Sans,13' background rgb 'white'", height)
png_terminal = sprintf("pngcairo size 1200,%d enhanced font 'DejaVu Sans,10' background rgb 'white'", height)
fill(w) = w == 0 ? 0xE4E4E4 : w == 1 ? 0x56B4E9 : w == 2 ? 0xD55E00 : w == 3 ? 0x009E73 : 0x404040
stamp(i) = word('error_at error_seen cancel_at return_at stop_at settle_at', i)

set style line 21 lc rgb '#D55E00' lw 2 dt 1
set style line 22 lc rgb '#E69F00' lw 2 dt (6,3)
set style line 23 lc rgb '#009E73' lw 2 dt 1
set style line 24 lc rgb '#0072B2' lw 2 dt (6,3)
set style line 25 lc rgb '#CC79A7' lw 2 dt 1
set style line 26 lc rgb '#000000' lw 2 dt (2,3)

low = 56.0 / height
high = 1 - 128.0 / height
gap = 74.0 / height

set style fill solid 1.0 noborder
set yrange [n_workers - 0.4:-0.6]
unset grid
set border 1
set ytics ('0' 0, sprintf('%d', n_workers - 1) n_workers - 1)

do for [pass = 1:2] {
    eval "set terminal ".(pass == 1 ? svg_terminal : png_terminal)
    set output pass == 1 ? svg : png
    set multiplot layout rows, cols title "{/:Bold ".title."}\n{/*0.8 ".subtitle."}" margins screen 0.05, screen 0.98, screen low, screen high spacing screen 0.05, screen gap
    set label 101 'waiting' at screen 0.06, screen 1 - 78.0 / height front
    set label 102 'working' at screen 0.16, screen 1 - 78.0 / height front
    set label 103 'failed' at screen 0.26, screen 1 - 78.0 / height front
    set label 104 'cut short' at screen 0.36, screen 1 - 78.0 / height front
    set label 105 'blocked in a send' at screen 0.47, screen 1 - 78.0 / height front
    do for [k = 0:4] {
        x0 = word('0.04 0.14 0.24 0.34 0.45', k + 1) + 0
        tag = 100 + k
        set object tag rectangle from screen x0, screen 1 - 84.0 / height to screen x0 + 0.015, screen 1 - 72.0 / height fc rgb fill(k) fs solid noborder front
    }
    do for [k = 1:6] {
        x0 = 0.62 + ((k - 1) % 3) * 0.13
        y0 = 1 - (k <= 3 ? 70.0 : 88.0) / height
        tag = 100 + k
        set arrow tag from screen x0, screen y0 to screen x0 + 0.02, screen y0 nohead ls 20 + k front
        tag = 110 + k
        set label tag stamp(k) at screen x0 + 0.025, screen y0 noenhanced front
    }
    do for [i = 0:n - 1] {
        set xrange [0:end_of(i)]
        if (exists('theory')) {
            set arrow 200 from theory, graph 0 to theory, graph 1 nohead lc rgb '#606060' lw 2 dt (10,5) front
        }
        set title name(i) noenhanced offset 0, -0.6
        unset label 300
        if (exists('beyond') && strlen(word_of(beyond, i)) > 0) {
            set label 300 word_of(beyond, i) at graph 0.99, graph 0.07 right front noenhanced tc rgb '#A03C00'
        }
        set xlabel (i >= n - cols ? 'µs since the call began' : '') offset 0, 0.5
        set ylabel (i % cols == 0 ? 'worker' : '') offset 2.5, 0
        plot bars index i using (($2 + $3) / 2):1:2:3:($1 - 0.4):($1 + 0.4):(fill($4)) with boxxyerror lc rgb variable notitle, \
             for [k = 1:6] marks index i using ($1 == k ? $2 : NaN):(-0.6):(0):(n_workers + 0.2) with vectors nohead ls 20 + k notitle
        if (i == 0) {
            do for [k = 101:105] { unset label k }
            do for [k = 111:116] { unset label k }
            do for [k = 100:106] { unset object k; unset arrow k }
        }
    }
    unset multiplot
    unset output
}
