"""Celery's entry: the application, and a worker that is warm before its first capture."""

import os
import warnings
from typing import Any

from celery import Celery
from celery.signals import (
    setup_logging,
    task_postrun,
    task_prerun,
    worker_process_init,
    worker_ready,
)
from kombu.transport.redis import Channel

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
# Each worker process computes on one core; more threads in each would only wait for one another.
# Read when NumPy loads its BLAS, so it is set before anything imports NumPy.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# Django's checks were run when the tables were made; here they would only delay every start.
os.environ.setdefault("CELERY_SKIP_CHECKS", "1")

from config.environment import load_environment
from config.faults import one_line_faults
from config.servers import ensure_servers

# Lintel may run as root inside a container; Celery warns of that because of pickled messages,
# and these messages are JSON only.
warnings.filterwarnings("ignore", message="You're running the worker with superuser privileges")

with one_line_faults():
    ensure_servers(load_environment())

# A worker whose Redis goes away in the middle of a task would put the task's message back over
# the connection it has just lost, fail at that and hang (kombu 5.7). The message need not go back:
# an open capture is queued again within seconds, and every other task comes with the clock.
Channel.do_restore = False

app = Celery("lintel")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
# Celery would close the whole pool before and after each task; a new connection and the server's
# cold caches behind it cost a capture 20 to 30 ms. So often it still does.
app.conf["CELERY_DB_REUSE_MAX"] = 10_000


@setup_logging.connect
def use_django_logging(**_: Any) -> None:
    """Leave logging as Django's settings have it."""


@task_prerun.connect
def look_at_connections(**_: Any) -> None:
    """Replace what the database has dropped: nobody at a door should need a second try for it."""
    from attendance.services.database import replace_dead_connections

    replace_dead_connections()


@task_postrun.connect
def give_connections_back(**_: Any) -> None:
    """Put connections back into the pool, as a request does at its end."""
    from django.db import close_old_connections

    close_old_connections()


@worker_ready.connect
def take_up_kept_faces(**_: Any) -> None:
    """Begin with what a new version of the engine needs: until then its gallery is empty."""
    from attendance.services.queue import queue_embedding

    queue_embedding(anew=True)


@worker_process_init.connect
def warm_up(**_: Any) -> None:
    """Load network and gallery in each process, so the first person does not wait for them."""
    import cv2

    from attendance.services.decisions import warm_up as warm

    cv2.setNumThreads(1)
    warm()
