"""What the processes tell: one JSON object per line, each with its request's number, and nobody's data.

Never in a line: the address of a page with its parameters (only the name of its view), an e-mail or network address,
the values that the database quotes in an error. `LOG_FORMAT=text` writes sentences instead, for somebody at a terminal.
"""

import json
import logging
import re
import time
import uuid
from contextvars import ContextVar
from datetime import UTC, datetime

from celery import current_task

# What the proxy may give as a request's number: a UUID, nginx's $request_id, a trace of W3C.
GIVEN = re.compile(r"[A-Za-z0-9-]{16,64}")
MAIL = re.compile(r"[\w.!#$%&*+/^~-]+(?:'[\w.+-]+)*@[\w-]+(?:\.[\w-]+)*")
NETWORK = re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b|\b(?:[0-9a-fA-F]{1,4}:){3,7}[0-9a-fA-F:]+")
# PostgreSQL shows the whole row after these words.
QUOTED_ROW = re.compile(r"(DETAIL|CONTEXT|DÉTAIL|CONTEXTE) ?:.*")
PARAMETERS = re.compile(r"\?[^\s\"'<>]*=[^\s\"'<>]*")

request_id: ContextVar[str] = ContextVar("request_id", default="")
requests = logging.getLogger("semaine.requests")


def without_people(text: str) -> str:
    """Return a text without e-mail and network addresses, parameters of pages and rows of the database."""
    for pattern, word in (
        (QUOTED_ROW, r"\1: …"),
        (PARAMETERS, "?…"),
        (MAIL, "<courriel>"),
        (NETWORK, "<adresse>"),
    ):
        text = pattern.sub(word, text)
    return text


def view_of(request) -> str:
    """Return the name of the view that answers: an address can hold a key that opens an account."""
    match = getattr(request, "resolver_match", None)
    return (match.view_name or match.route) if match else ""


class JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": self._message(record),
            "request": request_id.get(),
            "task": current_task.name if current_task else "",
            **getattr(record, "facts", {}),
        }
        if record.exc_info:
            line["trace"] = without_people(self.formatException(record.exc_info))
        return json.dumps({name: value for name, value in line.items() if value != ""}, ensure_ascii=False)

    def _message(self, record: logging.LogRecord) -> str:
        # Django's own lines on a request quote its path.
        if request := getattr(record, "request", None):
            return f"{getattr(record, 'status_code', '')} {view_of(request)}".strip()
        return without_people(record.getMessage())


def configuration(form: str, level: str) -> dict:
    """Return the logging of a process, for `logging.config.dictConfig`; `form` is json or text."""
    handlers = {"console": {"class": "logging.StreamHandler"}}
    if form == "json":
        handlers["console"]["formatter"] = "json"
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": JsonLines}},
        "handlers": handlers,
        "root": {"handlers": ["console"], "level": level},
        # A line per request, whatever the level of the rest; at a terminal it would hide everything else.
        "loggers": {
            "semaine.requests": {"level": "INFO" if form == "json" else "WARNING"},
            # Gunicorn gives it a handler of its own, in another form; what it says of requests holds addresses.
            "gunicorn.error": {"handlers": [], "propagate": True},
            "gunicorn.access": {"handlers": [], "level": "CRITICAL"},
            # Django's own mails errors to administrators, and shows them at a terminal in DEBUG.
            "django": {"handlers": [], "propagate": True},
        },
    }


def numbered(get_response):
    """Give each request a number, the proxy's if it gave a fit one, and write a line when it is answered."""

    def middleware(request):
        given = request.headers.get("X-Request-ID", "")
        number = given if GIVEN.fullmatch(given) else uuid.uuid4().hex
        token = request_id.set(number)
        started = time.perf_counter()
        try:
            response = get_response(request)
            milliseconds = round(1000 * (time.perf_counter() - started), 1)
            facts = {"method": request.method, "view": view_of(request), "status": response.status_code}
            requests.info("answered", extra={"facts": facts | {"milliseconds": milliseconds}})
        finally:
            request_id.reset(token)
        response["X-Request-ID"] = number
        return response

    return middleware
