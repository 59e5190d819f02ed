# Three calls of one cell, one above the other, as in timeline.gp: one bar per worker, the six stamps.
# Further variables, besides those of timeline.gp except xhi:
#   xhis      "end end end" of each panel's time axis, in us
#   theory    error_at by its closed form, in us; not set if none applies
columns = 1
load scripts.'/timeline.gp'
