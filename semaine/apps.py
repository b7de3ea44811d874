from django.apps import AppConfig


class SemaineConfig(AppConfig):
    name = "semaine"
    verbose_name = "La semaine"

    def ready(self):
        # SimpleAdminConfig discovers nothing (see INSTALLED_APPS): each app names its own admin.
        from semaine import admin  # noqa: F401
