from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "events"
    verbose_name = "Événements"

    def ready(self):
        # Nothing is discovered (see organizers/admin_config.py): each app names its own admin.
        from events import admin, message_admin  # noqa: F401
