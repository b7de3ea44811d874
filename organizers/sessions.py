"""Sessions in the database that end: after a time without use, and after a time whatever their use.

An agent's are shorter; to examine, one gives a second factor every twelve hours besides (see `second_factor`). A
session that has ended is read as an empty one, so that what was typed is kept by what keeps it for a visitor.
"""

import time
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.models import Session
from django.db import OperationalError

from organizers.models import OpenSession
from organizers.querysets import OpenSessionQuerySet
from semaine.dates import HOME_ZONE, day_words, hour_words, local, today

BEGAN, SEEN, IS_AGENT = "began", "seen", "is_agent"


class Limits(NamedTuple):
    unused: timedelta
    whole: timedelta


PERSON = Limits(unused=timedelta(days=14), whole=timedelta(days=30))
AGENT = Limits(unused=timedelta(hours=24), whole=timedelta(days=7))
# The first that is named: each browser says that it is the older ones, too.
BROWSERS = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS X", "Mac"),
    ("CrOS", "Chromebook"), ("Linux", "Linux"),
)  # fmt: skip
# Use is noted that often: a page that is read writes nothing.
NOTED_EVERY = timedelta(hours=1)


class Connection(NamedTuple):
    """Where a person is signed in. `device`: « Firefox sur Windows »; `seen_at` is an hour late at most."""

    pk: int
    device: str
    began_at: datetime
    seen_at: datetime
    is_here: bool

    @property
    def began(self) -> str:
        """Return « 1er octobre 2025 à 10 h 01 »."""
        there = local(self.began_at, HOME_ZONE)
        return f"{day_words(there.date(), weekday=False, year=True)} à {hour_words(there)}"

    @property
    def seen(self) -> str:
        return day_words(today(self.seen_at), weekday=False, year=True)


class SessionStore(db.SessionStore):
    def __setitem__(self, key, value):
        super().__setitem__(key, value)
        if key == SESSION_KEY:
            # However one has signed in.
            now = time.time()
            self.update({BEGAN: now, SEEN: now})

    def load(self):
        data = super().load()
        if SESSION_KEY not in data:
            return data
        now = time.time()
        if is_over(data, now):
            self.delete(self.session_key)
            self._session_key = None
            return {}
        if now - data.get(SEEN, 0) > NOTED_EVERY.total_seconds():
            data |= {BEGAN: data.get(BEGAN, now), SEEN: now}
            self.modified = True
        return data

    def cycle_key(self):
        # The row of the old key goes, and what hangs on it; whose session it is goes on.
        old = self.session_key
        mine = OpenSession.objects.filter(session=old).first() if old else None
        super().cycle_key()
        if mine:
            OpenSession.objects.create(
                session_id=self.session_key, user_id=mine.user_id, device=mine.device, began_at=mine.began_at
            )

    def save(self, must_create=False):
        try:
            super().save(must_create)
        except UpdateError as error:
            # Django takes a database that does not answer for a session that is gone.
            if isinstance(error.__context__, OperationalError):
                raise error.__context__ from None
            raise


def begin(request, user, *, at: datetime) -> None:
    """Say whose limits hold, and whose the session is, for a person who has just signed in."""
    session = request.session
    session[IS_AGENT] = user.is_staff
    if not session.session_key:
        session.create()
    known = {"user": user, "device": device_words(request.headers.get("User-Agent", "")), "began_at": at}
    OpenSession.objects.update_or_create(session_id=session.session_key, defaults=known)


def connections(user, *, here: str, at: datetime) -> list[Connection]:
    """Return where a person is signed in, the latest first. One query. `here`: the key of the session at hand."""
    found, now = [], at.timestamp()
    for each in user.open_sessions.standing(at):
        data = each.session.get_decoded()
        if SESSION_KEY in data and not is_over(data, now):
            seen = datetime.fromtimestamp(data.get(SEEN, each.began_at.timestamp()), UTC)
            found.append(Connection(each.pk, each.device, each.began_at, seen, each.session_id == here))
    return found


def end(opened: OpenSessionQuerySet) -> int:
    """End sessions, and return how many there were."""
    keys = list(opened.values_list("session", flat=True))
    Session.objects.filter(pk__in=keys).delete()
    return len(keys)


def device_words(user_agent: str) -> str:
    """Return « Firefox sur Windows » for what a browser says of itself."""
    browser = next((name for mark, name in BROWSERS if mark in user_agent), "Un navigateur")
    system = next((name for mark, name in SYSTEMS if mark in user_agent), "un appareil inconnu")
    return f"{browser} sur {system}"


def is_over(data: dict, now: float) -> bool:
    """Has a session of somebody signed in lasted too long? `now`: seconds since 1970."""
    limits = AGENT if data.get(IS_AGENT) else PERSON
    unused, lasted = now - data.get(SEEN, now), now - data.get(BEGAN, now)
    return unused > limits.unused.total_seconds() or lasted > limits.whole.total_seconds()
