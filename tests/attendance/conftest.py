"""A clean database and Redis for each test, and the real servers that some of them need."""

import importlib
from collections.abc import Iterator

import pytest
from celery import Celery
from django.apps import apps
from django.contrib.auth.models import User
from django.db import connection as database
from django.test import Client
from pytest_django import Settings

from attendance.models import Kiosk, Site
from attendance.services.decisions import gallery_cache
from attendance.services.redis import connection
from tests.attendance.rows import make_kiosk, make_site


@pytest.fixture(autouse=True)
def _first_rows(request: pytest.FixtureRequest) -> None:
    """Put the rows back that a new installation has and a flush takes away.

    Tests that commit end with a flush of all tables, the migrations' rows among them.
    """
    marker = request.node.get_closest_marker("django_db")
    if marker is None:
        return
    request.getfixturevalue("transactional_db" if marker.kwargs.get("transaction") else "db")
    migration = importlib.import_module("attendance.migrations.0002_gallery_version")
    migration.first_rows(apps, database.schema_editor())


@pytest.fixture(autouse=True)
def _fresh_process() -> None:
    """Forget the gallery of the test before, whose database is gone, and what it left in Redis."""
    gallery_cache.cache_clear()
    connection().flushdb()


@pytest.fixture(scope="session", autouse=True)
def celery_app() -> Celery:
    """Return the application that tasks are queued with, as the web process has it."""
    from config.celery import app

    app.set_default()
    return app


@pytest.fixture
def site() -> Site:
    """Return a site in UTC."""
    return make_site()


@pytest.fixture
def kiosk(site: Site) -> Kiosk:
    """Return a kiosk of the site."""
    return make_kiosk(site)[0]


@pytest.fixture
def console() -> Client:
    """Return a browser signed in as the first account, which may do everything."""
    client = Client()
    client.force_login(User.objects.create_superuser("root"))
    return client


@pytest.fixture
def redis_away(settings: Settings) -> Iterator[None]:
    """Have nobody listen where Redis should be."""
    settings.REDIS_URL = "unix:///nowhere/redis.sock"
    connection.cache_clear()
    yield
    connection.cache_clear()
