import pytest
from pytest_django import Settings

from attendance.errors import QueueUnavailable, TooManyCaptures
from attendance.models import Kiosk
from attendance.services.limits import count_capture
from attendance.services.redis import connection
from tests.attendance.rows import make_kiosk

pytestmark = pytest.mark.django_db


def test_it_refuses_more_than_the_share_and_says_when_to_come_back(
    kiosk: Kiosk, settings: Settings
) -> None:
    settings.CAPTURES_PER_MINUTE = 0
    with pytest.raises(TooManyCaptures, match="Slow down") as refused:
        count_capture(kiosk=kiosk)
    assert 1 <= refused.value.retry_after_s <= 60


def test_the_whole_share_may_be_used(kiosk: Kiosk, settings: Settings) -> None:
    settings.CAPTURES_PER_MINUTE = 3
    for _ in range(3):
        count_capture(kiosk=kiosk)


def test_one_kiosk_does_not_eat_anothers_share(kiosk: Kiosk, settings: Settings) -> None:
    settings.CAPTURES_PER_MINUTE = 1
    other, _token = make_kiosk(kiosk.site, "Back door")
    count_capture(kiosk=kiosk)
    count_capture(kiosk=other)


def test_the_count_is_forgotten(kiosk: Kiosk) -> None:
    count_capture(kiosk=kiosk)
    assert [connection().ttl(key) > 0 for key in connection().keys("*rate:*")] == [True]


@pytest.mark.usefixtures("redis_away")
def test_without_redis_it_says_so(kiosk: Kiosk) -> None:
    with pytest.raises(QueueUnavailable):
        count_capture(kiosk=kiosk)
