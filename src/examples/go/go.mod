module rollcall-example

go 1.23

require (
	github.com/coder/websocket v1.8.15
	github.com/standard-webhooks/standard-webhooks/libraries v0.0.1
)
