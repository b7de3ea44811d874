from django.apps import AppConfig


class OrganizersConfig(AppConfig):
    name = "organizers"
    verbose_name = "Organisateurs et référents"

    def ready(self):
        # SimpleAdminConfig discovers nothing (see INSTALLED_APPS): each app names its own admin.
        from organizers import admin  # noqa: F401
