# What tests/classify_waits.sh makes of plan.csv, trials.csv and the trace of their measuring processes. The definitions
# are in that script's header.
# usage: awk -f classify_waits.awk [-v table=FILE -v calls=FILE] [-v show="LETTER:CELL:PROCESS:TRIAL …" -v dir=DIR]
#        plan.csv trials.csv trace trace
#   table, calls   what to write: a row for each cell, and one for each slow call
#   show, dir      calls to tell: their events (DIR/wait-LETTER.txt) and the data of a picture (DIR/wait-LETTER.dat)
BEGIN {
    FS = ","
    SLOW_NS = 50000 # half of a worker's work in the workload waiting-caller
    STALE_NS = 10000 # a wake while the caller is still on its way to sleep is that sleep's; later it is none
    n = split(show, shown, " ")
    for (i = 1; i <= n; i++) {
        split(shown[i], part, ":")
        letter[part[2] SUBSEP part[3] SUBSEP part[4]] = part[1]
    }
    RUNS = 0; PREEMPTED = 1; WOKEN = 2; SLEEPS = 3
}
FNR == 1 { n_file++ }
FNR == 1 && n_file <= 2 {
    split("", column)
    for (i = 1; i <= NF; i++) column[$i] = i
    next
}
n_file == 1 {
    if (!($1 in strategy)) cell[++n_cells] = $1
    strategy[$1] = $2
    policy[$1] = $column["policy"]
    next
}
n_file == 2 {
    if ($column["error_seen_ns"] == "" || $column["error_at_ns"] == "") next
    k = $1 SUBSEP $2
    i = ++n_calls[k]
    trial[k, i] = $column["trial"]
    begin_ns[k, i] = $column["begin_at_ns"] + 0
    error_ns[k, i] = $column["error_at_ns"] + 0
    seen_ns[k, i] = $column["error_seen_ns"] + 0
    return_ns[k, i] = $column["return_at_ns"] + 0
    end_ns[k, i] = larger($column["return_at_ns"], larger($column["settle_at_ns"], $column["error_seen_ns"]))
    next
}

function larger(a, b) { return a + 0 > b + 0 ? a + 0 : b + 0 }
function smaller(a, b) { return a + 0 < b + 0 ? a + 0 : b + 0 }

# number_of("prev_pid"): what stands after "prev_pid=" in the line.
function number_of(name) { return match($0, " " name "=[0-9]+") ? substr($0, RSTART + length(name) + 2, RLENGTH) + 0 : -1 }
function word_of(name) { return match($0, name "=[^ ]+") ? substr($0, RSTART + length(name) + 1, RLENGTH - length(name) - 1) : "" }

