"""Nightly reports: what they say, and that each is made once."""

import csv
import io
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from attendance.choices import ReasonCode
from attendance.models import Kiosk, NightlyReport, Person, Site
from attendance.selectors.attendance_day import AttendanceDay, PersonDay
from attendance.services.reports import CSV_COLUMNS, make_report, report_csv
from tests.attendance.rows import make_check_in, make_kiosk, make_person, make_site

pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 10)
AFTER = datetime(2026, 3, 12, tzinfo=UTC)


def at(hour: int, minute: int = 0, *, on: date = DAY, zone: str = "UTC") -> datetime:
    return datetime.combine(on, time(hour, minute), tzinfo=ZoneInfo(zone))


def report(site: Site, on: date = DAY, now: datetime = AFTER) -> NightlyReport:
    return make_report(site=site, on=on, now=now)[0]


def table(made: NightlyReport) -> list[dict[str, str]]:
    assert made.csv.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(made.csv.removeprefix("\ufeff"))))


class TestContent:
    """What a report says of a day."""

    def test_a_person_has_first_in_last_out_and_the_hours_between(self, kiosk: Kiosk) -> None:
        ada = make_person()
        for moment in (at(8, 5), at(12), at(17, 35)):
            make_check_in(kiosk, ada, moment)
        (row,) = table(report(kiosk.site))
        assert tuple(row) == CSV_COLUMNS
        assert row == {
            "date": "2026-03-10",
            "kind": "attendance",
            "employee_number": "E1",
            "name": "Ada Lindqvist",
            "first_in": "2026-03-10T08:05:00+00:00",
            "last_out": "2026-03-10T17:35:00+00:00",
            "hours": "9:30",
            "count": "3",
            "reason": "",
        }

    def test_one_check_in_has_no_last_out_and_no_hours(self, kiosk: Kiosk) -> None:
        make_check_in(kiosk, make_person(), at(8))
        (row,) = table(report(kiosk.site))
        assert (row["last_out"], row["hours"], row["count"]) == ("", "", "1")

    def test_repeats_and_other_days_and_other_people_do_not_count(self, kiosk: Kiosk) -> None:
        ada, ben = make_person("E1", "Ada"), make_person("E2", "Ben")
        first = make_check_in(kiosk, ada, at(8))
        make_check_in(kiosk, ada, at(8, 1), repeat_of=first)
        make_check_in(kiosk, ada, at(9, on=DAY - timedelta(days=1)))
        make_check_in(kiosk, ada, at(9, on=DAY + timedelta(days=1)))
        make_check_in(kiosk, ben, at(10))
        make_check_in(kiosk, ben, at(11))
        counts = {row["name"]: (row["count"], row["hours"]) for row in table(report(kiosk.site))}
        assert counts == {"Ada": ("1", ""), "Ben": ("2", "1:00")}

    def test_refused_attempts_are_counted_by_reason(self, kiosk: Kiosk) -> None:
        for reason in (ReasonCode.NO_FACE, ReasonCode.NO_FACE, ReasonCode.BLURRED):
            make_check_in(kiosk, None, at(9), reason=reason)
        make_check_in(kiosk, None, at(9, on=DAY - timedelta(days=1)))
        made = report(kiosk.site)
        counts = [(row["kind"], row["reason"], row["count"]) for row in table(made)]
        assert counts == [("refused", "no_face", "2"), ("refused", "blurred", "1")]
        assert "Refused attempts: 3" in made.html

    def test_a_day_without_anybody_says_so(self, site: Site) -> None:
        made = report(site)
        assert table(made) == []
        assert "Nobody checked in" in made.html

    def test_a_site_is_told_of_its_own_doors_only(self, kiosk: Kiosk) -> None:
        annex, _token = make_kiosk(make_site("Annex"), "Annex door")
        make_check_in(kiosk, make_person("E1", "Ada"), at(8))
        make_check_in(annex, make_person("E2", "Ben"), at(8))
        make_check_in(annex, None, at(8))
        assert [row["name"] for row in table(report(kiosk.site))] == ["Ada"]
        assert [row["name"] for row in table(report(annex.site))] == ["Ben", ""]

    @pytest.mark.parametrize("name", ["=1+1", "+49", "-2", "@SUM(A1)", "=cmd|' /C calc'!A0"])
    def test_a_name_that_looks_like_a_formula_is_made_text(self, kiosk: Kiosk, name: str) -> None:
        make_check_in(kiosk, make_person(name, name), at(8))
        (row,) = table(report(kiosk.site))
        assert (row["name"], row["employee_number"]) == (f"'{name}", f"'{name}")

    def test_a_name_with_commas_quotes_and_any_script_survives(self, kiosk: Kiosk) -> None:
        name = '王 "小", 明; أمل'
        make_check_in(kiosk, make_person(name=name), at(8))
        (row,) = table(report(kiosk.site))
        assert row["name"] == name

    def test_a_name_is_no_markup(self, kiosk: Kiosk) -> None:
        make_check_in(kiosk, make_person(name="<script>alert(1)</script>"), at(8))
        made = report(kiosk.site)
        assert "<script>" not in made.html
        assert "&lt;script&gt;" in made.html


