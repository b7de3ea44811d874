"""The settings of the tests: the real services in a folder of their own, and what the tests watch for."""

import os
import sys
from pathlib import Path

os.environ.setdefault("SEMAINE_DATA", str(Path(__file__).parent.parent / ".data" / "test"))

from semaine.settings import *  # noqa: F403
from semaine.settings import BASE_DIR, DATABASES, MIDDLEWARE, REDIS_URL, STORAGES, TEMPLATES

SITE_URL = "http://testserver"
ALLOWED_HOSTS = ["*"]
# Hashing is slow on purpose; the tests need no protection from a thief.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# The small servers of the tests are on this machine.
OUTGOING_LOOPBACK = True
# Nobody listens there: the register is away, unless a test starts one.
COMPANY_REGISTER_URL = "http://127.0.0.1:9"
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
ACCOUNT_RATE_LIMITS = {}
# One address, that of all tests, asks for hundreds of files.
FILES_PER_MINUTE = 10_000
# No test asks a service of elsewhere; those about it name a small server of their own.
GEOCODER_URL = ""
# A database of Redis for each process: emptying the cache of one leaves the others'.
_WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 7
CACHES = {
    "default": {
        "BACKEND": "semaine.caching.ForgivingRedisCache",
        "LOCATION": f"{REDIS_URL.split('?')[0]}?db={_WORKER + 1}",
    }
}
# A live server serves static files from where they lie; one test collects them as production does.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
MIDDLEWARE.remove("whitenoise.middleware.WhiteNoiseMiddleware")
DATABASES["default"]["CONN_MAX_AGE"] = 0
OURS = str(BASE_DIR / "templates")


class UndefinedVariable(str):
    """A template of ours that prints a variable nobody gave fails; Django's own templates may."""

    def __contains__(self, text):
        return text == "%s"

    def __mod__(self, variable):
        frame = sys._getframe()
        while frame := frame.f_back:
            origin = getattr(frame.f_locals.get("self"), "origin", None)
            if origin and str(origin.name).startswith(OURS):
                raise AssertionError(f"{origin.name}: undefined variable “{variable}”")
        return ""


TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = UndefinedVariable("%s")
