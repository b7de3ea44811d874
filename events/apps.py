from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "events"
    verbose_name = "Événements"

    def ready(self):
        # SimpleAdminConfig discovers nothing (see INSTALLED_APPS): each app names its own admin.
        from events import admin  # noqa: F401
