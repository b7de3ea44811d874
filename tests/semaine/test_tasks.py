"""What beat sends the workers to do."""

from datetime import timedelta

import pytest
from celery.schedules import crontab
from django.conf import settings
from django.utils.module_loading import import_string

SCHEDULE = settings.CELERY_BEAT_SCHEDULE
# What a machine may be late by, or its clock, while all is well.
LATE = timedelta(seconds=20)
OFTEN = [name for name, each in SCHEDULE.items() if not isinstance(each["schedule"], crontab)]


@pytest.mark.parametrize("name", SCHEDULE)
def test_each_task_is_there(name):
    assert callable(import_string(SCHEDULE[name]["task"]))


@pytest.mark.parametrize("name", OFTEN)
def test_task_that_comes_late_is_done_and_few_of_them_pile_up(name):
    expires, every = SCHEDULE[name]["options"]["expires"], SCHEDULE[name]["schedule"]
    assert expires > LATE.total_seconds()
    assert expires / every <= 15
