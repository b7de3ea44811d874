"""The least that a web server can be asked to run."""

import semaine.wsgi  # noqa: F401 - the server's configuration wants the site loaded


def application(environ, start_response):
    body = b"Bonjour"
    start_response("200 OK", [("Content-Type", "text/html"), ("Content-Length", f"{len(body)}")])
    return [body]
