"""The web server of production, as Gunicorn reads it: `gunicorn -c python:semaine.web_server semaine.wsgi`."""

import os
import shutil

from semaine import logs, metrics_folder

bind = "0.0.0.0:8000"
worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS") or 2)
threads = 4
# Heartbeats in memory: a slow disk must not make a process look dead.
worker_tmp_dir = "/dev/shm"  # noqa: S108 - Gunicorn makes files of its own there
# On SIGTERM no new request is taken, and those under way have this long to end.
graceful_timeout = 30
# No access log of Gunicorn's: it shows addresses and parameters. See `semaine.logs.numbered`.
logconfig_dict = logs.configuration(
    os.environ.get("LOG_FORMAT") or "json", os.environ.get("LOG_LEVEL") or "WARNING"
)
# The longest that one statement may take while a visitor waits; tasks and commands may take longer.
os.environ.setdefault("STATEMENT_TIMEOUT", "10s")
# Where the processes count together; set before the application is loaded.
os.environ["PROMETHEUS_MULTIPROC_DIR"] = metrics_folder.make()


def post_worker_init(worker):
    """Load all the code before the first visitor comes: the addresses name every view."""
    from django.urls import get_resolver

    get_resolver().check()


def child_exit(server, worker):
    from prometheus_client import multiprocess

    multiprocess.mark_process_dead(worker.pid)


def on_exit(server):
    shutil.rmtree(os.environ["PROMETHEUS_MULTIPROC_DIR"], ignore_errors=True)
