"""What the pages of the admin that no model makes are framed with."""

from django.contrib import admin


def frame(request) -> dict:
    """Return the admin's own context for a page that does not list its models, which would cost several queries.

    The view was let in by `admin_view`, so its reader has the permission.
    """
    site = admin.site
    return {
        "site_title": site.site_title,
        "site_header": site.site_header,
        "site_url": site.site_url,
        "has_permission": True,
        "available_apps": [],
        "is_popup": False,
        "is_nav_sidebar_enabled": False,
    }
