from django.contrib.admin.apps import SimpleAdminConfig


class AdminConfig(SimpleAdminConfig):
    """The admin with our own door. Nothing is discovered: `leaflet.admin` would need GDAL."""

    default_site = "organizers.admin_site.ReferentSite"
