from django.apps import AppConfig


class SemaineConfig(AppConfig):
    name = "semaine"
    verbose_name = "La semaine"

    def ready(self):
        # Nothing is discovered (see organizers/admin_config.py): each app names its own admin.
        from semaine import admin  # noqa: F401
