from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from attendance.models import Kiosk, NightlyReport
from tests.attendance.commands.running import run
from tests.attendance.rows import make_check_in, make_person, make_site

pytestmark = pytest.mark.django_db


def test_it_makes_yesterdays_report_of_every_site() -> None:
    make_site("A", report_recipients="hr@example.org")
    make_site("B")
    ended = run("nightly_report")
    assert ended.status == 0
    assert ended.out.count("made") == 2
    yesterday = timezone.now().date() - timedelta(days=1)
    assert [report.date for report in NightlyReport.objects.all()] == [yesterday] * 2
    assert len(mail.outbox) == 1


def test_started_again_it_keeps_what_was_made(site: object) -> None:
    run("nightly_report", "--date", "2026-03-10")
    ended = run("nightly_report", "--date", "2026-03-10")
    assert (ended.status, "was made before" in ended.out) == (0, True)
    assert NightlyReport.objects.count() == 1


def test_todays_report_is_brought_up_to_date(kiosk: Kiosk) -> None:
    today = timezone.now().date().isoformat()
    run("nightly_report", "--date", today)
    make_check_in(kiosk, make_person())
    assert "brought up to date" in run("nightly_report", "--date", today).out
    assert "Ada Lindqvist" in NightlyReport.objects.get().csv


def test_a_day_to_come_ends_with_2(site: object) -> None:
    ended = run("nightly_report", "--date", "2999-01-01")
    assert (ended.status, "has not come yet" in ended.out) == (2, True)
    assert not NightlyReport.objects.exists()


@pytest.mark.parametrize("date", ["yesterday", "2026-02-30", "20260310x"])
def test_a_date_that_is_none_is_refused(site: object, date: str) -> None:
    assert run("nightly_report", "--date", date).status != 0
    assert not NightlyReport.objects.exists()


def test_without_a_site_it_ends_with_1() -> None:
    assert run("nightly_report").status == 1
