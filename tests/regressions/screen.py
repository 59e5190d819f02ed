#!/usr/bin/env python3
"""What a terminal of so many columns shows after the bytes of a file: its lines, without empty ones at
the end. Knows carriage return, line feed, wrapping at the last column, and "erase to the end of the line"; any
other escape is an error.

usage: screen.py COLUMNS FILE
"""
import sys

columns = int(sys.argv[1])
text = open(sys.argv[2], encoding="utf-8", newline="").read()
lines, row, column, at = [[]], 0, 0, 0
while at < len(text):
    letter = text[at]
    at += 1
    if letter == "\r":
        column = 0
    elif letter == "\n":
        row, column = row + 1, 0
    elif text.startswith("\x1b[K", at - 1):
        del lines[row][column:]
        at += 2
    elif letter < " ":
        sys.exit("an escape this terminal does not know: %r" % text[at - 1 : at + 8])
    else:
        if column == columns:
            row, column = row + 1, 0
        while len(lines) <= row:
            lines.append([])
        lines[row][column:] = [letter] + lines[row][column + 1 :]
        column += 1
    while len(lines) <= row:
        lines.append([])
shown = ["".join(line).rstrip() for line in lines]
while shown and not shown[-1]:
    shown.pop()
print("\n".join(shown))
