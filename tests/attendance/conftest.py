"""A clean database and Redis for each test, and the real servers that some of them need."""

import importlib
import threading
from collections.abc import Iterator

import pytest
import uvicorn
from celery import Celery
from celery.contrib.testing.worker import start_worker
from django.apps import apps
from django.contrib.auth.models import User
from django.db import connection as database
from django.db import transaction
from django.test import Client, TransactionTestCase
from django.test.client import ClientHandler
from django.utils import timezone, translation
from pytest_django import DjangoDbBlocker, Settings

from attendance.models import Kiosk, Site
from attendance.pins.hashing import Cost
from attendance.services.decisions import gallery_cache
from attendance.services.redis import connection
from tests.attendance.rows import make_kiosk, make_site
from tests.stack import wait_for

DJANGOS_OWN = {"django_migrations", "django_content_type", "auth_permission"}


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
    promises = importlib.import_module("attendance.migrations.0013_promises")
    promises.default_promise(apps, database.schema_editor())


@pytest.fixture(scope="session", autouse=True)
def _quick_flush() -> Iterator[None]:
    """Have tests that commit end with the deletion of their own rows.

    Django's flush would empty its own tables as well and fill them again, which takes longer
    than most of these tests.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", _delete_rows)
        yield


def _delete_rows(_: TransactionTestCase) -> None:
    tables = set(database.introspection.django_table_names(only_existing=True))
    # In one transaction, so that foreign keys are looked at when all rows are gone.
    statements = (f"DELETE FROM {table};" for table in tables - DJANGOS_OWN)  # noqa: S608
    with transaction.atomic(), database.cursor() as cursor:
        cursor.execute("".join(statements))


@pytest.fixture(autouse=True)
def _fresh_process() -> None:
    """Forget the gallery of the test before, whose database is gone, and what it left in Redis.

    A page asked for within the test leaves its language and zone behind as well.
    """
    gallery_cache.cache_clear()
    connection().flushdb()
    translation.deactivate()
    timezone.deactivate()


@pytest.fixture(scope="session", autouse=True)
def celery_app() -> Celery:
    """Return the application that tasks are queued with, as the web process has it."""
    from config.celery import app

    app.set_default()
    return app


@pytest.fixture(scope="session")
def web_server(django_db_setup: None) -> Iterator[uvicorn.Server]:
    """Return a real web server over the tests' own database."""
    from config.asgi import application

    running = uvicorn.Server(uvicorn.Config(application, port=0, log_config=None, lifespan="off"))
    thread = threading.Thread(target=running.run, daemon=True)
    thread.start()
    wait_for(lambda: running.started, what="the web server")
    yield running
    running.should_exit = True
    thread.join(10)


@pytest.fixture(scope="session")
def server(web_server: uvicorn.Server) -> str:
    """Return the address of the web server."""
    port = web_server.servers[0].sockets[0].getsockname()[1]
    return f"http://127.0.0.1:{port}"


@pytest.fixture(scope="module")
def worker(
    celery_app: Celery, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """Run a real worker over the tests' own database and Redis, for one file of tests."""
    queues = ["captures", "default"]
    with (
        django_db_blocker.unblock(),
        start_worker(celery_app, queues=queues, perform_ping_check=False),
    ):
        yield


@pytest.fixture
def site() -> Site:
    """Return a site in UTC."""
    return make_site()


@pytest.fixture
def kiosk(site: Site) -> Kiosk:
    """Return a kiosk of the site."""
    return make_kiosk(site)[0]


@pytest.fixture(scope="session")
def handler() -> ClientHandler:
    """Return what answers the test's browsers: one for all, for it reads every static file."""
    return ClientHandler(enforce_csrf_checks=False)


@pytest.fixture
def client(handler: ClientHandler) -> Client:
    """Return a browser."""
    client = Client()
    client.handler = handler
    return client


@pytest.fixture
def console(client: Client) -> Client:
    """Return a browser signed in as the first account, which may do everything."""
    client.force_login(User.objects.create_superuser("root"))
    return client


@pytest.fixture
def quick_passwords(settings: Settings) -> None:
    """Hash passwords in no time."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def quick_pins(settings: Settings) -> None:
    """Hash PINs in no time."""
    settings.PIN_COST = Cost(memory_kib=8, passes=1)


@pytest.fixture
def redis_away(settings: Settings) -> Iterator[None]:
    """Have nobody listen where Redis should be."""
    settings.REDIS_URL = "unix:///nowhere/redis.sock"
    connection.cache_clear()
    yield
    connection.cache_clear()
