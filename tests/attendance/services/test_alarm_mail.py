"""Who is mailed about duress and about what happens at the doors: at once, once, not too often."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.core import mail
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from attendance.choices import ALARMING, DoorEventKind
from attendance.models import DoorEvent, DuressAlarm, Kiosk, Site
from attendance.services.alarm_mail import GATHER, MOST_LINES, TRIES, mail_alarms
from attendance.services.redis import connection as redis_connection
from tests.attendance.access_rows import change
from tests.attendance.rows import (
    make_check_in,
    make_door_event,
    make_kiosk,
    make_person,
    make_site,
)

pytestmark = pytest.mark.django_db

NOW = timezone.now()
GUARD, HR = "guard@example.org", "hr@example.org"


@pytest.fixture(autouse=True)
def _nobodys_turn() -> Iterator[None]:
    """Each test begins, and leaves, without anybody at the mails."""
    key = f"{django_settings.REDIS_PREFIX}alarm-mail"
    redis_connection().delete(key)
    yield
    redis_connection().delete(key)


def happened(
    kiosk: Kiosk, kind: DoorEventKind = DoorEventKind.FORCED, ago: timedelta = timedelta(0)
) -> DoorEvent:
    return make_door_event(kiosk, NOW - ago, kind=kind)


def under_duress(kiosk: Kiosk, ago: timedelta = timedelta(0)) -> DuressAlarm:
    person = make_person()
    check_in = make_check_in(kiosk, person, NOW - ago)
    return DuressAlarm.objects.create(check_in=check_in, person=person, raised_at=NOW - ago)


class TestDoors:
    """A door forced, held open, or a case opened."""

    @pytest.mark.parametrize("kind", DoorEventKind)
    def test_what_somebody_has_to_look_after_is_mailed_and_nothing_else(
        self, kiosk: Kiosk, kind: DoorEventKind
    ) -> None:
        change(kiosk.site, door_alarm_recipients=f"{GUARD}\n{HR}", time_zone="Asia/Shanghai")
        event = happened(kiosk, kind)
        assert mail_alarms(now=NOW) == len(mail.outbox) == (kind in ALARMING)
        if kind in ALARMING:
            (sent,) = mail.outbox
            assert sent.to == [GUARD, HR]
            assert kiosk.name in sent.body
            assert str(event.get_kind_display()) in sent.body
            assert f"{NOW.astimezone(kiosk.site.zone):%H:%M:%S}" in sent.body

    def test_it_is_mailed_once(self, kiosk: Kiosk) -> None:
        change(kiosk.site, door_alarm_recipients=GUARD)
        happened(kiosk)
        assert [mail_alarms(now=NOW + n * GATHER) for n in range(3)] == [1, 0, 0]

    def test_nobody_named_nobody_mailed(self, kiosk: Kiosk) -> None:
        change(kiosk.site, alarm_recipients=GUARD)
        happened(kiosk)
        assert mail_alarms(now=NOW) == 0

    def test_a_loose_contact_makes_one_mail_at_once_and_one_of_all_the_rest(
        self, kiosk: Kiosk
    ) -> None:
        change(kiosk.site, door_alarm_recipients=GUARD)
        happened(kiosk)
        mail_alarms(now=NOW)
        for _ in range(MOST_LINES + 5):
            happened(kiosk)
        assert mail_alarms(now=NOW + GATHER / 2) == 0
        assert mail_alarms(now=NOW + GATHER) == 1
        assert len(mail.outbox) == 2
        assert len(mail.outbox[1].body.splitlines()) == MOST_LINES + 1
        assert "5" in mail.outbox[1].body.splitlines()[-1]
        assert mail_alarms(now=NOW + 2 * GATHER) == 0

    def test_another_sites_doors_are_another_sites_business(self, kiosk: Kiosk) -> None:
        there = make_site("There", door_alarm_recipients=HR)
        far = make_kiosk(there, "Far door")[0]
        change(kiosk.site, door_alarm_recipients=GUARD)
        for one in (kiosk, far):
            happened(one)
        assert mail_alarms(now=NOW) == 2
        assert {(*sent.to, far.name in sent.body) for sent in mail.outbox} == {
            (GUARD, False),
            (HR, True),
        }

    def test_whoever_is_named_later_gets_nothing_old(self, kiosk: Kiosk) -> None:
        happened(kiosk, ago=TRIES)
        change(kiosk.site, door_alarm_recipients=GUARD)
        assert mail_alarms(now=NOW) == 0


class TestDuress:
    """The duress PIN, which is told at once and alone."""

    def test_each_is_a_mail_of_its_own_and_sent_once(self, kiosk: Kiosk) -> None:
        change(kiosk.site, alarm_recipients=GUARD)
        alarm = under_duress(kiosk)
        assert [mail_alarms(now=NOW), mail_alarms(now=NOW)] == [1, 0]
        (sent,) = mail.outbox
        assert alarm.person is not None
        assert alarm.person.full_name in sent.body
        assert kiosk.name in sent.body

    def test_whom_doors_are_told_to_hears_nothing_of_it(self, kiosk: Kiosk) -> None:
        change(kiosk.site, door_alarm_recipients=HR)
        under_duress(kiosk)
        assert mail_alarms(now=NOW) == 0

    def test_what_somebody_has_seen_is_not_mailed_any_more(self, kiosk: Kiosk) -> None:
        change(kiosk.site, alarm_recipients=GUARD)
        DuressAlarm.objects.filter(pk=under_duress(kiosk).pk).update(seen_at=NOW)
        assert mail_alarms(now=NOW) == 0


class TestFaults:
    """A mail server that is away loses no alarm and holds no worker up for long."""

    def test_it_is_tried_again_after_a_pause(self, kiosk: Kiosk, settings: Settings) -> None:
        change(kiosk.site, alarm_recipients=GUARD, door_alarm_recipients=GUARD)
        under_duress(kiosk)
        happened(kiosk)
        before = settings.EMAIL_BACKEND
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # nobody listens there
        assert mail_alarms(now=NOW) == 0
        settings.EMAIL_BACKEND = before
        assert mail_alarms(now=NOW) == 0  # the pause
        redis_connection().delete(f"{django_settings.REDIS_PREFIX}alarm-mail")
        assert mail_alarms(now=NOW) == 2

    @pytest.mark.usefixtures("redis_away")
    def test_without_redis_nothing_is_sent_and_nothing_forgotten(self, kiosk: Kiosk) -> None:
        change(kiosk.site, door_alarm_recipients=GUARD)
        happened(kiosk)
        assert mail_alarms(now=NOW) == 0
        assert DoorEvent.objects.filter(mailed_at=None).exists()


@pytest.mark.django_db(transaction=True)
def test_several_workers_at_once_send_one_mail(kiosk: Kiosk) -> None:
    Site.objects.update(door_alarm_recipients=GUARD)
    happened(kiosk)

    def work(_: int) -> int:
        try:
            return mail_alarms(now=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as workers:
        assert sum(workers.map(work, range(6))) == 1
    assert len(mail.outbox) == 1
