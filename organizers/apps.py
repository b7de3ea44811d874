from django.apps import AppConfig


class OrganizersConfig(AppConfig):
    name = "organizers"
    verbose_name = "Organisateurs et référents"

    def ready(self):
        # Nothing is discovered (see organizers/admin_config.py): each app names its own admin.
        from organizers import access_hooks, admin  # noqa: F401
