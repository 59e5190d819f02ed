#!/bin/sh
# A compiler launcher: runs its command and notes when it began and ended, and how. ninja's own log
# leaves out steps that failed.
begin=$(date +%s%3N)
"$@"
status=$?
out=
prev=
for word; do
    [ "$prev" = -o ] && out=$word
    prev=$word
done
printf '%s\t%s\t%s\t%s\n' "$begin" "$(date +%s%3N)" "$status" "$out" >>"$QUENCH_STEPS_LOG"
exit $status
