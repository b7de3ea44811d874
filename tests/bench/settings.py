"""The site's own settings, with a page that says hello; and, when asked, without anything kept."""

import os

from semaine.settings import *  # noqa: F403

ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "tests.bench.urls"
# The same address asks again and again, on purpose.
FILES_PER_MINUTE = 10**9
API_LIMITS = dict.fromkeys(("read", "check", "write"), 10**9)
if os.environ.get("BENCH_KEEPS_NOTHING"):
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
