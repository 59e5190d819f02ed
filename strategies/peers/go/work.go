package main

import (
	"context"
	"sort"
	"sync"
	"sync/atomic"
	"time"
)

// call is one fan-out, as the peers see it.
type call struct {
	*header
	tasks []task
	rows  []row

	working    sync.WaitGroup // workers whose work isn't over
	alive      sync.WaitGroup // goroutines that are not over
	ended      int32          // workers that have an end
	isRescuing uint32         // leaked workers are let go; they get no end
	received   int            // reports that the caller took
	done       chan report    // where leaked workers wait
}

// report is what a worker sends to its caller.
type report struct {
	err    error
	result []byte
}

// workerError is the error of a worker: its index.
type workerError int

func (e workerError) Error() string { return "a worker failed" }

// run is the kernel of runtime/kernel.c.
//
//go:noinline
func run(iterations, state uint64) uint64 {
	for i := uint64(0); i < iterations; i++ {
		state = state*6364136223846793005 + 1442695040888963407
		state ^= state >> 29
	}
	return state
}

var sink uint64 // so that no work is dropped

// quantum measures how long a quantum takes, ns: the median of n windows of 1 ms, as in runtime/kernel.c.
func quantum(iterations uint64, n int) float64 {
	const quanta = 4000
	var word uint32
	windows, state := make([]float64, n), uint64(1)

	for i := range windows {
		start := now()
		for q := 0; q < quanta && atomic.LoadUint32(&word) == 0; q++ {
			state = run(iterations, state)
		}
		windows[i] = float64(now()-start) / quanta
	}
	atomic.StoreUint64(&sink, state)
	sort.Float64s(windows)
	return windows[n/2]
}

func (h *header) calibrate() {
	iterations := 100.0
	for round := 0; round < 3; round++ {
		iterations *= float64(h.quantumNs) / quantum(uint64(iterations+0.5), 101)
	}
	h.iterationsPerQuantum = uint64(iterations + 0.5)
	h.measure()
}

func (h *header) measure() { h.quantumPs = uint64(1000 * quantum(h.iterationsPerQuantum, 10)) }

// work does the planned work of worker i. If ctx is not nil, work that has not begun when it is
// done never begins, and running work looks at it.
func (c *call) work(ctx context.Context, i int) (report, error) {
	defer c.working.Done()
	if ctx != nil && ctx.Err() != nil {
		return report{err: ctx.Err()}, ctx.Err()
	}
	r, t := &c.rows[i], c.tasks[i]
	r.begin = now()
	r.atError = unseen
	if atomic.LoadUint32(&c.errorWord) != 0 {
		r.late, r.atError = 1, 0
	}
	set := c.allocate(c.memoryBytes)
	if c.kind == kindWait {
		wait(ctx, r, time.Duration(t.quanta)*time.Duration(c.quantumNs))
	} else {
		c.compute(ctx, i, r)
	}
	if r.outcome != cut && (c.kind == kindWait || r.quanta == t.quanta) {
		r.quanta, r.outcome = t.quanta, whole+t.fails
	}
	r.stop = now()
	if r.outcome == failed {
		atomic.StoreUint32(&c.errorWord, 1)
	}
	result := report{}
	switch r.outcome {
	case failed:
		result.err = workerError(i)
	case cut:
		result.err = ctx.Err()
	default:
		result.result = c.allocate(c.resultBytes)
	}
	keep(set)
	return result, result.err
}

func (c *call) compute(ctx context.Context, i int, r *row) {
	planned, state, next := c.tasks[i].quanta, uint64(i+1), uint64(c.pollQuanta)
	polls := ctx != nil && c.kind == kindCPU
	var quanta, nPolls uint32
	atError := r.atError

	for quanta < planned {
		state = run(c.iterationsPerQuantum, state)
		quanta++
		if atError == unseen && atomic.LoadUint32(&c.errorWord) != 0 {
			atError = quanta
		}
		if !polls || uint64(quanta) < next || quanta == planned {
			continue
		}
		next += c.pollQuanta
		nPolls++
		if c.pollCostNs > 0 {
			state = run(c.pollCostNs*c.iterationsPerQuantum/uint64(c.quantumNs), state)
		}
		if ctx.Err() != nil {
			r.outcome = cut
			break
		}
	}
	atomic.StoreUint64(&sink, state)
	r.quanta, r.atError, r.polls = quanta, atError, nPolls
}

func wait(ctx context.Context, r *row, planned time.Duration) {
	left := planned - time.Duration(now()-r.begin)
	if ctx == nil {
		time.Sleep(left)
		return
	}
	timer := time.NewTimer(left)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
		r.outcome = cut
	}
}

// allocate returns memory that has been touched; nil for none.
func (c *call) allocate(bytes uint64) []byte {
	if bytes == 0 {
		return nil
	}
	memory := make([]byte, bytes)
	for at := uint64(0); at < bytes; at += 4096 {
		memory[at] = 1
	}
	return memory
}

//go:noinline
func keep(memory []byte) {}

// end: worker i has reported and is over.
func (c *call) end(i int) {
	if r := &c.rows[i]; r.outcome != never && atomic.LoadUint32(&c.isRescuing) == 0 {
		r.end = now()
		atomic.AddInt32(&c.ended, 1)
	}
	c.alive.Done()
}

// seen: the caller holds an error. The first counts.
func (c *call) seen() {
	if c.errorSeen == 0 {
		c.errorSeen = now()
	}
}

// raising: workers are about to be told to stop. The first counts.
func (c *call) raising() {
	atomic.CompareAndSwapUint64(&c.cancelAt, 0, now())
}
