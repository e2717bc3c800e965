"""A source of users for views and imports: an answer for most ids, a 404 for one in eleven."""

import http.server
import json
import re


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        match = re.fullmatch(r"/(\d+)", self.path)
        number = int(match.group(1)) if match else 10
        found = number % 11 != 10
        answer = {"id": number, "name": f"U{number}", "balance": number % 7}
        body = json.dumps(answer).encode() if found else b""
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(f"Ready at {server.server_port}", flush=True)
server.serve_forever()
