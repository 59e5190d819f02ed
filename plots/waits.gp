# One call as the scheduler's events tell it: who has each CPU, and below it what the caller is doing. Variables beside
# common.gp's (n: CPUs):
#   title, subtitle
# data: a block of bars: row (0 … n-1: a CPU; n: the caller) from to look (0 idle, asleep or unknown, 1 caller, 2 and 3 the
# pool's first threads, 4 further ones, 5 another program, 6 runnable without a CPU); a block of wakes: CPU of the waker,
# when; a block of one line: error_at, error_seen, return_at and the end of the axis. All in us since the call began.
load scripts.'/common.gp'

height = 210 + 62 * (n + 1)
svg_terminal = sprintf("svg size 1100,%d dynamic enhanced font 'DejaVu Sans,14' background rgb 'white'", height)
png_terminal = sprintf("pngcairo size 1100,%d enhanced font 'DejaVu Sans,11' background rgb 'white'", height)
fill(w) = w == 0 ? 0xEFEFEF : w == 1 ? 0x0072B2 : w == 2 ? 0xE69F00 : w == 3 ? 0x009E73 : w == 4 ? 0xCC79A7 : w == 5 ? 0x8A8A8A : 0xD55E00
look(w) = word_of('idle, asleep, unknown|caller|thread 1|thread 2|others|another program|ready, no CPU', w)

stats data index 2 using 1 name 'error' nooutput
stats data index 2 using 2 name 'seen' nooutput
stats data index 2 using 4 name 'limit' nooutput
xhi = limit_max

set style fill solid 1.0 noborder
set yrange [n + 0.75:-0.7]
set xrange [0:xhi]
unset grid
unset key
set border 1
set xlabel 'µs since the call began'
set ytics ('the caller' n)
do for [i = 0:n - 1] { set ytics add (sprintf('CPU %d', i) i) }
top = 1 - 128.0 / height
set tmargin at screen top
set bmargin at screen 62.0 / height
set lmargin at screen 0.10
set rmargin at screen 0.98
set label 901 '{/:Bold '.title.'}' at screen 0.02, screen 1 - 24.0 / height left front
set label 902 '{/*0.85 '.subtitle.'}' at screen 0.02, screen 1 - 50.0 / height left front
x0 = 0.02
do for [w = 0:6] {
    set object 100 + w rectangle from screen x0, screen 1 - 86.0 / height to screen x0 + 0.014, screen 1 - 72.0 / height fc rgb fill(w) fs solid noborder front
    set label 100 + w '{/*0.85 '.look(w).'}' at screen x0 + 0.019, screen 1 - 79.0 / height left front
    x0 = x0 + 0.034 + 0.0068 * strlen(look(w))
}
set label 110 '{/*0.85 a thread is woken}' at screen x0 + 0.019, screen 1 - 79.0 / height left front
set label 111 '' at screen x0 + 0.009, screen 1 - 79.0 / height point pt 9 ps 1.1 lc rgb '#000000' front
set arrow 1 from error_max, graph 0 to error_max, graph 1.02 nohead lc rgb '#B00000' lw 2 front
set arrow 2 from seen_max, graph 0 to seen_max, graph 1.02 nohead lc rgb '#000000' lw 2 dt (6,3) front
set label 1 'error\_at' at error_max, graph 1.06 center front tc rgb '#B00000'
set label 2 'error\_seen' at seen_max, graph 1.06 center front

do for [pass = 1:2] {
    eval "set terminal ".(pass == 1 ? svg_terminal : png_terminal)
    set output pass == 1 ? svg : png
    plot data index 0 using (($2 + $3) / 2):1:2:3:($1 - 0.36):($1 + 0.36):(fill($4)) with boxxyerror lc rgb variable notitle, \
         data index 1 using 2:($1 + 0.46) with points pt 9 ps 1.1 lc rgb '#000000' notitle
    unset output
}
