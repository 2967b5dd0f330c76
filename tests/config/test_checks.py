"""Django's own checks run before every command, on a database without a table as well."""

from django.core.checks import run_checks
from pytest_django.plugin import DjangoDbBlocker


def test_checks_find_nothing_and_ask_the_database_nothing(
    django_db_blocker: DjangoDbBlocker,
) -> None:
    with django_db_blocker.block():
        assert run_checks() == []
