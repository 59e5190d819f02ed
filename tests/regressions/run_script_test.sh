#!/usr/bin/env bash
# run.sh: through a link, in a tree that can't be written to, without sudo, from another folder; what it builds. It
# is a copy in a separate tree, with tools that log their arguments.
# usage: run_script_test.sh SOURCE_DIR
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/../checks.sh"

source=$(realpath "$1")
work=$(mktemp -d)
chmod 755 "$work"
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
cd "$work" || exit 1
unset QUENCH_BUILD_DIR XDG_CACHE_HOME

# Nothing of it leaves this folder.
mkdir -p tree/docs bin elsewhere home
chmod 777 elsewhere home .
cp "$source/run.sh" tree/
echo tracked >tree/docs/questions.md
export HOME=$work/home LOG=$work/log PATH=$work/bin:$PATH
: >log
chmod 666 log
cat >bin/cmake <<'STUB'
#!/bin/bash
echo "cmake $*" >>"$LOG"
[ "$1" = --build ] || exit 0
mkdir -p "$2"
cat >"$2/quench" <<'PROGRAM'
#!/bin/bash
case "$*" in
    "list profiles --format csv") printf 'name,summary\nquick,"a, b"\nstandard,c\n'; exit ;;
    "list questions --format csv") printf 'id,profile,title\na,quick,"x, y"\nb,tree,z\nc,quick,z\n'; exit ;;
    "list commands --format csv") printf 'name,summary\nrun,a\nlist,b\nmicro,c\n'; exit ;;
esac
echo "$(basename "$0") in $PWD: $*" >>"$LOG"
while [ $# -gt 0 ]; do
    if [ "$1" = --out ]; then case $2 in *.md) echo answers >"$2" ;; *) mkdir -p "$2" ;; esac; fi
    shift
