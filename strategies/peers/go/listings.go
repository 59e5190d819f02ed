package main

import (
	"runtime"
	"sync/atomic"
)

// The article's listings: one goroutine a worker, GOMAXPROCS of them at a time. A worker sends
// exactly one report. strategies/{leak,buffered,drain,close}.c are the same in C.

// leakCall: an unbuffered channel, and a caller that returns at the first error.
func leakCall(c *call) error {
	c.done = make(chan report)
	return firstOf(c, c.done)
}

// bufferedCall: scheme 1. The channel has room for every report.
func bufferedCall(c *call) error {
	return firstOf(c, make(chan report, c.workers))
}

func firstOf(c *call, done chan report) error {
	for i := 0; i < int(c.workers); i++ {
		go func(i int) {
			defer c.end(i)
			r, _ := c.work(nil, i)
			done <- r
		}(i)
	}
	for i := 0; i < int(c.workers); i++ {
		r := <-done
		c.received++
		if r.err != nil {
			c.seen()
			return r.err
		}
	}
	return nil
}

// drainCall: scheme 2. The caller takes every report before it returns.
func drainCall(c *call) error {
	done := make(chan report)
	for i := 0; i < int(c.workers); i++ {
		go func(i int) {
			defer c.end(i)
			r, _ := c.work(nil, i)
			done <- r
		}(i)
	}
	var first error
	for i := 0; i < int(c.workers); i++ {
		if r := <-done; r.err != nil && first == nil {
			c.seen()
			first = r.err
		}
	}
	return first
}

// closeCall: scheme 3. A second channel is closed at the first error; a worker that has finished
// its work either delivers its report or sees that.
func closeCall(c *call) error {
	done := make(chan report)
	closed := make(chan struct{})
	for i := 0; i < int(c.workers); i++ {
		go func(i int) {
			defer c.end(i)
			r, _ := c.work(nil, i)
			select {
			case done <- r:
			case <-closed:
			}
		}(i)
	}
	for i := 0; i < int(c.workers); i++ {
		if r := <-done; r.err != nil {
			c.seen()
			c.raising()
			close(closed)
			return r.err
		}
	}
	return nil
}

func settleAll(c *call) { c.alive.Wait() }

// settleLeak counts the workers that nothing can ever free, and then lets them go. All work is over
// and the caller is gone: whoever hasn't ended, but for those whose report was taken, is blocked.
func settleLeak(c *call) {
	c.working.Wait()
	for int(atomic.LoadInt32(&c.ended)) < c.received {
		runtime.Gosched()
	}
	c.leaked = c.workers - uint32(c.received)
	atomic.StoreUint32(&c.isRescuing, 1)
	for i := uint32(0); i < c.leaked; i++ {
		<-c.done
	}
	c.alive.Wait()
}
