package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"
)

const (
	pingEvery = 5 * time.Second
	replyTime = 30 * time.Second
)

// A frame of the bridge, in either direction.
type frame struct {
	Type         string            `json:"type"`
	Address      string            `json:"address,omitempty"`
	ReplyAddress string            `json:"replyAddress,omitempty"`
	Headers      map[string]string `json:"headers,omitempty"`
	Body         json.RawMessage   `json:"body,omitempty"`
	FailureCode  int               `json:"failureCode,omitempty"`
	Message      string            `json:"message,omitempty"`
}

// Failure is what is replied instead of an answer; Code is what HTTP has as its status.
type Failure struct {
	Code    int
	Message string
}

func (f *Failure) Error() string { return fmt.Sprintf("%d %s", f.Code, f.Message) }

// Handler takes the body of a message, and gives what is replied.
type Handler func(body json.RawMessage) any

// Bus is the event bus over a plain WebSocket. All goroutines may use it.
type Bus struct {
	socket *websocket.Conn
	ctx    context.Context
	end    context.CancelFunc

	mu       sync.Mutex
	asked    int
	replies  map[string]chan frame
	handlers map[string]Handler
}

// Connect opens a connection to the bridge of the Rollcall at a URL.
func Connect(ctx context.Context, url string) (*Bus, error) {
	address := strings.Replace(url, "http", "ws", 1) + "/eventbus/websocket"
	options := &websocket.DialOptions{HTTPHeader: http.Header{}}
	// Who asks, where Rollcall wants to know: a key or a token. No browser can send it like this.
	if token := os.Getenv("ROLLCALL_TOKEN"); token != "" {
		options.HTTPHeader.Set("Authorization", "Bearer "+token)
	}
	socket, _, err := websocket.Dial(ctx, address, options)
	if err != nil {
		return nil, err
	}
	socket.SetReadLimit(16 << 20)
	b := &Bus{socket: socket, replies: map[string]chan frame{}, handlers: map[string]Handler{}}
	b.ctx, b.end = context.WithCancel(ctx)
	go b.receive()
	go b.ping()
	return b, nil
}

// Close ends the connection.
func (b *Bus) Close() error {
	defer b.end()
	return b.socket.Close(websocket.StatusNormalClosure, "")
}

// Request sends a message and decodes its reply; the error is a *Failure where that was replied.
func (b *Bus) Request(address string, body, answer any) (headers map[string]string, err error) {
	encoded, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	reply := make(chan frame, 1)
	b.mu.Lock()
	b.asked++
	replyAddress := "reply-" + strconv.Itoa(b.asked)
	b.replies[replyAddress] = reply
	b.mu.Unlock()
	defer func() {
		b.mu.Lock()
		delete(b.replies, replyAddress)
		b.mu.Unlock()
	}()
	message := frame{Type: "send", Address: address, ReplyAddress: replyAddress, Body: encoded}
	if err := wsjson.Write(b.ctx, b.socket, message); err != nil {
		return nil, err
	}
	select {
	case got := <-reply:
		if got.Type == "err" {
			return nil, &Failure{got.FailureCode, got.Message}
		}
		return got.Headers, json.Unmarshal(got.Body, answer)
	case <-b.ctx.Done():
		return nil, errors.New("the bridge is gone")
	case <-time.After(replyTime):
		return nil, errors.New("no reply in time")
	}
}

// Listen has each message at an address handled, and what the handler gives replied.
func (b *Bus) Listen(address string, handle Handler) error {
	b.mu.Lock()
	b.handlers[address] = handle
	b.mu.Unlock()
	return wsjson.Write(b.ctx, b.socket, frame{Type: "register", Address: address})
}

func (b *Bus) receive() {
	defer b.end()
	for {
		var got frame
		if wsjson.Read(b.ctx, b.socket, &got) != nil {
			return
		}
		b.mu.Lock()
		reply, handle := b.replies[got.Address], b.handlers[got.Address]
		b.mu.Unlock()
		if reply != nil {
			reply <- got
		} else if handle != nil && got.Type == "rec" {
			go b.answer(got, handle)
		}
	}
}

func (b *Bus) answer(question frame, handle Handler) {
	body, err := json.Marshal(handle(question.Body))
	if err == nil && question.ReplyAddress != "" {
		// Where that fails the connection is gone, which is seen by whoever reads from it.
		_ = wsjson.Write(b.ctx, b.socket, frame{Type: "send", Address: question.ReplyAddress, Body: body})
	}
}

func (b *Bus) ping() {
	for wsjson.Write(b.ctx, b.socket, frame{Type: "ping"}) == nil {
		select {
		case <-time.After(pingEvery):
		case <-b.ctx.Done():
			return
		}
	}
}
