package main

import (
	"fmt"
	"os"
	"syscall"
	"unsafe"
)

// The layout of include/quench/child.h, which says what each field is.

const (
	abi   = 1
	magic = "quenchCH"

	fdMapping, fdCommands, fdAnswers = 3, 4, 5

	sayReady, sayCall, sayDone, sayMeasure, sayMeasured, sayBye = 1, 2, 3, 4, 5, 6

	kindCPU, kindWait, kindDeaf = 0, 1, 2

	never, whole, failed, cut = 0, 1, 2, 3

	unseen = ^uint32(0)
)

type header struct {
	magic                                 [8]byte
	abi, headerBytes, taskBytes, rowBytes uint32
	totalBytes, tasksAt, rowsAt           uint64
	room, threads, quantumNs, _           uint32
	pollCostNs, memoryBytes, resultBytes  uint64
	pollQuanta                            uint64
	workers, kind                         uint32
	_                                     [3]uint64
	iterationsPerQuantum, quantumPs       uint64
	t0, errorSeen, cancelAt, returnAt     uint64
	settleAt                              uint64
	returned                              int32
	leaked, errorWord                     uint32
	_                                     uint32
	_                                     [7]uint64
}

type task struct{ quanta, fails uint32 }

type row struct {
	begin, stop, end                uint64
	quanta, atError, polls, outcome uint32
	late, thread                    uint32
	_                               [2]uint64
}

type message struct{ what, number uint32 }

// share maps what both sides share, and refuses what it doesn't know.
func share() (*header, []task, []row, error) {
	var stat syscall.Stat_t
	if err := syscall.Fstat(fdMapping, &stat); err != nil {
		return nil, nil, nil, fmt.Errorf("no mapping at descriptor %d: start me through quench", fdMapping)
	}
	if stat.Size < int64(unsafe.Sizeof(header{})) {
		return nil, nil, nil, fmt.Errorf("a mapping of %d bytes has no header", stat.Size)
	}
	at, err := syscall.Mmap(fdMapping, 0, int(stat.Size), syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_SHARED)
	if err != nil {
		return nil, nil, nil, err
	}
	h := (*header)(unsafe.Pointer(&at[0]))
	if string(h.magic[:]) != magic || h.abi != abi {
		return nil, nil, nil, fmt.Errorf("the mapping is %q of version %d; I know %q of version %d", h.magic, h.abi, magic, abi)
	}
	if h.headerBytes != uint32(unsafe.Sizeof(header{})) || h.taskBytes != uint32(unsafe.Sizeof(task{})) ||
		h.rowBytes != uint32(unsafe.Sizeof(row{})) || h.totalBytes > uint64(stat.Size) ||
		h.rowsAt+uint64(h.room)*uint64(h.rowBytes) > h.totalBytes ||
		h.tasksAt+uint64(h.room)*uint64(h.taskBytes) > h.totalBytes {
		return nil, nil, nil, fmt.Errorf("the mapping's sizes are not those of version %d", abi)
	}
	tasks := unsafe.Slice((*task)(unsafe.Pointer(&at[h.tasksAt])), h.room)
	rows := unsafe.Slice((*row)(unsafe.Pointer(&at[h.rowsAt])), h.room)
	return h, tasks, rows, nil
}

var (
	commands = os.NewFile(fdCommands, "commands")
	answers  = os.NewFile(fdAnswers, "answers")
)

// hear waits for the next message; when there are no more, it is sayBye.
func hear() message {
	var m message
	if n, _ := commands.Read((*[8]byte)(unsafe.Pointer(&m))[:]); n != 8 {
		return message{what: sayBye}
	}
	return m
}

func say(what, number uint32) {
	m := message{what, number}
	answers.Write((*[8]byte)(unsafe.Pointer(&m))[:])
}

// nanotime is CLOCK_MONOTONIC in ns, which package time has only as a difference.
//
//go:linkname nanotime runtime.nanotime
func nanotime() int64

func now() uint64 { return uint64(nanotime()) }
