#!/usr/bin/env bash
# Breaks the runtime in one place at a time (tests/mutants/list) and checks that the tests of forced
# orders notice: a mutant that survives, or no longer applies, fails.
# usage: mutants_test.sh SOURCE_DIR CC
set -uo pipefail

src=$1 cc=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
read -r -a flags <<<"$(pkg-config --cflags --libs hwloc cmocka jemalloc)"
sources=(err clock kernel memory ledger exec wait select chan cancel walk generation token group pool/pool pool/park pool/rest pool/block pool/dedicated cgroup topo)
tests=(runtime/{chan_orders,select_orders,cancel_orders,group_orders,token_orders,token_deadlines,large_token_trees}
    tests/regressions/{lock_order,pool_rest})
beds=(runtime/{orders_bed,token_bed}) # what several of the tests share
survivors=0 killed=0

options=(-std=c17 -O0 -D_GNU_SOURCE -DQN_STEPS=1 -DQN_HAVE_JEMALLOC=1)

object() { # object SOURCE OBJECT, with the includes of the tree; 2 if it doesn't compile
    "$cc" "${options[@]}" -I"$work/tree" "${flags[@]}" -c "$1" -o "$2" || return 2
}

passes() { # passes: links and runs the tests with what stands in $work as objects; 1 if one fails, 2 if one doesn't link
    local test
    for test in "${tests[@]##*/}"; do
        "$cc" "$work/tests/${test}_test.o" "$work"/*.o -o "$work/program" "${flags[@]}" -lpthread -lm -ljemalloc \
            2>"$work/cc.log" || return 2
        timeout 60 "$work/program" || return 1
    done
}

mkdir -p "$work/tree" "$work/tests"
cp -r "$src/runtime" "$src/tests" "$work/tree/"
for s in "${sources[@]}"; do object "$work/tree/runtime/$s.c" "$work/${s//\//_}.o" || exit 1; done
for s in "${tests[@]}"; do object "$src/${s}_test.c" "$work/tests/${s##*/}_test.o" || exit 1; done
for s in tests/{stepped/{fiber,stepper,explore},run_tests} "${beds[@]}"; do object "$src/$s.c" "$work/${s##*/}.o" || exit 1; done
if ! passes >"$work/sound.log" 2>&1; then
    echo "the unbroken runtime does not pass its tests"
    tail -q -n 5 "$work/sound.log" "$work/cc.log"
    exit 1
fi

trim() { sed -e 's/^ *//' -e 's/ *$//'; }

while IFS= read -r line; do
    [[ $line =~ ^# || -z $line ]] && continue
    line=${line//\\|/$'\x01'}
    IFS='|' read -r name file from to why <<<"$line"
    name=$(trim <<<"$name") file=$(trim <<<"$file") why=$(trim <<<"$why")
    from=$(trim <<<"$from") to=$(trim <<<"$to")
    from=${from//$'\x01'/|} to=${to//$'\x01'/|}
    cp "$src/$file" "$work/tree/$file"
    if [ "$(grep -cF -- "$from" "$work/tree/$file")" = 0 ]; then
        echo "STALE    $name: '$from' is not in $file"
        survivors=$((survivors + 1))
        continue
    fi
    FROM=$from TO=$to perl -0pi -e 's/\Q$ENV{FROM}\E/$ENV{TO}/' "$work/tree/$file"
    unit=${file#*/} unit=${unit%.c} unit=${unit//\//_}
    cp "$work/$unit.o" "$work/$unit.kept"
    object "$work/tree/$file" "$work/$unit.o" 2>"$work/cc.log" && (passes >"$work/log" 2>&1) 2>/dev/null
    case $? in
    0)
        echo "SURVIVED $name: $why"
        survivors=$((survivors + 1))
        ;;
    1)
        echo "killed   $name"
        killed=$((killed + 1))
        ;;
    *)
        echo "BROKEN   $name does not compile: $(grep -m1 error "$work/cc.log")"
        survivors=$((survivors + 1))
        ;;
    esac
    cp "$src/$file" "$work/tree/$file"
    mv "$work/$unit.kept" "$work/$unit.o"
done <"$src/tests/mutants/list"

echo "$killed killed, $survivors not"
[ "$survivors" = 0 ]
