"""Migrations run forwards and backwards, with data in the tables, and leave nothing behind."""

from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import connection

from attendance.models import (
    AccessRule,
    CheckIn,
    Group,
    Kiosk,
    MatchPolicy,
    NightlyReport,
    Schedule,
)
from tests.attendance.rows import make_check_in, make_kiosk, make_person

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


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


def run(statements: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statements)


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
    assert len(rows("SELECT version FROM attendance_gallerystate")) == 1


def test_they_keep_the_rows_that_are_there() -> None:
    migrate("attendance", "0002")
    run(
        "INSERT INTO attendance_site (name, time_zone, report_time, report_recipients)"
        " VALUES ('Main site', 'UTC', '00:30', '');"
        "INSERT INTO attendance_nightlyreport (site_id, date, html, csv, created_at)"
        " SELECT id, '2026-03-01', '', '', now() FROM attendance_site"
    )
    before = rows("SELECT * FROM attendance_matchpolicy")
    migrate("attendance")
    # Columns that came later stand behind those that were there.
    after = [row[: len(before[0]) + 1] for row in rows("SELECT * FROM attendance_matchpolicy")]
    assert after == [(*row, "dlib-resnet") for row in before]
    reports = NightlyReport.objects.all()
    assert [(r.date.isoformat(), r.complete) for r in reports] == [("2026-03-01", True)]
    migrate("attendance", "0002")
    assert rows("SELECT * FROM attendance_matchpolicy") == before


def test_a_policy_of_another_engine_is_not_turned_into_one_of_the_built_in() -> None:
    policy = MatchPolicy.objects.latest()
    policy.pk, policy.engine_name, policy.threshold = None, "tiny", 0.5
    policy.save()
    with pytest.raises(RuntimeError, match="cannot be undone"):
        migrate("attendance", "0004")
    policy.delete()


def test_every_kiosk_gets_a_door_that_is_open_to_everybody_as_it_was() -> None:
    migrate("attendance", "0008")
    run(
        "INSERT INTO attendance_site (name, time_zone, report_time, report_recipients)"
        " VALUES ('Main site', 'UTC', '00:30', ''), ('Annex', 'UTC', '00:30', '');"
        "INSERT INTO attendance_kiosk (name, site_id, zone, active, created_at, public_key,"
        " key_revoked, rotation_wanted, code_hash)"
        " SELECT 'Door of ' || name, id, '', true, now(), '', false, false, '' FROM attendance_site"
    )
    for _ in range(2):  # the second time over what the first one left
        migrate("attendance")
        doors = {(k.name, k.door.name, k.door.site == k.site) for k in Kiosk.objects.all()}
        assert doors == {(n, n, True) for n in ("Door of Main site", "Door of Annex")}
        rules = [(r.door.name, r.group.everybody, r.schedule.always) for r in _rules()]
        assert rules == [("Door of Annex", True, True), ("Door of Main site", True, True)]
        migrate("attendance", "0009")
    migrate("attendance", "0008")
    assert len(rows("SELECT * FROM attendance_kiosk")) == 2


def _rules() -> list[AccessRule]:
    return list(AccessRule.objects.select_related("door", "group", "schedule"))


def test_a_new_installation_has_everybody_and_always() -> None:
    migrate("attendance", "zero")
    migrate("attendance")
    assert (Group.objects.get().everybody, Schedule.objects.get().always) == (True, True)


def test_refusals_of_the_policy_become_plain_ones_on_the_way_back() -> None:
    ada, kiosk = make_person(), make_kiosk()[0]
    make_check_in(kiosk, ada)
    refused = make_check_in(kiosk, None)
    CheckIn.objects.filter(pk=refused.pk).update(reason="outside_hours", person=ada)
    migrate("attendance", "0008")
    kept = rows("SELECT reason, person_id IS NULL FROM attendance_checkin ORDER BY id")
    assert kept == [("matched", False), ("not_permitted", True)]


def test_new_reasons_become_old_ones_on_the_way_back() -> None:
    kiosk = make_kiosk()[0]
    for reason in ("covered", "uneven_light"):
        CheckIn.objects.filter(pk=make_check_in(kiosk, None).pk).update(reason=reason)
    migrate("attendance", "0018")
    kept = rows("SELECT reason FROM attendance_checkin ORDER BY id")
    assert kept == [("low_contrast",), ("low_contrast",)]


def test_no_model_differs_from_its_migrations() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
