"""The private servers around one `manage.py` command."""

import signal
import sys
from collections.abc import Sequence

from config.database import check_database
from config.servers.membership import ensure_servers

# Commands that touch neither the database nor the queue.
ALONE = frozenset(
    {
        "",
        "check",
        "collectstatic",
        "compilemessages",
        "diffsettings",
        "export_openapi_schema",
        "findstatic",
        "help",
        "makemessages",
        "sendtestemail",
        "startapp",
        "startproject",
        "version",
    }
)
# Commands that may meet tables of an older Lintel, or none.
BEFORE_TABLES = frozenset(
    {
        "dbshell",
        "makemigrations",
        "migrate",
        "optimizemigration",
        "shell",
        "showmigrations",
        "sqlmigrate",
        "squashmigrations",
        "test",
    }
)
HELP = frozenset({"--help", "-h", "--version"})


def needs_servers(arguments: Sequence[str]) -> bool:
    """Whether the command `manage.py ARGUMENTS...` needs PostgreSQL or Redis."""
    name = next(iter(arguments), "")
    return name not in ALONE and not HELP.intersection(arguments)


def serve_command(arguments: Sequence[str]) -> None:
    """Start what the command needs, and see that SIGTERM ends it like any other end."""
    if needs_servers(arguments):
        signal.signal(signal.SIGTERM, _end)
        complete = arguments[0] not in BEFORE_TABLES
        check_database(ensure_servers().database_url, complete=complete)
        _use_queue()


def _use_queue() -> None:
    """Have what a command queues go to this installation's broker, not to Celery's default one."""
    from config.celery import app

    app.set_default()


def _end(number: int, _: object) -> None:
    """End the process by exception, so that what is to be done at exit is done."""
    sys.exit(128 + number)
