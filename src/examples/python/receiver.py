"""Receives webhooks of Rollcall: WEBHOOK_SECRET=whsec_… receiver.py [PORT]"""

import os
import sys
import threading
import traceback
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from standardwebhooks import Webhook, WebhookVerificationError

MOST_BYTES = 1 << 20

webhook = Webhook(os.environ.get("WEBHOOK_SECRET", ""))

# The newest change of each user that was worked at. A real service stores it with what it makes of
# the change, in one transaction.
newest = {}
taking = threading.Lock()


def take(webhook_id, message):
    """What is done for a change. Changes of one user come in order, so an old one was here before."""
    data = message["data"]
    if message["type"] == "webhook.test":
        print("a test", flush=True)
    elif data["seq"] <= newest.get(data["id"], 0):
        print(f"{webhook_id} again", flush=True)
    else:
        print(f"{webhook_id}: {data['kind']} user {data['id']}", flush=True)
        newest[data["id"]] = data["seq"]


class Receiver(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30  # In seconds, for what a connection is to send.

    def do_POST(self):
        """Any 2xx says that the change was taken; after anything else it comes again."""
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal():
            return self._answer(411)
        if int(length) > MOST_BYTES:
            return self._answer(413)
        try:
            # The body as it came, since that is what was signed.
            message = webhook.verify(self.rfile.read(int(length)), dict(self.headers))
        except (WebhookVerificationError, ValueError) as fault:
            print(f"refused: {fault}", flush=True)
            return self._answer(401)
        try:
            with taking:
                take(self.headers["webhook-id"], message)
        except Exception:
            traceback.print_exc()
            return self._answer(500)
        self._answer(204)

    def _answer(self, status):
        self.send_response(status)
        if status != 204:
            self.send_header("Content-Length", "0")
        if status in (411, 413):
            self.send_header("Connection", "close")  # What it sent is not read.
        self.end_headers()

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 9000
    with ThreadingHTTPServer(("127.0.0.1", port), Receiver) as server:
        print(f"receiving at http://127.0.0.1:{server.server_port}", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            pass
