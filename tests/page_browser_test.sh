#!/usr/bin/env bash
# The page in Chromium: tests/page_browser.py, on the folder of a short run. Skips itself where chromium-driver or
# python3-selenium is missing; ./run.sh test --browser installs them.
# usage: page_browser_test.sh PROGRAM
set -uo pipefail

quench=$(realpath "$1")
here=$(dirname "$(realpath "${BASH_SOURCE[0]}")")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

skip() {
    echo "skipped: $1; ./run.sh test --browser installs it"
    exit 77
}
command -v chromedriver >/dev/null || skip "chromedriver is missing"
command -v chromium >/dev/null || skip "chromium is missing"
for python in python3 /usr/bin/python3 none; do
    "$python" -c 'import selenium' 2>/dev/null && break
done
[ "$python" != none ] || skip "Python's selenium is missing"
command -v gnuplot >/dev/null || skip "gnuplot is missing"

cd "$work" || exit 1
"$quench" run --strategies buffered,drain,close,cancel,cancel-wait,cancel-dequeue,owner-close,cancel-grace,null,leak,double-send \
    --workers 16 --service const:50us --failure-rates 0,0.05 --trials 12 --processes 2 --quiet --out run >/dev/null || exit 1
timeout 300 "$python" "$here/page_browser.py" run/index.html
