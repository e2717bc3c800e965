package main

import (
	"encoding/json"
	"log"
	"time"
)

const pollEvery = 5 * time.Second

// Change is one of the feed.
type Change struct {
	Seq  int64  `json:"seq"`
	Kind string `json:"kind"`
	ID   int64  `json:"id"`
}

// Follower sees every change of the users once, in order. What is published is only a hint.
type Follower struct {
	// Seen is the last change that was seen. A real service stores it with what it makes of them.
	Seen int64
	Take func(Change)

	stop    chan struct{}
	stopped chan struct{}
}

// Start listens first and then reads, so that nothing falls between; it returns when caught up.
func (f *Follower) Start(bus *Bus) error {
	hints := make(chan struct{}, 1)
	hinted := func(json.RawMessage) any {
		select {
		case hints <- struct{}{}:
		default: // One that waits stands for all.
		}
		return nil
	}
	if err := bus.Listen("rollcall.users.changed", hinted); err != nil {
		return err
	}
	if err := f.read(bus); err != nil {
		return err
	}
	f.stop, f.stopped = make(chan struct{}), make(chan struct{})
	go f.follow(bus, hints)
	return nil
}

// Stop ends it; Seen is where it goes on.
func (f *Follower) Stop() {
	close(f.stop)
	<-f.stopped
}

func (f *Follower) follow(bus *Bus, hints <-chan struct{}) {
	defer close(f.stopped)
	for {
		select {
		case <-hints:
		case <-time.After(pollEvery): // A hint may be lost.
		case <-f.stop:
			return
		}
		if err := f.read(bus); err != nil {
			log.Printf("%v; trying again", err)
		}
	}
}

func (f *Follower) read(bus *Bus) error {
	for {
		var page struct {
			Items []Change `json:"items"`
			Next  int64    `json:"next"`
		}
		if _, err := bus.Request("rollcall.users.changes", map[string]any{"after": f.Seen}, &page); err != nil {
			return err
		}
		for _, change := range page.Items {
			f.Take(change)
		}
		f.Seen = page.Next
		if len(page.Items) == 0 {
			return nil
		}
	}
}
