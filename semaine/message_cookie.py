"""The messages of the next page, in a cookie that is this site's alone."""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class Cookie(CookieStorage):
    cookie_name = f"{settings.OURS_ALONE}messages"


class Storage(FallbackStorage):
    storage_classes = (Cookie, SessionStorage)
