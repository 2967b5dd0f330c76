"""Migrations run forwards and backwards, with data in the tables, and leave nothing behind."""

from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import connection

from attendance.models import MatchPolicy, Site

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _back_to_the_newest() -> Iterator[None]:
    yield
    migrate()


def migrate(*target: str) -> None:
    call_command("migrate", *target, verbosity=0)


def rows(query: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())


def ours() -> set[object]:
    """Return the names of all tables and functions of the app."""
    tables = rows("SELECT tablename FROM pg_tables WHERE tablename LIKE 'attendance%'")
    functions = rows("SELECT proname FROM pg_proc WHERE proname LIKE 'attendance%'")
    return {name for (name,) in tables + functions}


def test_they_run_backwards_to_nothing_and_forwards_again() -> None:
    whole = ours()
    migrate("attendance", "zero")
    assert ours() == set()
    migrate("attendance")
    assert ours() == whole
    assert MatchPolicy.objects.get().created_by == "Lintel"
    assert rows("SELECT version FROM attendance_gallerystate") == [(1,)]


def test_they_keep_the_rows_that_are_there() -> None:
    migrate("attendance", "0002")
    site = Site.objects.create(name="Main site")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO attendance_nightlyreport (site_id, date, html, csv, created_at) "
            "VALUES (%s, '2026-03-01', '', '', now())",
            [site.pk],
        )
    before = rows("SELECT * FROM attendance_matchpolicy")
    migrate("attendance")
    assert rows("SELECT * FROM attendance_matchpolicy") == [(*r, "dlib-resnet") for r in before]
    assert [(r.date.isoformat(), r.complete) for r in site.reports.all()] == [("2026-03-01", True)]
    migrate("attendance", "0002")
    assert rows("SELECT * FROM attendance_matchpolicy") == before


def test_a_policy_of_another_engine_is_not_turned_into_one_of_the_built_in() -> None:
    policy = MatchPolicy.objects.latest()
    policy.pk, policy.engine_name, policy.threshold = None, "tiny", 0.5
    policy.save()
    with pytest.raises(RuntimeError, match="cannot be undone"):
        migrate("attendance", "0004")
    policy.delete()


def test_no_model_differs_from_its_migrations() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
