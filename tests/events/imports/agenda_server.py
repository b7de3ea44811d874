"""A small server that gives an agenda page by page as OpenAgenda does, and sometimes does not answer at once."""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


class AgendaServer:
    """`events`: what it has; `stumbles`: (status, headers) to give first; `asked`: the questions, with their key."""

    def __init__(self, events: list, size: int):
        self.events, self.size = events, size
        self.stumbles, self.asked = [], []
        self.url = ""

    def page(self, after: list[str]) -> dict:
        start = int(after[0]) if after else 0
        # As OpenAgenda may: there is always a next page.
        following = [start + self.size, "0"]
        return {
            "total": len(self.events),
            "events": self.events[start : start + self.size],
            "after": following,
        }


@contextmanager
def agenda_server(events: list, size: int = 2):
    state = AgendaServer(events, size)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            query = parse_qs(urlsplit(self.path).query)
            state.asked.append(query | {"key": self.headers.get("key")})
            status, headers = state.stumbles.pop(0) if state.stumbles else (200, {})
            body = json.dumps(state.page(query.get("after[]", []))).encode()
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    state.origin = f"http://127.0.0.1:{server.server_port}"
    state.url = f"{state.origin}/v2/agendas/9464342/events"
    try:
        yield state
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
