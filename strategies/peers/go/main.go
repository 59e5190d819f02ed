// Peers in Go, as a child of Quench's: see docs/child-peers.md.
package main

import (
	"fmt"
	"os"
	"runtime"
)

type peer struct {
	name, summary, library, version, licence string
	flags, reach                             string
	call                                     func(*call) error
	settle                                   func(*call)
}

const (
	goLicence    = "BSD-3-Clause"
	errgroupPart = "golang.org/x/sync/errgroup"
)

var peers = []peer{
	{"go-errgroup", "errgroup.WithContext, SetLimit(P); workers look at ctx.Err()", errgroupPart, errgroupVersion, goLicence,
		"stops-running,skips-queued,waits-all,first-by-time", "ctx.Err(); kind wait: ctx.Done()", errgroupCall, settleAll},
	{"go-leak", "the first listing in Go: an unbuffered channel, returns at the first error", "Go", "", goLicence,
		"leaks,first-by-time", "not at all", leakCall, settleLeak},
	{"go-buffered", "scheme 1 in Go: the channel has room for every report", "Go", "", goLicence,
		"first-by-time", "not at all", bufferedCall, settleAll},
	{"go-drain", "scheme 2 in Go: the caller takes every report", "Go", "", goLicence,
		"waits-all,first-by-time", "not at all", drainCall, settleAll},
	{"go-close", "scheme 3 in Go: a closed channel frees those who wait to report", "Go", "", goLicence,
		"first-by-time", "close(closed), which work doesn't look at", closeCall, settleAll},
}

var errgroupVersion = "unknown" // set by the build: of Debian's package

func describe() {
	fmt.Printf("abi=%d\n", abi)
	for _, p := range peers {
		version := runtime.Version()[len("go"):]
		if p.version != "" {
			version = p.version + ", Go " + version
		}
		fmt.Printf("peer=%s\nsummary=%s\nlibrary=%s\nversion=%s\nlicence=%s\nflags=%s\nreach=%s\nkinds=cpu,wait,deaf\nenv=GOMAXPROCS=%%P\n",
			p.name, p.summary, p.library, version, p.licence, p.flags, p.reach)
	}
}

// once runs a call and waits until nothing of it is left.
func (p *peer) once(h *header, tasks []task, rows []row) {
	c := &call{header: h, tasks: tasks, rows: rows}
	c.working.Add(int(h.workers))
	c.alive.Add(int(h.workers))
	h.t0 = now()
	err := p.call(c)
	h.returnAt = now()
	h.returned = -1
	if of, isWorkers := err.(workerError); isWorkers {
		h.returned = int32(of)
	} else if err != nil {
		h.returned = -2
	}
	p.settle(c)
	if h.leaked == 0 {
		h.settleAt = now()
	}
}

func (p *peer) run() error {
	h, tasks, rows, err := share()
	if err != nil {
		return err
	}
	h.calibrate()
	say(sayReady, abi)
	for {
		m := hear()
		switch m.what {
		case sayCall:
			if h.kind > kindDeaf {
				return fmt.Errorf("kind %d is none of version %d", h.kind, abi)
			}
			p.once(h, tasks, rows)
			say(sayDone, m.number)
		case sayMeasure:
			h.measure()
			say(sayMeasured, 0)
		case sayBye:
			return nil
		default:
			return fmt.Errorf("message %d is none of version %d", m.what, abi)
		}
	}
}

func main() {
	if len(os.Args) == 2 && os.Args[1] == "describe" {
		describe()
		return
	}
	for i := range peers {
		if len(os.Args) == 3 && os.Args[1] == "run" && os.Args[2] == peers[i].name {
			if err := peers[i].run(); err != nil {
				fmt.Fprintln(os.Stderr, err)
				os.Exit(3)
			}
			return
		}
	}
	fmt.Fprintf(os.Stderr, "usage: %s describe | run NAME\n", os.Args[0])
	os.Exit(2)
}
