#!/usr/bin/env python3
"""Runs a command with stderr on a terminal of so many columns; what it sent there goes to a file.

usage: on_pty.py COLUMNS FILE COMMAND...
"""
import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios

columns, path, command = int(sys.argv[1]), sys.argv[2], sys.argv[3:]
ours, theirs = pty.openpty()
fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
child = subprocess.Popen(command, stderr=theirs)
os.close(theirs)
with open(path, "wb") as file:
    while True:
        try:
            text = os.read(ours, 4096)
        except OSError:  # the last of the terminal's users is gone
            break
        if not text:
            break
        file.write(text)
sys.exit(child.wait())
