"""The web server's entry: starts the private servers where needed, bounds request bodies."""

import os
from typing import cast

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from django.core.asgi import get_asgi_application

from attendance.api.body_limit import Application, BodyLimit
from attendance.api.signed_answers import SignedAnswers
from config.celery import app as celery_app
from config.environment import load_environment
from config.faults import one_line_faults
from config.servers import ensure_servers

with one_line_faults():
    ensure_servers(load_environment())
# Tasks queued from here go to this application's broker.
celery_app.set_default()
application = SignedAnswers(BodyLimit(cast(Application, get_asgi_application())))
