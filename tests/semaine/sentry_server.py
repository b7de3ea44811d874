"""A small server that takes what Sentry's client sends: envelopes, a line of JSON per header and item."""

import gzip
import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@contextmanager
def sentry_server():
    """Yield an address for `SENTRY_DSN` and the list of the events received there."""
    events = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            events.extend(_events(body))
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *args):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://cle@127.0.0.1:{server.server_port}/1", events
        finally:
            server.shutdown()
            thread.join()


def _events(body: bytes) -> list[dict]:
    """Return the events of an envelope: its header, then items, each a header with its length and the content."""
    found, rest = [], body.split(b"\n", 1)[1]
    while rest.strip():
        header, rest = rest.split(b"\n", 1)
        header = json.loads(header)
        length = header.get("length", rest.find(b"\n"))
        if header["type"] == "event":
            found.append(json.loads(rest[:length]))
        rest = rest[length + 1 :]
    return found
