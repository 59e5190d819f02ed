# What every plot of Quench shares. Called with:
#   svg, png   files to write
#   data       file of blocks, one per line (separated by two blank lines), indexed from 0
#   n          number of blocks
#   names      "name1|name2|…" of the lines, in the order of the blocks
#   line_colours, line_dashes, line_marks   "#rrggbb …", "1 2 …", "5 7 …" of the lines, if they are
#              strategies: bench/report/picture/looks.c gives each strategy the same in every plot
#   styles     "1 2 …" style number of each line, if they are not
# Colours are Okabe and Ito's, which suit colour-blind readers; dashes and marks distinguish lines in grey.

set encoding utf8
set style line 1 lc rgb '#000000' lw 2 dt 1 pt 5 ps 1.1
set style line 2 lc rgb '#E69F00' lw 2 dt (8,3) pt 7 ps 1.1
set style line 3 lc rgb '#56B4E9' lw 2 dt (12,3,2,3) pt 9 ps 1.2
set style line 4 lc rgb '#009E73' lw 2 dt (3,3) pt 11 ps 1.2
set style line 5 lc rgb '#0072B2' lw 2 dt 1 pt 13 ps 1.3
set style line 6 lc rgb '#D55E00' lw 2 dt (8,3) pt 4 ps 1.2
set style line 7 lc rgb '#CC79A7' lw 2 dt (12,3,2,3) pt 6 ps 1.2
set style line 8 lc rgb '#7F7F7F' lw 2 dt (3,3) pt 8 ps 1.2
set style line 9 lc rgb '#332288' lw 2 dt 1 pt 10 ps 1.2
set style line 10 lc rgb '#882255' lw 2 dt (8,3) pt 12 ps 1.2
set style line 11 lc rgb '#999933' lw 2 dt (12,3,2,3) pt 1 ps 1.2
set style line 12 lc rgb '#44AA99' lw 2 dt (3,3) pt 2 ps 1.2

set dashtype 1 solid
set dashtype 2 (8,3)
set dashtype 3 (12,3,2,3)
set dashtype 4 (3,3)
if (exists('line_marks')) {
    do for [i = 1:words(line_marks)] {
        set style line i lc rgb word(line_colours, i) lw 2 dt int(word(line_dashes, i)) pt int(word(line_marks, i)) ps 1.2
    }
}

bar_colour(i) = word(line_colours, i + 1)
mark(i) = int(word(line_marks, i + 1))
name(i) = word_of(names, i)
word_of(s, i) = (i == 0 || strstrt(s, '|') == 0) ? first_of(s) : word_of(s[strstrt(s, '|') + 1:], i - 1)
first_of(s) = strstrt(s, '|') ? s[1:strstrt(s, '|') - 1] : s
style(i) = exists('line_marks') ? i + 1 : int(word(styles, i + 1))

set border 3 lc rgb '#404040'
set tics nomirror
set grid ytics lc rgb '#D8D8D8' lw 1
set key outside right top vertical Left reverse samplen 3 spacing 1.25 width 1

svg_terminal = "svg size 1100,620 dynamic enhanced font 'DejaVu Sans,15' background rgb 'white'"
png_terminal = "pngcairo size 1100,620 enhanced font 'DejaVu Sans,12' background rgb 'white'"

# For a plot without panels: `eval heading` sets title and subtitle, which may be wider than the plot.
heading = "set label 901 '{/:Bold '.title.'}' at screen 0.02, screen 0.962 left front; set label 902 '{/*0.8 '.subtitle.'}' at screen 0.02, screen 0.915 left front; set tmargin at screen 0.87"
