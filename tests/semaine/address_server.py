"""A small server that speaks as the national address service does, well and badly."""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


def feature(latitude=47.6401, longitude=6.8602, *, score=0.96, kind="housenumber", citycode="90010"):
    properties = {
        "label": "1 Rue de l’Usine 90000 Belfort", "score": score, "housenumber": "1", "id": "90010_0620_00001",
        "name": "1 Rue de l’Usine", "postcode": "90000", "citycode": citycode, "city": "Belfort", "type": kind,
        "context": "90, Territoire de Belfort, Bourgogne-Franche-Comté", "importance": 0.6, "_type": "address",
    }  # fmt: skip
    geometry = {"type": "Point", "coordinates": [longitude, latitude]}
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def collection(*features):
    return {"type": "FeatureCollection", "features": list(features), "query": "1 rue de l’usine"}


class AddressServer:
    """What it answers (`status`, `body`, after `delay` seconds), and the questions it was asked."""

    def __init__(self):
        self.status, self.body, self.delay = 200, json.dumps(collection(feature())), 0
        self.asked = []

    def answers(self, *features):
        self.body = json.dumps(collection(*features))


@contextmanager
def address_server():
    state = AddressServer()
    done = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            state.asked.append(
                {name: value[0] for name, value in parse_qs(urlsplit(self.path).query).items()}
            )
            done.wait(state.delay)
            body = state.body if isinstance(state.body, bytes) else state.body.encode()
            try:
                self.send_response(state.status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            except OSError:
                pass  # the client did not wait

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    state.url = f"http://127.0.0.1:{server.server_port}/geocodage/search"
    try:
        yield state
    finally:
        done.set()
        server.shutdown()
        thread.join()
        server.server_close()
