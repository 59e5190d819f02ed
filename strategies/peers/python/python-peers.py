"""Peers in Python, as a child of Quench's: see docs/child-peers.md.

They wait only: threads of Python can't compute at the same time.
"""

import asyncio
import mmap
import os
import platform
import struct
import sys
from time import monotonic_ns as now

# The layout of include/quench/child.h, which says what each field is.
ABI, MAGIC = 1, b"quenchCH"
MAPPING, COMMANDS, ANSWERS = 3, 4, 5
READY, CALL, DONE, MEASURE, MEASURED, BYE = 1, 2, 3, 4, 5, 6
HEADER = struct.Struct("=8s4I3Q4I3Q")
WORKERS_AT = 96
HEADER_BYTES, T0_AT, STAMPS = 256, 144, struct.Struct("=5Qi")
TASK, ROW = struct.Struct("=2I"), struct.Struct("=3Q6I2Q")
WAIT, UNSEEN = 1, 0xFFFFFFFF
WHOLE, FAILED, CUT = 1, 2, 3  # 0: it never began


class WorkerError(Exception):
    """The error of a worker: its index."""


class Call:
    """One fan-out, as the peers see it."""

    def __init__(self, shared, tasks):
        self.workers, self.threads, self.quantum_ns, self.tasks = len(tasks), shared.threads, shared.quantum_ns, tasks
        self.memory_bytes, self.result_bytes = shared.memory_bytes, shared.result_bytes
        self.rows = [None] * self.workers
        self.has_failed = False
        self.error_seen = self.cancel_at = 0

    async def work(self, i):
        """Worker i's planned work: a wait, which a cancel ends. Its result, if it has done it."""
        begin, (quanta, fails) = now(), self.tasks[i]
        late, outcome, result = self.has_failed, CUT, None
        held = bytearray(b"\1") * self.memory_bytes  # its working set, touched
        try:
            await asyncio.sleep((begin + quanta * self.quantum_ns - now()) / 1e9)
            outcome = FAILED if fails else WHOLE
        finally:
            stop = now()
            del held
            if outcome == WHOLE:
                result = bytearray(b"\1") * self.result_bytes
            self.rows[i] = [begin, stop, now(), quanta, 0 if late else UNSEEN, 0, outcome, late, 0, 0, 0]
        if fails:
            self.has_failed = True
            self.cancel_at = self.cancel_at or now()
            raise WorkerError(i)
        return result


async def taskgroup(call):
    """asyncio.TaskGroup: the first error cancels the others; P tasks at a time."""
    limit = asyncio.Semaphore(call.threads)

    async def worker(i):
        async with limit:
            return await call.work(i)

    returned = -1
    try:
        async with asyncio.TaskGroup() as group:
            for i in range(call.workers):
                group.create_task(worker(i))
    except* WorkerError as errors:
        call.error_seen = now()
        returned = errors.exceptions[0].args[0]
    return returned


PEERS = {"python-taskgroup": taskgroup}


def describe():
    print(f"""abi={ABI}
peer=python-taskgroup
summary=asyncio.TaskGroup, a Semaphore of P; the first error cancels the other tasks
library=CPython asyncio
version={platform.python_version()}
licence=PSF-2.0
flags=stops-running,skips-queued,waits-all,first-by-time
reach=CancelledError at the next await
kinds=wait""")


class Shared:
    """What both sides share; refuses what it doesn't know."""

    def __init__(self):
        size = os.fstat(MAPPING).st_size
        if size < HEADER_BYTES:
            raise ValueError(f"a mapping of {size} bytes has no header")
        self.map = mmap.mmap(MAPPING, size)
        (magic, abi, header, task, row, total, self.tasks_at, self.rows_at, _, self.threads,
         self.quantum_ns, _, _, self.memory_bytes, self.result_bytes) = HEADER.unpack_from(self.map)
        if magic != MAGIC or abi != ABI:
            raise ValueError(f"the mapping is of version {abi}; I know version {ABI}")
        if (header, task, row) != (HEADER_BYTES, TASK.size, ROW.size) or total > size:
            raise ValueError(f"the mapping's sizes are not those of version {ABI}")

    def call(self):
        """The call that the tasks now say."""
        workers, kind = struct.unpack_from("=2I", self.map, WORKERS_AT)
        if kind != WAIT:
            raise ValueError("only waits, but was told to compute")
        tasks = [TASK.unpack_from(self.map, self.tasks_at + i * TASK.size) for i in range(workers)]
        return Call(self, tasks)

    def write(self, call, stamps, returned):
        """What became of it."""
        for i, row in enumerate(call.rows):
            if row:
                ROW.pack_into(self.map, self.rows_at + i * ROW.size, *row)
        STAMPS.pack_into(self.map, T0_AT, *stamps, returned)


def hear():
    """The next message; when there are no more, it is BYE."""
    message = os.read(COMMANDS, 8)
    return struct.unpack("=2I", message) if len(message) == 8 else (BYE, 0)


def say(what, number):
    os.write(ANSWERS, struct.pack("=2I", what, number))


async def run(peer):
    shared = Shared()
    say(READY, ABI)
    while True:
        what, number = hear()
        if what == CALL:
            call = shared.call()
            t0 = now()
            returned = await peer(call)
            return_at = now()
            shared.write(call, (t0, call.error_seen, call.cancel_at, return_at, now()), returned)
            say(DONE, number)
        elif what == MEASURE:
            say(MEASURED, 0)
        elif what == BYE:
            return
        else:
            raise ValueError(f"message {what} is none of version {ABI}")


def main(words):
    if words == ["describe"]:
        describe()
    elif len(words) == 2 and words[0] == "run" and words[1] in PEERS:
        asyncio.run(run(PEERS[words[1]]))
    else:
        sys.exit(f"usage: {sys.argv[0]} describe | run NAME")


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except (ValueError, OSError) as why:
        print(why, file=sys.stderr)
        sys.exit(3)
