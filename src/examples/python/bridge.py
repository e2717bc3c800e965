"""The event bus over a plain WebSocket: JSON frames, as Vert.x' bridge speaks them."""

import asyncio
import json
import os
import sys
import uuid

from websockets.asyncio.client import connect

# Who asks, where Rollcall wants to know: a key or a token.
TOKEN = os.environ.get("ROLLCALL_TOKEN")
PING_SECONDS = 5
REPLY_SECONDS = 30


class Refused(Exception):
    """A failure instead of a reply, with the code that HTTP has as its status."""

    def __init__(self, frame):
        super().__init__(frame.get("message"))
        self.code = frame.get("failureCode")


class Bus:
    """A connection to the bridge: `async with Bus("http://127.0.0.1:8080") as bus`."""

    def __init__(self, url):
        self._url = url.replace("http", "ws", 1) + "/eventbus/websocket"
        self._replies = {}
        self._handlers = {}

    async def __aenter__(self):
        self._socket = await connect(self._url)
        self._receiver = asyncio.create_task(self._receive())
        self._pinger = asyncio.create_task(self._ping())
        return self

    async def __aexit__(self, *_):
        self._pinger.cancel()
        await self._socket.close()
        await self._receiver

    async def request(self, address, body, headers=None):
        """The reply to a message, as (body, headers); raises Refused."""
        reply_address = str(uuid.uuid4())
        reply = self._replies[reply_address] = asyncio.get_running_loop().create_future()
        try:
            await self._send("send", address, body, headers, replyAddress=reply_address)
            return await asyncio.wait_for(reply, REPLY_SECONDS)
        finally:
            del self._replies[reply_address]

    async def listen(self, address, handler):
        """Gives the body of each message at an address to a coroutine, and replies what it returns."""
        self._handlers[address] = handler
        await self._send("register", address)

    async def _send(self, kind, address, body=None, headers=None, **more):
        said = {"authorization": f"Bearer {TOKEN}"} if TOKEN else {}
        frame = {"type": kind, "address": address, "headers": said | (headers or {}), "body": body}
        await self._socket.send(json.dumps(frame | more))

    async def _receive(self):
        try:
            async with asyncio.TaskGroup() as handling:
                async for text in self._socket:
                    frame = json.loads(text)
                    address = frame.get("address")
                    if address in self._replies:
                        self._answered(self._replies[address], frame)
                    elif address in self._handlers and frame["type"] == "rec":
                        handling.create_task(self._handle(frame))
                    elif frame["type"] == "err":
                        print("the bridge says:", text, file=sys.stderr)
        finally:
            for reply in self._replies.values():
                if not reply.done():
                    reply.set_exception(ConnectionError("the bridge is gone"))

    @staticmethod
    def _answered(reply, frame):
        if frame["type"] == "err":
            reply.set_exception(Refused(frame))
        else:
            reply.set_result((frame.get("body"), frame.get("headers", {})))

    async def _handle(self, frame):
        answer = await self._handlers[frame["address"]](frame.get("body"))
        if "replyAddress" in frame:
            await self._send("send", frame["replyAddress"], answer)

    async def _ping(self):
        while True:
            await self._socket.send('{"type":"ping"}')
            await asyncio.sleep(PING_SECONDS)
