"""What the site asks of services outside: the one door, for it must not be turned against the network it stands in.

Only addresses that the operator has configured are asked, or that a configured service names of itself, never one that
a visitor typed. Even so a name may come to lead elsewhere: the machine that was really reached is looked at before a
word is said to it, and one that is not of the public internet is left, unless the operator has named it with its port
(`OUTGOING_INTERNAL`), as one does who runs such a service inside. Redirections are not followed. Time and size are
bounded, whatever the other side does.
"""

import time
from io import BytesIO
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import NamedTuple

import requests
from django.conf import settings
from requests.adapters import HTTPAdapter
from requests.structures import CaseInsensitiveDict
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

AGENT = "semaine-industrie"
PIECE = 1 << 16
# An IPv4 address written as an IPv6 one for a translator (RFC 6052).
TRANSLATED = IPv6Network("64:ff9b::/96")


class Unanswered(requests.RequestException):
    """No answer, or none that may be read: unreachable, forbidden, too slow or too long."""


class TooMuch(Unanswered):
    """An answer without end, in bytes or in time."""


class Answer(NamedTuple):
    status: int
    headers: CaseInsensitiveDict
    body: bytes


def get(url: str, parameters=(), *, headers=None, seconds: float, at_most: int) -> Answer:
    """Ask an address of a configured service, and return its whole answer, whatever its status.

    `seconds`: for all of it; `at_most`: bytes, once decompressed. Raises `Unanswered`.
    """
    with Session(seconds=seconds, at_most=at_most) as session:
        response = session.get(url, params=parameters, headers=headers)
        return Answer(response.status_code, response.headers, response.content)


class Session(requests.Session):
    """The door as a library of others wants it, which asks by a session of its own.

    `seconds`, `at_most`: bounds of each answer, as for `get`. Every request raises `Unanswered` and nothing else.
    """

    def __init__(self, *, seconds: float, at_most: int):
        super().__init__()
        self.seconds, self.at_most = seconds, at_most
        # No proxy, name or password of this machine's environment.
        self.trust_env = False
        self.headers["User-Agent"] = AGENT
        for scheme in ("http://", "https://"):
            self.mount(scheme, _Adapter(max_retries=0))

    def request(self, method, url, **options) -> requests.Response:
        until = time.monotonic() + self.seconds
        bounds = {"timeout": self.seconds, "stream": True, "allow_redirects": False}
        try:
            with super().request(method, url, **options | bounds) as response:
                body = _body(response, until, self.at_most)
        except Unanswered:
            raise
        except (requests.RequestException, HTTPError, OSError, ValueError) as error:
            raise Unanswered(f"{type(error).__name__}: {error}") from error
        # Read whole and decompressed: what asks for the content finds it here.
        response.raw = BytesIO(body)
        return response


def _body(response: requests.Response, until: float, at_most: int) -> bytes:
    body = b""
    # One read of the socket at a time, so that an answer in drops is cut short as well.
    while part := response.raw.read1(PIECE, decode_content=True):
        body += part
        if len(body) > at_most or time.monotonic() > until:
            raise TooMuch(f"too long or too slow after {len(body)} bytes")
    return body


def is_public(address: str) -> bool:
    """Is an IP address, as a socket tells it, of the public internet? This machine's own is, where settings say so."""
    reached = ip_address(address.partition("%")[0])
    inner = _inner(reached) if isinstance(reached, IPv6Address) else None
    true = inner or reached
    return settings.OUTGOING_LOOPBACK if true.is_loopback else true.is_global and not true.is_multicast


def _inner(reached: IPv6Address) -> IPv4Address | None:
    """Return the IPv4 address that an IPv6 one stands for."""
    if reached in TRANSLATED:
        return IPv4Address(int(reached) & 0xFFFFFFFF)
    return reached.ipv4_mapped or reached.sixtofour or (reached.teredo or (None, None))[1]


class _Looking:
    """A connection that looks at which machine it has reached."""

    def _new_conn(self):
        reached = super()._new_conn()
        address, port = reached.getpeername()[:2]
        if not is_public(address) and f"{address}:{port}" not in settings.OUTGOING_INTERNAL:
            reached.close()
            raise OSError(f"{self.host} leads to {address}, which is not of the public internet")
        return reached


class _Http(_Looking, HTTPConnection):
    pass


class _Https(_Looking, HTTPSConnection):
    pass


class _HttpPool(HTTPConnectionPool):
    ConnectionCls = _Http


class _HttpsPool(HTTPSConnectionPool):
    ConnectionCls = _Https


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *args, **kwargs):
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _HttpPool, "https": _HttpsPool}
