"""Hypothesis as these tests use it: on a busy machine, slow is no bug."""

from hypothesis import HealthCheck, settings

patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