done
exit "${PROGRAM_CODE-0}"
PROGRAM
chmod +x "$2/quench"
STUB
printf '#!/bin/bash\necho "ctest $*" >>"$LOG"\n' >bin/ctest
printf '#!/bin/bash\necho "install ok installed"\n' >bin/dpkg-query
printf '#!/bin/bash\necho "apt-get $*" >>"$LOG"\necho chatter\n' >bin/apt-get
printf '#!/bin/bash\necho "npm $*" >>"$LOG"\n' >bin/npm
chmod +x bin/*

run() { # run FOLDER SCRIPT WORD...
    local folder=$1
    shift
    : >log
    (cd "$folder" && "$@") >out 2>err
    code=$?
}
did() { grep -qF -- "$1" log || { echo "        '$1' is not in: $(cat log) $(cat err)"; return 1; }; }
did_not() { ! grep -qF -- "$1" log; }

run elsewhere ../tree/run.sh quick --workload mine.ini
check "quick: exit code 0" is "$code" 0
check "quick: builds the program alone" is "$(grep -c -- --build log)/$(grep -- --build log)" "1/cmake --build $work/tree/build/release --target quench"
check "from another folder: names are relative to it" did "quench in $work/elsewhere: run --profile quick --workload mine.ini"
run elsewhere ../tree/run.sh micro --list
check "a command: it runs" did "quench in $work/elsewhere: micro --list"
run elsewhere ../tree/run.sh
check "no word: the profile standard" did "quench in $work/elsewhere: run --profile standard"
run elsewhere ../tree/run.sh quik
check "a word that is none: exit code 2, what there is" is "$code/$(tail -n 1 err)" "2/run.sh: 'quik' is not allowed: quick, standard, test, run, list, micro or options of quench run"
rm -rf tree/build
run elsewhere ../tree/run.sh micro
check "a first build: says where, and that it takes a while" grep -q "^run.sh: building in $work/tree/build/release, which takes minutes the first time; log: " err
run elsewhere ../tree/run.sh test
check "test: builds everything, and the peers in other languages" is "$(grep -- --build log)" \
    "cmake --build $work/tree/build/ci
cmake --build $work/tree/build/ci --target child_peers"
check "test: runs every test" did "ctest --test-dir $work/tree/build/ci"

ln -s tree/run.sh link
ln -s ../link elsewhere/link2
run elsewhere ./link2 list strategies
check "through links: the tree is found" did "cmake -S $work/tree "
check "through links: it runs" did "quench in $work/elsewhere: list strategies"
run elsewhere env QUENCH_BUILD_DIR=mine ../tree/run.sh list
check "QUENCH_BUILD_DIR: that is where it builds" did "--build $work/elsewhere/mine/release "

# questions
run elsewhere ../tree/run.sh questions
page=$(cat out)
check "questions: each profile that answers one is run once" is "$(grep -o -- '--profile [a-z]*' log | paste -sd' ')" "--profile quick --profile tree"
check "questions: exit code 0, the page's path alone" is "$code/$(wc -l <out)" 0/1
check "questions: the page is in its folder" is "$(cat "elsewhere/$page" 2>/dev/null || cat "$page")" answers
check "questions: nothing that is tracked has changed" is "$(cat tree/docs/questions.md)" tracked
run elsewhere ../tree/run.sh questions --update-docs q
check "questions --update-docs DIR: both are written" is "$(cat elsewhere/q/questions.md tree/docs/questions.md | paste -sd' ')" "answers answers"
run elsewhere ../tree/run.sh questions q
check "questions: a folder that is there is refused" is "$code/$(wc -l <err)" 2/1

# packages
cat >bin/dpkg-query <<'STUB'
#!/bin/bash
for package; do :; done
[ "$package" = libhwloc-dev ] || [ "$package" = libcmocka-dev ] || [ "$package" = chromium-driver ] || echo "install ok installed"
STUB
printf '#!/bin/bash\necho 0\n' >bin/id
chmod +x bin/id
run elsewhere ../tree/run.sh quick
check "packages: installed as root" did "apt-get install -y --no-install-recommends libhwloc-dev"
check "packages: only tests need cmocka" did_not cmocka
run elsewhere ../tree/run.sh test
check "packages: tests alone do without a browser" did_not chromium
run elsewhere ../tree/run.sh test --browser
check "packages: test --browser installs one" did "apt-get install -y --no-install-recommends chromium-driver"
check "packages: and fetches axe-core below the build" did "npm install --prefix $work/tree/build/axe --no-save --silent axe-core@4"
run elsewhere ../tree/run.sh quick --quiet
check "--quiet: installing says nothing" is "$code/$(cat err)" 0/
run elsewhere ../tree/run.sh test
check "packages: tests need cmocka" did "libcmocka-dev"
printf '#!/bin/bash\necho 1000\n' >bin/id
printf '#!/bin/bash\nexit 1\n' >bin/sudo
chmod +x bin/sudo
run elsewhere ../tree/run.sh quick
check "sudo with a password: exit code 2, the command" is "$code/$(cat err)" "2/run.sh: packages are missing; run: sudo apt-get install -y libhwloc-dev"
rm bin/sudo
mkdir few
for tool in bash dirname readlink cksum cut realpath mkdir tail grep date; do ln -s "$(command -v $tool)" few/; done
run elsewhere env PATH="$work/bin:$work/few" ../tree/run.sh quick
check "no sudo: exit code 2, the command for root" is "$code/$(cat err)" "2/run.sh: packages are missing; run as root: apt-get install -y libhwloc-dev"
rm bin/id
printf '#!/bin/bash\necho "install ok installed"\n' >bin/dpkg-query

# A tree that can't be written to.
as=()
if [ "$(id -u)" = 0 ]; then
    as=(setpriv --reuid 65534 --regid 65534 --clear-groups)
    "${as[@]}" true 2>/dev/null || { echo "skipped a tree that can't be written to: nobody else can be here"; as=(false); }
fi
if [ "${as[*]}" != false ]; then
    rm -rf tree/build tree/results
    chmod 555 tree
    run elsewhere "${as[@]}" ../tree/run.sh quick
    check "a tree that can't be written to: exit code 0" is "$code" 0
    check "a tree that can't be written to: builds in the cache" did "--build $work/home/.cache/quench/"
    check "a tree that can't be written to: it runs" did "quench in $work/elsewhere: run --profile quick"
    run elsewhere "${as[@]}" env XDG_CACHE_HOME="$work/home/xdg" ../tree/run.sh quick
    check "a tree that can't be written to: XDG_CACHE_HOME" did "--build $work/home/xdg/quench/"
    run elsewhere "${as[@]}" ../tree/run.sh questions
    check "a tree that can't be written to: questions go into the current folder" is "$code/$(cut -c1-18 out)" 0/results/questions-
    chmod 755 tree
fi

echo "$failures failures"
[ $failures = 0 ]
