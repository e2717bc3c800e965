"""Follows the changes of users with a cursor that Rollcall keeps: cursor.py NAME [http://HOST:PORT]

It needs Python's own library alone. Where callers must say who they are, ROLLCALL_TOKEN has a key or
token with the scopes webhooks and users:read.
"""

import json
import os
import sys
import time
import urllib.error
import urllib.request

WAIT_SECONDS = 20


class Cursor:
    def __init__(self, base, name):
        self._url = f"{base}/followers/{name}"

    def open(self):
        """Makes the follower behind the newest change; one that is there stays where it is."""
        return self._call("PUT", "", {})

    def changes(self):
        """The first changes that are not confirmed; waits for one where there is none."""
        return self._call("GET", f"/changes?limit=100&wait={WAIT_SECONDS}")

    def confirm(self, seq):
        self._call("POST", "/position", {"seq": seq})

    def _call(self, method, path, body=None):
        headers = {"Content-Type": "application/json"} if body is not None else {}
        if token := os.environ.get("ROLLCALL_TOKEN"):
            headers["Authorization"] = f"Bearer {token}"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self._url + path, data, headers, method=method)
        with urllib.request.urlopen(request, timeout=WAIT_SECONDS + 10) as answer:
            return json.load(answer)


def take(change):
    """What is done for a change. It bears being done twice: its seq tells what it was."""
    print(f"change {change['seq']}: {change['kind']} user {change['id']}", flush=True)


def follow(cursor):
    print(f"following behind {cursor.open()['position']}", flush=True)
    while True:
        try:
            page = cursor.changes()
            for change in page["items"]:
                take(change)
            if page["items"]:
                cursor.confirm(page["next"])
        except urllib.error.HTTPError as fault:
            if fault.code == 410:
                sys.exit("changes are gone: begin again with GET /users/export, and put the follower"
                         " behind its Rollcall-Changes-After")
            if fault.code not in (429, 503):
                raise
            time.sleep(float(fault.headers.get("Retry-After", 1)))
        except (urllib.error.URLError, TimeoutError, ConnectionError) as fault:
            print(f"{fault}; trying again", file=sys.stderr)
            time.sleep(1)


if __name__ == "__main__":
    base = sys.argv[2] if len(sys.argv) > 2 else "http://127.0.0.1:8080"
    try:
        follow(Cursor(base, sys.argv[1] if len(sys.argv) > 1 else "example"))
    except KeyboardInterrupt:
        pass
