#!/usr/bin/env bash
# macros_test.sh FOLDER: GB_DO_NOT_OPTIMIZE… and GB_CLOBBER keep values whole at every level of optimisation, and take
# no more instructions than the library's DoNotOptimize and ClobberMemory; a GB_LOOP has no call in its body.
set -euo pipefail

[ "$(uname -m)" = x86_64 ] || { printf 'the listing is read for x86-64 only\n'; exit 77; }

source=$1
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

cat >"$tmp/c.c" <<'C'
#include "gbench.h"
int value(int x) { GB_DO_NOT_OPTIMIZE(x); return x; }
long sum(const long *p) { long s = p[0]; GB_DO_NOT_OPTIMIZE(s); s += p[1]; GB_DO_NOT_OPTIMIZE(s); return s; }
double lvalue(double d) { GB_DO_NOT_OPTIMIZE_LVALUE(d); return d; }
struct large { long a[8]; };
void pointer(struct large *p) { p->a[3] = 1; GB_DO_NOT_OPTIMIZE_POINTER(p); p->a[3] = 2; }
void clobber(int *p) { *p = 1; GB_CLOBBER(); *p = 2; }
C
cat >"$tmp/cc.cc" <<'CC'
#include <benchmark/benchmark.h>
extern "C" {
int value(int x) { const int &y = x; benchmark::DoNotOptimize(y); return x; }
long sum(const long *p) { long s = p[0]; const long &y = s; benchmark::DoNotOptimize(y); s += p[1]; benchmark::DoNotOptimize(y); return s; }
double lvalue(double d) { benchmark::DoNotOptimize(d); return d; }
struct large { long a[8]; };
void pointer(struct large *p) { p->a[3] = 1; benchmark::DoNotOptimize(p); p->a[3] = 2; }
void clobber(int *p) { *p = 1; benchmark::ClobberMemory(); *p = 2; }
}
CC
cat >"$tmp/loop.c" <<'C'
#include "gbench.h"
void loop(gb_state *state, void *user) { long *n = user; GB_LOOP(state) { ++*n; GB_CLOBBER(); } }
C

cat >"$tmp/same.c" <<'C'
#include "gbench.h"
int main(void)
{
    double d = 1.5;
    float f = 2.5f;
    char c = 'c';
    long n = 5;
    for (int i = 0; i < 3; i++) {
        GB_DO_NOT_OPTIMIZE(d + 1);
        GB_DO_NOT_OPTIMIZE_LVALUE(d);
        GB_DO_NOT_OPTIMIZE_LVALUE(f);
        GB_DO_NOT_OPTIMIZE_LVALUE(c);
        GB_DO_NOT_OPTIMIZE_LVALUE(n);
        if (d != 1.5 || f != 2.5f || c != 'c' || n != 5)
            return 1;
    }
    return 0;
}
C

instructions() { # instructions OBJECT FUNCTION: mnemonics and operands, without addresses
    objdump -d --no-show-raw-insn --disassemble="$2" "$1" |
        sed -n 's/^ *[0-9a-f]*:\t//p' | sed 's/[[:space:]]*#.*//; s/[0-9a-f]* <[^>]*>/TARGET/' | grep -v '^nop\|^xchg *%ax,%ax\|^data16\|^cs nopw' || true
}

for cc in gcc clang; do
    cxx=${cc/gcc/g++}
    cxx=${cxx/clang/clang++}
    command -v $cc >/dev/null || { printf 'FAILED: %s is missing\n' $cc >&2; exit 1; }
    $cc -std=c11 -O2 -fcf-protection=none -I"$source" -c "$tmp/c.c" -o "$tmp/c.o"
    $cxx -std=c++17 -O2 -fcf-protection=none -Wno-deprecated-declarations -c "$tmp/cc.cc" -o "$tmp/cc.o"
    for level in -O0 -Og -O1 -O2 -O3 -Os; do
        $cc -std=c11 $level -I"$source" "$tmp/same.c" -o "$tmp/same"
        "$tmp/same" || { printf 'FAILED: with %s %s a macro changes what it is given\n' $cc $level >&2; exit 1; }
    done
    for f in value sum lvalue pointer clobber; do
        instructions "$tmp/c.o" $f >"$tmp/c.txt"
        instructions "$tmp/cc.o" $f >"$tmp/cc.txt"
        [ -s "$tmp/c.txt" ] || { printf 'FAILED: %s of %s has no code\n' $f $cc >&2; exit 1; }
        if [ "$(wc -l <"$tmp/c.txt")" -gt "$(wc -l <"$tmp/cc.txt")" ]; then
            printf 'FAILED: %s with %s costs more than the original\n' $f $cc >&2
            diff "$tmp/c.txt" "$tmp/cc.txt" >&2
            exit 1
        fi
    done
    $cc -std=c11 -O2 -I"$source" -c "$tmp/loop.c" -o "$tmp/loop.o"
    # Twice at most is the library entered: gb_loop_begin and gb_loop_end, whatever the iterations.
    calls=$(objdump -dr --disassemble=loop "$tmp/loop.o" | grep -c 'R_X86_64_PLT32.*gb_' || true)
    begin_end=$(objdump -dr --disassemble=loop "$tmp/loop.o" | grep -cE 'gb_loop_(begin|end)' || true)
    if [ "$calls" != 2 ] || [ "$begin_end" != 2 ]; then
        printf 'FAILED: GB_LOOP with %s calls %s functions, not gb_loop_begin and gb_loop_end\n' $cc "$calls" >&2
        exit 1
    fi
    printf '%s: no macro costs more than the original; GB_LOOP calls into the library twice a run\n' $cc
done
