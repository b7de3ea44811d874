"""Sessions in the database that end: after a time without use, and after a time whatever their use.

An agent's are shorter; to examine, one gives a second factor every twelve hours besides (see `second_factor`). A
session that has ended is read as an empty one, so that what was typed is kept by what keeps it for a visitor.
"""

import time
from datetime import timedelta
from typing import NamedTuple

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.db import OperationalError

BEGAN, SEEN, IS_AGENT = "began", "seen", "is_agent"


class Limits(NamedTuple):
    unused: timedelta
    whole: timedelta


PERSON = Limits(unused=timedelta(days=14), whole=timedelta(days=30))
AGENT = Limits(unused=timedelta(hours=24), whole=timedelta(days=7))
# Use is noted that often: a page that is read writes nothing.
NOTED_EVERY = timedelta(hours=1)


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

    def save(self, must_create=False):
        try:
            super().save(must_create)
        except UpdateError as error:
            # Django takes a database that does not answer for a session that is gone.
            if isinstance(error.__context__, OperationalError):
                raise error.__context__ from None
            raise


def begin(session, user) -> None:
    """Say whose limits hold, for a person who has just signed in."""
    session[IS_AGENT] = user.is_staff


def is_over(data: dict, now: float) -> bool:
    """Has a session of somebody signed in lasted too long? `now`: seconds since 1970."""
    limits = AGENT if data.get(IS_AGENT) else PERSON
    unused, lasted = now - data.get(SEEN, now), now - data.get(BEGAN, now)
    return unused > limits.unused.total_seconds() or lasted > limits.whole.total_seconds()