# Of a line that is an event: its time, CPU, thread and kind ("": none).
function parse(    head, at) {
    kind = ""
    if (!match($0, /[0-9]+: (sched_switch|sched_waking|tracing_mark_write): /)) return
    now = substr($0, RSTART) + 0
    head = substr($0, 1, RSTART - 1)
    if (!match(head, /-[0-9]+ +\[[0-9]+\] +[^ ]+/)) return
    at = substr(head, RSTART + 1, RLENGTH - 1)
    thread = at + 0
    flags = at
    sub(/.*\] +/, "", flags)
    sub(/^[^[]*\[/, "", at)
    cpu = at + 0
    kind = /: sched_switch: / ? "switch" : /: sched_waking: / ? "wake" : "mark"
    if (kind == "switch") {
        prev = number_of("prev_pid"); next_ = number_of("next_pid")
        stays = word_of("prev_state") ~ /^R/
        name[next_] = word_of("next_comm")
    } else if (kind == "wake") {
        woken = number_of("pid"); name[woken] = word_of(" comm"); target = word_of("target_cpu") + 0
        is_interrupt = substr(flags, 3, 1) ~ /[hHsSzZ]/
    }
}

# The first reading of the trace: the measuring processes, who wakes whom, and where events are missing.
n_file == 3 {
    if (/^# lost:/) { n_dropped += word_of("commit") + word_of("dropped"); next }
    if (/^CPU:[0-9]+ \[LOST / || /^##### CPU [0-9]+ buffer started/) {
        match($0, /[0-9]+/)
        c = substr($0, RSTART, RLENGTH) + 0
        is_open[c] = 1
        next
    }
    parse()
    if (kind == "") next
    if (cpu in is_open) {
        gap_from[++n_gaps] = last_on[cpu] + 0
        gap_until[n_gaps] = now
        delete is_open[cpu]
    }
    last_on[cpu] = now
    if (kind == "wake" && !is_interrupt) wakes[thread, woken] = now # the last time
    if (kind == "mark" && /quench cell=/) {
        j = ++n_processes
        key[j] = word_of("cell") SUBSEP word_of("process")
        began[j] = word_of("began") + 0
        hz[j] = word_of("hz") + 0
        until[j] = now
        caller[j] = thread
        find_pool(j)
    }
    next
}

# The second: events go to the call they fall into.
n_file == 4 {
    if (!is_sorted) prepare()
    parse()
    if (kind == "" || kind == "mark") next
    while (at_process <= n_processes && now > until[at_process]) leave_process()
    if (at_process <= n_processes) {
        k = key[at_process]
        while (at_call < n_calls[k] && now >= begin_of(k, at_call + 1)) leave_call()
        if (at_call <= n_calls[k] && now >= ticks(0)) keep_event()
    }
    apply()
}
END {
    while (at_process <= n_processes) leave_process()
    if (table) write_table()
}

# The processes ran one after the other: marks come in their order.
function prepare() {
    is_sorted = at_process = at_call = 1
    if (calls) print "cell_id,process,trial,strategy,policy,class,detection_ns,run_delay_ns,on_wakers_cpu,foreign" >calls
}
# The threads that the caller of process j has woken since its first call, when it leaves its mark.
function find_pool(j,    p) {
    for (p in wakes) {
        split(p, pair, SUBSEP)
        if (pair[1] == caller[j] && wakes[p] >= began[j] && name_is_pool(pair[2])) is_pool[j, pair[2]] = 1
    }
}
# Kernel threads have a slash in their names, or are one of these.
function name_is_pool(pid) { return pid != 0 && name[pid] !~ /\/|^rcu|^kworker|^ksoftirqd|^migration/ }

function begin_of(k, i) { return began[at_process] + begin_ns[k, i] * hz[at_process] / 1e9 }
function ticks(ns) { return began[at_process] + (begin_ns[key[at_process], at_call] + ns) * hz[at_process] / 1e9 }
function ns_of(t) { return (t - ticks(0)) * 1e9 / hz[at_process] }

function keep_event() {
    if (!is_begun) begin_call()
    n_events++
    e_guess[n_events] = 0
    e_at[n_events] = ns_of(now); e_kind[n_events] = kind; e_cpu[n_events] = cpu
    if (kind == "switch") { e_a[n_events] = prev; e_b[n_events] = next_; e_x[n_events] = stays }
    else { e_a[n_events] = thread; e_b[n_events] = woken; e_x[n_events] = target }
}
# What is known between calls: who has each CPU, and when each thread went to sleep.
function apply() {
    has[cpu] = kind == "switch" ? next_ : thread
    if (kind != "switch") return
    if (!stays) slept[prev] = now
}
function begin_call(    c, p) {
    is_begun = 1
    n_events = 0
    split("", had); split("", slept_before)
    for (c in has) had[c] = has[c]
    for (p in slept) slept_before[p] = slept[p]
}
function leave_call(    k) {
    if (!is_begun) begin_call()
    k = key[at_process]
    judge(k, at_call)
    at_call++
    is_begun = 0
}
function leave_process() {
    while (at_call <= n_calls[key[at_process]]) leave_call()
    at_process++
    at_call = 1
}

function is_lost(    i) {
    for (i = 1; i <= n_gaps; i++)
        if (gap_from[i] < ticks(end_ns[key[at_process], at_call]) && gap_until[i] > ticks(0)) return 1
    return 0
}

# One call that the caller saw fail.
function judge(k, i,    id, detection, class) {
    split(k, pair, SUBSEP)
    id = pair[1]
    cell_calls[id]++
    detection = seen_ns[k, i] - error_ns[k, i]
    if (detection <= SLOW_NS) {
        fast[id, ++n_fast[id]] = detection
        return
    }
    n_slow[id]++
    fill_in()
    class = class_of(error_ns[k, i], seen_ns[k, i])
    if (is_lost()) { class = "other"; n_lost[id]++ }
    count[id, class]++
    slow[id, n_slow[id]] = detection
    delay[id, n_slow[id]] = waited
    if (calls)
        printf "%s,%d,%d,%s,%s,%s,%.0f,%.0f,%s,%d\n", id, pair[2], trial[k, i], strategy[id], policy[id], class, detection, waited,
            class == "a" ? is_own : "", is_foreign >calls
    if ((id SUBSEP pair[2] SUBSEP trial[k, i]) in letter) tell(k, i, letter[id SUBSEP pair[2] SUBSEP trial[k, i]])
}

# Switches that the trace has not: an event of a thread on a CPU that another had. (Some machines record no switch from the idle
# thread of a CPU, and switches between other programs aren't recorded.) Each is put where the thread was woken, or after
# the CPU's last event.
function fill_in(    i, c, on, last, wake_at, t) {
    for (c in had) on[c] = had[c]
    for (i = 1; i <= n_events; i++) {
        c = e_cpu[i]
        if ((c in on) && on[c] != e_a[i] && (on[c] == 0 || (e_a[i] in wake_at) || is_other_program(e_a[i]))) {
            t = larger(last[c], (e_a[i] in wake_at) ? wake_at[e_a[i]] : 0)
            t = smaller(t, e_at[i] - 0.001) # before it
            if (t > 0) { insert_switch(t, c, on[c], e_a[i]); i++ }
            else had[c] = e_a[i]
        }
        on[c] = e_kind[i] == "switch" ? e_b[i] : e_a[i]
        last[c] = e_at[i]
        if (e_kind[i] == "wake") wake_at[e_b[i]] = e_at[i]
        else delete wake_at[e_b[i]]
    }
}
function insert_switch(t, c, from, to,    i) {
    for (i = ++n_events; i > 1 && e_at[i - 1] > t; i--) {
        e_at[i] = e_at[i - 1]; e_kind[i] = e_kind[i - 1]; e_cpu[i] = e_cpu[i - 1]
        e_a[i] = e_a[i - 1]; e_b[i] = e_b[i - 1]; e_x[i] = e_x[i - 1]; e_guess[i] = e_guess[i - 1]
    }
    e_at[i] = t; e_kind[i] = "switch"; e_cpu[i] = c; e_a[i] = from; e_b[i] = to; e_x[i] = 1; e_guess[i] = 1
}

# Goes through the call's events up to `seen`. Sets waited (ns after `error` in which the caller could have run and didn't),
# is_own (of class a: the waker's CPU) and is_foreign (another program ran on a CPU of the call's threads).
function class_of(error, seen,    i, me, c) {
    me = caller[at_process]
    waited = longest = is_own = is_foreign = 0
    longest_class = "other"
    state = -1
    split("", occupant); split("", sleep_at); split("", woken_at); split("", bar)
    n_bars = 0
    for (c in had) {
        occupant[c] = had[c]
        if (is_other_program(had[c])) is_foreign = 1
        if (had[c] == me) { state = RUNS; my_cpu = c }
    }
    for (c in slept_before) sleep_at[c] = ns_of(slept_before[c])
    since = 0; wake_pending = -1
    for (i = 1; i <= n_events && e_at[i] <= seen; i++) {
        pass(e_at[i], error, seen)
        if (e_kind[i] == "wake") take_wake(i, me)
        else take_switch(i, me, error)
    }
    pass(seen, error, seen)
    end_wait(seen, error, seen)
    return waited >= (seen - error) / 2 ? longest_class : "other"
}
function is_other_program(pid) { return pid != 0 && pid != caller[at_process] && !((at_process, pid) in is_pool) }
# Time goes on until t: whoever has the CPU that the caller waits for has it until then.
function pass(t, error, seen,    from, who) {
    from = larger(since, error)
    since = t
    if (t <= from || (state != PREEMPTED && state != WOKEN)) return
    who = occupant[my_cpu]
    if (who == 0 || who == caller[at_process]) return # on its way, not waiting
    waited += t - from
    if ((at_process, who) in is_pool) by_pool += t - from
}
function begin_wait(s, i) { state = s; by_pool = 0; wait_from = e_at[i] }
# The wait that was: is it the longest so far?
function end_wait(t, error, seen,    len) {
    if (state != PREEMPTED && state != WOKEN) return
    len = smaller(t, seen) - larger(wait_from, error)
    if (len <= longest) return
    longest = len
    longest_class = "other"
    if (by_pool < len / 2) return
    longest_class = wait_class
    is_own = wait_is_own
}
function take_wake(i, me) {
    if (e_b[i] != me) {
        if (e_a[i] == me) woken_at[e_b[i]] = e_at[i]
        return
    }
    wake = i
    if (state == SLEEPS || state == -1) woken_by(i)
    else if (state == RUNS) wake_pending = e_at[i]
}
function woken_by(i) {
    begin_wait(WOKEN, i)
    my_cpu = e_x[wake]
    wait_class = (at_process, e_a[wake]) in is_pool ? "a" : "other"
    wait_is_own = e_x[wake] == e_cpu[wake]
}
function take_switch(i, me, error) {
    if (is_other_program(e_b[i])) is_foreign = 1
    occupant[e_cpu[i]] = e_b[i]
    if (e_b[i] == me) {
        end_wait(e_at[i], error, e_at[i])
        state = RUNS
        my_cpu = e_cpu[i]
        wake_pending = -1
    } else if (e_a[i] == me && e_x[i]) {
        begin_wait(PREEMPTED, i)
        my_cpu = e_cpu[i]
        wait_class = preempted_by(e_b[i], error)
    } else if (e_a[i] == me) {
        if (wake_pending >= 0 && e_at[i] - wake_pending < STALE_NS) woken_by(i)
        else state = SLEEPS
    }
    if (e_a[i] != me && !e_x[i]) sleep_at[e_a[i]] = e_at[i]
}
# Of a wait that begins with losing the CPU to a thread: whether the caller had woken that to begin its work, or because it
# had received what that was sending.
function preempted_by(who, error) {
    if (!((at_process, who) in is_pool) || !(who in woken_at)) return "other"
    if (!(who in sleep_at)) return "b"
    if (woken_at[who] < sleep_at[who]) return "other"
    return sleep_at[who] > error ? "c" : "b"
}

# The table.
function sort(n,    i, j, v) { # values[1..n]
    for (i = 2; i <= n; i++) {
        v = values[i]
        for (j = i - 1; j >= 1 && values[j] > v; j--) values[j + 1] = values[j]
        values[j + 1] = v
    }
}
function median_fast(id,    i, n) {
    n = n_fast[id]
    for (i = 1; i <= n; i++) values[i] = fast[id, i]
    sort(n)
    return (values[int((n + 1) / 2)] + values[int(n / 2) + 1]) / 2
}
# Of what slow calls take beyond the median of the fast ones, the share in which the caller waited for a CPU; "": unknown.
function share_of(id,    i, median, excess, waits) {
    if (n_fast[id] == 0 || n_slow[id] == 0) return ""
    median = median_fast(id)
    for (i = 1; i <= n_slow[id]; i++) {
        excess += slow[id, i] - median
        waits += smaller(delay[id, i], slow[id, i] - median)
    }
    return sprintf("%.3f", waits / excess)
}
function write_table(    i, id, n, lost) {
    print "strategy,policy,calls,slow,a,b,c,other,run_delay_share" >table
    for (i = 1; i <= n_cells; i++) order[substr(cell[i], 2) + 0] = cell[i]
    for (i = 1; n < n_cells; i++) {
        if (!(i in order)) continue
        n++
        id = order[i]
        lost += n_lost[id]
        if (!(id in cell_calls)) continue
        printf "%s,%s,%d,%d,%d,%d,%d,%d,%s\n", strategy[id], policy[id], cell_calls[id], n_slow[id], count[id, "a"], count[id, "b"],
            count[id, "c"], count[id, "other"], share_of(id) >table
    }
    if (lost) printf "classify_waits.sh: events lost by the trace; slow calls that became 'other' by it: %d\n", lost >"/dev/stderr"
    if (n_dropped) printf "classify_waits.sh: events dropped by the trace at unknown times: %d\n", n_dropped >"/dev/stderr"
}

# One call told: its events in words, and bars for plots/waits.gp.
function who_is(pid,    p, n) {
    if (pid == caller[at_process]) return "the caller"
    if (pid == 0) return "idle"
    if (!((at_process, pid) in is_pool)) return "another program (" name[pid] ")"
    n = 1
    for (p in is_pool) {
        split(p, pair, SUBSEP)
        if (pair[1] == at_process && pair[2] + 0 < pid + 0) n++
    }
    return "thread " n
}
function say(at, c, text) { printf "%9.1f  %3s  %s\n", at / 1e3, c, text >told }
function say_event(i,    me) {
    me = caller[at_process]
    if (e_kind[i] == "wake") say(e_at[i], e_cpu[i], who_is(e_a[i]) " wakes " who_is(e_b[i]) ", on CPU " e_x[i])
    else if (e_guess[i]) say(e_at[i], e_cpu[i], who_is(e_b[i]) " runs (no event says since when)")
    else if (e_a[i] == me && e_x[i]) say(e_at[i], e_cpu[i], "the caller loses its CPU to " who_is(e_b[i]) " and could run on")
    else if (e_a[i] == 0) say(e_at[i], e_cpu[i], who_is(e_b[i]) " runs")
    else say(e_at[i], e_cpu[i], who_is(e_a[i]) (e_x[i] ? " is preempted; " : " sleeps; ") (e_b[i] == 0 ? "the CPU is idle" : who_is(e_b[i]) " runs"))
}
function looks_of(pid,    w) {
    w = who_is(pid)
    return w == "idle" ? 0 : w == "the caller" ? 1 : w == "thread 1" ? 2 : w == "thread 2" ? 3 : w ~ /^thread/ ? 4 : 5
}
function bar_until(row, t) {
    if (t > bar_from[row]) printf "%d %.3f %.3f %d\n", row, bar_from[row] / 1e3, t / 1e3, bar_look[row] >drawn
    bar_from[row] = t
}
function say_marks(k, i, from, to) {
    if (error_ns[k, i] >= from && error_ns[k, i] < to) say(error_ns[k, i], "", "error_at: a worker fails")
    if (seen_ns[k, i] >= from && seen_ns[k, i] < to) say(seen_ns[k, i], "", "error_seen: the caller holds the error")
    if (return_ns[k, i] >= from && return_ns[k, i] < to) say(return_ns[k, i], "", "return_at: the call returns")
}
function tell(k, i, a_letter,    e, last, from, limit) {
    told = dir "/wait-" a_letter ".txt"
    drawn = dir "/wait-" a_letter ".dat"
    split(k, pair, SUBSEP)
    printf "%s%s: call %d of process %d\n", strategy[pair[1]], policy[pair[1]] == "" ? "" : ", " policy[pair[1]], trial[k, i], pair[2] >told
    printf "%9s  %3s  %s\n", "us", "CPU", "what" >told
    limit = larger(seen_ns[k, i] * 1.1, smaller(return_ns[k, i], seen_ns[k, i] * 1.3))
    from = -1e18
    for (e = 1; e <= n_events && e_at[e] <= limit; e++) {
        say_marks(k, i, from, e_at[e])
        say_event(e)
        from = e_at[e]
    }
    say_marks(k, i, from, limit)
    close(told)
    draw_bars(limit)
    print "\n" >drawn
    for (e = 1; e <= n_events && e_at[e] <= limit; e++)
        if (e_kind[e] == "wake") printf "%d %.3f\n", e_cpu[e], e_at[e] / 1e3 >drawn
    printf "\n\n%.3f %.3f %.3f %.3f\n", error_ns[k, i] / 1e3, seen_ns[k, i] / 1e3, smaller(return_ns[k, i], limit) / 1e3, limit / 1e3 >drawn
    close(drawn)
}
# Rows: CPUs by number, then the caller (0 sleeps, 1 runs, 6 could run).
function draw_bars(limit,    c, e, me, mine) {
    me = caller[at_process]
    mine = 0
    for (c in had) mine = larger(mine, c + 1)
    split("", bar_from)
    for (c in had) { bar_from[c] = 0; bar_look[c] = looks_of(had[c]) }
    bar_from[mine] = 0; bar_look[mine] = 1
    for (e = 1; e <= n_events && e_at[e] <= limit; e++) {
        if (e_kind[e] == "switch") { bar_until(e_cpu[e], e_at[e]); bar_look[e_cpu[e]] = looks_of(e_b[e]) }
        if (e_kind[e] == "wake" && e_b[e] == me) { bar_until(mine, e_at[e]); bar_look[mine] = 6 }
        if (e_kind[e] == "switch" && e_a[e] == me) { bar_until(mine, e_at[e]); bar_look[mine] = e_x[e] ? 6 : 0 }
        if (e_kind[e] == "switch" && e_b[e] == me) { bar_until(mine, e_at[e]); bar_look[mine] = 1 }
    }
    for (c in bar_from) bar_until(c, limit)
}
