"""The task queue: `celery -A semaine worker` and `celery -A semaine beat`."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "semaine.settings")

app = Celery("semaine")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
