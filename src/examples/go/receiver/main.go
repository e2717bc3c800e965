// Receives webhooks of Rollcall: WEBHOOK_SECRET=whsec_… go run ./receiver [PORT]
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"sync"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

const mostBytes = 1 << 20

type message struct {
	Type string `json:"type"`
	Data struct {
		Seq  int64  `json:"seq"`
		Kind string `json:"kind"`
		ID   int64  `json:"id"`
	} `json:"data"`
}

type receiver struct {
	webhook *standardwebhooks.Webhook

	mu sync.Mutex
	// The newest change of each user that was worked at. A real service stores it with what it makes
	// of the change, in one transaction.
	newest map[int64]int64
}

// take is what is done for a change. Changes of one user come in order, so an old one was here before.
func (r *receiver) take(id string, m message) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case m.Type == "webhook.test":
		fmt.Println("a test")
	case m.Data.Seq <= r.newest[m.Data.ID]:
		fmt.Println(id, "again")
	default:
		fmt.Printf("%s: %s user %d\n", id, m.Data.Kind, m.Data.ID)
		r.newest[m.Data.ID] = m.Data.Seq
	}
}

// ServeHTTP answers 2xx where the change was taken; after anything else it comes again.
func (r *receiver) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	if request.Method != http.MethodPost {
		w.WriteHeader(http.StatusMethodNotAllowed)
		return
	}
	// The body as it came, since that is what was signed.
	body, err := io.ReadAll(http.MaxBytesReader(w, request.Body, mostBytes))
	if err != nil {
		w.WriteHeader(http.StatusRequestEntityTooLarge)
		return
	}
	if err := r.webhook.Verify(body, request.Header); err != nil {
		fmt.Println("refused:", err)
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	var m message
	if err := json.Unmarshal(body, &m); err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	r.take(request.Header.Get("webhook-id"), m)
	w.WriteHeader(http.StatusNoContent)
}

func main() {
	secret := os.Getenv("WEBHOOK_SECRET")
	webhook, err := standardwebhooks.NewWebhook(secret)
	if err != nil || secret == "" { // The library would take an empty one.
		log.Fatal("WEBHOOK_SECRET is not a secret")
	}
	port := "9000"
	if len(os.Args) > 1 {
		port = os.Args[1]
	}
	listener, err := net.Listen("tcp", "127.0.0.1:"+port)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("receiving at http://%s\n", listener.Addr())
	server := &http.Server{
		Handler:     &receiver{webhook: webhook, newest: map[int64]int64{}},
		ReadTimeout: 30 * time.Second,
	}
	log.Fatal(server.Serve(listener))
}
