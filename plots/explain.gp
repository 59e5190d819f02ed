# Three calls of one cell, one above the other, as timeline.gp draws calls: a bar a worker, the six stamps.
# Further variables, beside those of timeline.gp without xhi:
#   xhis      "end end end" of each panel's time axis, in us
#   theory    error_at by its closed form, in us; not set where none applies
columns = 1
load scripts.'/timeline.gp'
