"""Sees every change of the users once, in order. What is published is only a hint."""

import asyncio
import sys

from bridge import Refused

POLL_SECONDS = 5


class Follower:
    def __init__(self, take):
        # The last change that was seen. A real service stores it with what it makes of the changes.
        self.seen = 0
        self._take = take
        self._hint = asyncio.Event()

    async def start(self, bus):
        """Listens first and then reads, so that nothing falls between; returns when caught up."""
        await bus.listen("rollcall.users.changed", self._hinted)
        await self._read(bus)
        self._task = asyncio.create_task(self._follow(bus))

    def stop(self):
        self._task.cancel()

    async def _hinted(self, _):
        self._hint.set()

    async def _follow(self, bus):
        while True:
            try:
                # A hint may be lost.
                await asyncio.wait_for(self._hint.wait(), POLL_SECONDS)
            except TimeoutError:
                pass
            # Cleared before the feed is read: a hint that comes meanwhile has it read once more.
            self._hint.clear()
            try:
                await self._read(bus)
            except (Refused, TimeoutError) as fault:
                print(f"{fault}; trying again", file=sys.stderr)

    async def _read(self, bus):
        while True:
            page, _ = await bus.request("rollcall.users.changes", {"after": self.seen})
            for change in page["items"]:
                self._take(change)
            self.seen = page["next"]
            if not page["items"]:
                return
