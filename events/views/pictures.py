"""The pictures of events, where no proxy serves them: data and nothing else, whatever they hold."""

from csp.constants import NONE
from csp.decorators import csp
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe


# A picture never changes: another one has another name.
@csp({"default-src": [NONE], "sandbox": True})
@cache_control(public=True, max_age=31_536_000, immutable=True)
@require_safe
def picture(request, name):
    try:
        return FileResponse(default_storage.open(f"evenements/{name}.webp"), content_type="image/webp")
    except FileNotFoundError:
        raise Http404 from None