@given(name=st.text(min_size=1, max_size=40), number=st.text(min_size=1, max_size=20))
def test_no_name_becomes_a_formula_or_breaks_the_table(name: str, number: str) -> None:
    person = Person(full_name=name, employee_number=number)
    row = PersonDay(person, at(8), at(9), 2)
    day = AttendanceDay(Site(name="Main"), DAY, complete=True, people=[row], refused=[])
    lines = list(csv.reader(io.StringIO(report_csv(day), newline="")))
    assert len(lines) == 2
    kept = dict(zip(CSV_COLUMNS, lines[1], strict=True))
    for column, value in (("name", name), ("employee_number", number)):
        assert kept[column].removeprefix("'") == value.removeprefix("'")
        assert not kept[column].startswith(("=", "+", "-", "@", "\t", "\r"))


class TestZones:
    """A day is the site's own."""

    def test_a_day_runs_from_midnight_to_midnight_of_the_site(self) -> None:
        tokyo, _token = make_kiosk(make_site("Tokyo", time_zone="Asia/Tokyo"), "Tokyo door")
        ada = make_person()
        make_check_in(tokyo, ada, at(0, 0, zone="Asia/Tokyo"))
        make_check_in(tokyo, ada, at(23, 59, zone="Asia/Tokyo"))
        make_check_in(tokyo, ada, at(0, 0, on=DAY + timedelta(days=1), zone="Asia/Tokyo"))
        (row,) = table(report(tokyo.site))
        assert row["first_in"] == "2026-03-10T00:00:00+09:00"
        assert (row["last_out"], row["hours"]) == ("2026-03-10T23:59:00+09:00", "23:59")

    @pytest.mark.parametrize(
        ("on", "hours"),
        [(date(2026, 3, 29), "22:30"), (date(2026, 10, 25), "24:30"), (date(2026, 6, 1), "23:30")],
    )
    def test_a_day_of_a_clock_change_has_23_or_25_hours(self, on: date, hours: str) -> None:
        berlin, _token = make_kiosk(make_site("Berlin", time_zone="Europe/Berlin"), "Berlin door")
        ada = make_person()
        for hour, minute in ((0, 0), (23, 30)):
            make_check_in(berlin, ada, at(hour, minute, on=on, zone="Europe/Berlin"))
        (row,) = table(report(berlin.site, on, now=at(12, on=on + timedelta(days=2))))
        assert row["hours"] == hours

    def test_the_page_shows_the_sites_own_clock(self) -> None:
        tokyo, _token = make_kiosk(make_site("Tokyo", time_zone="Asia/Tokyo"), "Tokyo door")
        make_check_in(tokyo, make_person(), at(8, 7, zone="Asia/Tokyo"))
        assert "08:07" in report(tokyo.site).html


class TestOnce:
    """A report is made once a site and date, however often it is started."""

    def test_started_twice_it_is_made_once_and_kept_as_it_was(self, kiosk: Kiosk) -> None:
        first, made = make_report(site=kiosk.site, on=DAY, now=AFTER)
        assert made
        make_check_in(kiosk, make_person(), at(8))
        again, made = make_report(site=kiosk.site, on=DAY, now=AFTER)
        assert (again, made) == (first, False)
        assert again.csv == first.csv
        assert NightlyReport.objects.count() == 1

    @pytest.mark.django_db(transaction=True)
    def test_started_by_several_at_once_it_is_made_and_mailed_once(self) -> None:
        site = make_site(report_recipients="hr@example.org")
        together = threading.Barrier(4)

        def one(_: int) -> bool:
            together.wait()
            try:
                return make_report(site=site, on=DAY, now=AFTER)[1]
            finally:
                connection.close()

        with ThreadPoolExecutor(4) as pool:
            made = list(pool.map(one, range(4)))
        assert sorted(made) == [False, False, False, True]
        assert len(mail.outbox) == 1

    def test_a_day_that_is_not_over_is_made_anew_when_it_is(self, kiosk: Kiosk) -> None:
        make_check_in(kiosk, make_person("E1", "Ada"), at(8))
        early = report(kiosk.site, now=at(12))
        assert not early.complete
        make_check_in(kiosk, make_person("E2", "Ben"), at(14))
        assert len(table(report(kiosk.site, now=at(15)))) == 2
        late, made = make_report(site=kiosk.site, on=DAY, now=AFTER)
        assert (late.pk, late.complete, made) == (early.pk, True, True)
        assert not make_report(site=kiosk.site, on=DAY, now=AFTER)[1]
