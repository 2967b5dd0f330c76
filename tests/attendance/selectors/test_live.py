from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from attendance.models import Kiosk
from attendance.selectors.live import (
    check_ins_after,
    check_ins_today,
    day_bounds,
    live_summary,
    newest_check_in_id,
)
from tests.attendance.rows import make_check_in, make_kiosk, make_person, make_site

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)


def test_a_day_is_the_sites_own() -> None:
    tokyo = make_site("Tokyo", time_zone="Asia/Tokyo")
    begin, end = day_bounds(site=tokyo, at=datetime(2026, 3, 10, 16, tzinfo=UTC))
    zone = ZoneInfo("Asia/Tokyo")
    assert begin == datetime.combine(datetime(2026, 3, 11).date(), time.min, tzinfo=zone)  # noqa: DTZ001
    assert end - begin == timedelta(days=1)


def test_a_day_of_a_clock_change_is_an_hour_shorter_or_longer() -> None:
    berlin = make_site("Berlin", time_zone="Europe/Berlin")
    for noon, hours in (
        (datetime(2026, 3, 29, 12, tzinfo=UTC), 23),
        (datetime(2026, 10, 25, 12, tzinfo=UTC), 25),
    ):
        begin, end = day_bounds(site=berlin, at=noon)
        assert end.astimezone(UTC) - begin.astimezone(UTC) == timedelta(hours=hours)


def test_today_shows_the_newest_first_without_repeats(kiosk: Kiosk) -> None:
    ada = make_person()
    first = make_check_in(kiosk, ada, NOON)
    refused = make_check_in(kiosk, None, NOON)
    make_check_in(kiosk, ada, NOON, repeat_of=first)
    make_check_in(kiosk, ada, NOON - timedelta(days=1))
    make_check_in(make_kiosk(make_site("Annex"), "Annex door")[0], None, NOON)
    assert check_ins_today(site=kiosk.site, at=NOON) == [refused, first]
    assert check_ins_today(site=kiosk.site, at=NOON, limit=1) == [refused]


def test_what_came_after_is_shown_oldest_first(kiosk: Kiosk) -> None:
    assert newest_check_in_id() == 0
    rows = [make_check_in(kiosk) for _ in range(4)]
    assert check_ins_after(site=kiosk.site, last_id=rows[0].pk) == rows[1:]
    assert check_ins_after(site=kiosk.site, last_id=rows[0].pk, limit=2) == rows[1:3]
    assert check_ins_after(site=kiosk.site, last_id=rows[3].pk) == []
    assert newest_check_in_id() == rows[3].pk


def test_the_summary_counts_people_and_check_ins_of_today(kiosk: Kiosk) -> None:
    ada, ben = make_person("E1", "Ada"), make_person("E2", "Ben")
    make_check_in(kiosk, ada, NOON - timedelta(days=1))
    make_check_in(kiosk, ben, NOON)
    first = make_check_in(kiosk, ada, NOON + timedelta(hours=1))
    make_check_in(kiosk, ada, NOON + timedelta(hours=2))
    make_check_in(kiosk, ada, NOON + timedelta(hours=2), repeat_of=first)
    make_check_in(kiosk, None, NOON)
    summary = live_summary(site=kiosk.site, at=NOON)
    assert list(summary.present) == [ben, ada]
    assert [person.first_in for person in summary.present] == [NOON, first.happened_at]  # type: ignore[attr-defined]
    assert (summary.accepted, summary.refused) == (3, 1)


def test_a_kiosk_is_online_while_it_says_hello(kiosk: Kiosk) -> None:
    def online() -> list[bool]:
        summary = live_summary(site=kiosk.site, at=timezone.now())
        return [row.online for row in summary.kiosks]

    assert online() == [False]
    for ago, expected in ((5, True), (60, False)):
        kiosk.last_seen_at = timezone.now() - timedelta(seconds=ago)
        kiosk.save()
        assert online() == [expected]
    kiosk.active = False
    kiosk.save()
    assert online() == []


def test_the_summary_costs_the_same_for_one_person_and_for_many(
    kiosk: Kiosk, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for n in range(20):
        make_check_in(kiosk, make_person(f"E{n}"), NOON)
    with django_assert_max_num_queries(6):
        live_summary(site=kiosk.site, at=NOON)
    with django_assert_max_num_queries(1):
        for check_in in check_ins_today(site=kiosk.site, at=NOON):
            assert check_in.person
            assert check_in.capture.kiosk.name
