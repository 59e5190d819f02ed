package main

import (
	"context"

	"golang.org/x/sync/errgroup"
)

// errgroupCall: the group's context is cancelled by the first worker that returns an error; Wait
// returns that error when all workers have returned.
func errgroupCall(c *call) error {
	g, ctx := errgroup.WithContext(context.Background())
	g.SetLimit(int(c.threads))
	for i := 0; i < int(c.workers); i++ {
		i := i
		g.Go(func() error {
			defer c.end(i)
			_, err := c.work(ctx, i)
			if _, isWorkers := err.(workerError); isWorkers {
				c.raising()
			}
			return err
		})
	}
	err := g.Wait()
	if err != nil {
		c.seen()
	}
	return err
}
