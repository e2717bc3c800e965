// Rollcall's users over the bridge: go run . [http://HOST:PORT]
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"os"
	"sync/atomic"
	"time"
)

const nobody = 1<<53 - 1

type body = map[string]any

type user struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

func main() {
	url := "http://127.0.0.1:8080"
	if len(os.Args) > 1 {
		url = os.Args[1]
	}
	if err := run(url); err != nil {
		log.Fatal(err)
	}
}

func run(url string) error {
	bus, err := Connect(context.Background(), url)
	if err != nil {
		return err
	}
	alice, err := createAndRead(bus)
	if err != nil {
		return err
	}
	if err := serveSource(bus, alice); err != nil {
		return err
	}

	changes := make(chan Change, 1000)
	var live atomic.Bool
	follower := &Follower{Take: func(change Change) {
		if live.Load() {
			changes <- change
		}
	}}
	if err := follower.Start(bus); err != nil {
		return err
	}
	live.Store(true)
	fmt.Println("following the changes after", follower.Seen)
	patch := body{"id": alice, "patch": body{"name": "Alice B."}}
	if _, err := bus.Request("rollcall.users.patch", patch, &user{}); err != nil {
		return err
	}
	if err := see(changes, "updated", alice); err != nil {
		return err
	}
	follower.Stop()
	if err := bus.Close(); err != nil {
		return err
	}

	fmt.Println("away")
	if err := meanwhile(url, alice); err != nil {
		return err
	}
	bus, err = Connect(context.Background(), url)
	if err != nil {
		return err
	}
	fmt.Println("back, catching up from", follower.Seen)
	if err := follower.Start(bus); err != nil {
		return err
	}
	if err := see(changes, "deleted", alice); err != nil {
		return err
	}
	fmt.Println("caught up")
	follower.Stop()
	return bus.Close()
}

func createAndRead(bus *Bus) (int64, error) {
	var alice user
	if _, err := bus.Request("rollcall.users.create", body{"name": "Alice"}, &alice); err != nil {
		return 0, err
	}
	fmt.Println("created Alice as user", alice.ID)
	headers, err := bus.Request("rollcall.users.get", body{"id": alice.ID}, &alice)
	if err != nil {
		return 0, err
	}
	fmt.Printf("read %s, etag %s\n", alice.Name, headers["etag"])
	var failure *Failure
	if _, err := bus.Request("rollcall.users.get", body{"id": nobody}, &user{}); errors.As(err, &failure) {
		fmt.Println("failed as expected:", failure)
	} else {
		return 0, fmt.Errorf("a failure was expected, not %v", err)
	}
	return alice.ID, nil
}

// serveSource owns the address of a source, and asks for the view that needs it.
func serveSource(bus *Bus, id int64) error {
	err := bus.Listen("loyalty.by-user", func(question json.RawMessage) any {
		var asked user
		if json.Unmarshal(question, &asked) != nil {
			return nil
		}
		return body{"points": asked.ID * 10}
	})
	if err != nil {
		return err
	}
	var view struct {
		Sources map[string]struct {
			Status string          `json:"status"`
			Value  json.RawMessage `json:"value"`
		} `json:"sources"`
	}
	if _, err := bus.Request("rollcall.views.fetch", body{"id": id, "view": "loyalty"}, &view); err != nil {
		return err
	}
	answer := view.Sources["loyalty"]
	fmt.Printf("view loyalty: %s %s\n", answer.Status, answer.Value)
	return nil
}

// see shows the changes until there is one of that kind.
func see(changes <-chan Change, kind string, id int64) error {
	for {
		select {
		case change := <-changes:
			fmt.Printf("change %d: %s user %d\n", change.Seq, change.Kind, change.ID)
			if change.Kind == kind && change.ID == id {
				return nil
			}
		case <-time.After(30 * time.Second):
			return errors.New("no change was told of")
		}
	}
}

// meanwhile is what somebody else does.
func meanwhile(url string, alice int64) error {
	other, err := Connect(context.Background(), url)
	if err != nil {
		return err
	}
	if _, err := other.Request("rollcall.users.create", body{"name": "Bob"}, &user{}); err != nil {
		return err
	}
	if _, err := other.Request("rollcall.users.delete", body{"id": alice}, &body{}); err != nil {
		return err
	}
	fmt.Println("meanwhile Bob came and Alice left")
	return other.Close()
}
