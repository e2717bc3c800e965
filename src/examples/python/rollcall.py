"""Rollcall's users over the bridge: rollcall.py [http://HOST:PORT]"""

import asyncio
import json
import sys

from bridge import Bus, Refused
from follower import Follower

URL = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8080"
NOBODY = 2**53 - 1


async def create_and_read(bus):
    alice, _ = await bus.request("rollcall.users.create", {"name": "Alice"})
    print(f"created Alice as user {alice['id']}")
    user, headers = await bus.request("rollcall.users.get", {"id": alice["id"]})
    print(f"read {user['name']}, etag {headers['etag']}")
    try:
        await bus.request("rollcall.users.get", {"id": NOBODY})
    except Refused as failure:
        print(f"failed as expected: {failure.code} {failure}")
    return alice["id"]


async def loyalty(question):
    """What a source is asked, and what it answers."""
    return {"points": question["id"] * 10}


async def serve_source(bus, user):
    """Owns the address of a source, and asks for the view that needs it."""
    await bus.listen("loyalty.by-user", loyalty)
    view, _ = await bus.request("rollcall.views.fetch", {"id": user, "view": "loyalty"})
    answer = view["sources"]["loyalty"]
    print(f"view loyalty: {answer['status']} {json.dumps(answer['value'])}")


async def main():
    changes = asyncio.Queue()
    follower = Follower(changes.put_nowait)

    async def see(kind, user):
        """Shows the changes until there is one of that kind."""
        while True:
            change = await asyncio.wait_for(changes.get(), 30)
            print(f"change {change['seq']}: {change['kind']} user {change['id']}")
            if (change["kind"], change["id"]) == (kind, user):
                return

    async with Bus(URL) as bus:
        alice = await create_and_read(bus)
        await serve_source(bus, alice)
        await follower.start(bus)
        while not changes.empty():
            changes.get_nowait()
        print(f"following the changes after {follower.seen}")
        await bus.request("rollcall.users.patch", {"id": alice, "patch": {"name": "Alice B."}})
        await see("updated", alice)
        follower.stop()

    print("away")
    async with Bus(URL) as other:
        await other.request("rollcall.users.create", {"name": "Bob"})
        await other.request("rollcall.users.delete", {"id": alice})
    print("meanwhile Bob came and Alice left")

    async with Bus(URL) as bus:
        print(f"back, catching up from {follower.seen}")
        await follower.start(bus)
        await see("deleted", alice)
        print("caught up")
        follower.stop()


asyncio.run(main())
