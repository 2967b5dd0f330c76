"""Minutes add up, in every zone and on every day."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from attendance.models import Person
from attendance.selectors.attendance_day import PersonDay

ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Tokyo", "Australia/Lord_Howe"]
moments = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(begin=moments, minutes=st.integers(0, 24 * 60), zone=st.sampled_from(ZONES))
def test_the_hours_between_are_those_that_passed(begin: datetime, minutes: int, zone: str) -> None:
    first, last = (
        moment.astimezone(ZoneInfo(zone)) for moment in (begin, begin + timedelta(minutes=minutes))
    )
    hours, _, rest = PersonDay(Person(), first, last, 2).hours.partition(":")
    assert int(hours) * 60 + int(rest) == minutes
    assert len(rest) == 2


@given(begin=moments)
def test_one_check_in_has_no_hours(begin: datetime) -> None:
    assert PersonDay(Person(), begin, None, 1).hours == ""
