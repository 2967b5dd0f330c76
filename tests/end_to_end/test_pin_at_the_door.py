"""PINs through every part: camera, keys, kiosk, server, worker, database and the door's web hook.

Ada stands before the kiosk; the door wants her face and her PIN.
"""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from recognition import RecognitionError
from recognition.reading.registry import load_reader
from tests.end_to_end.pin_people import (
    ADA,
    DURESS,
    PIN,
    WANGS_PIN,
    enrol_with_pins,
    forget_visits,
    let_in,
    run,
)
from tests.end_to_end.pin_scenes import held_out_hands, write_film
from tests.end_to_end.wall import KioskOnTheWall
from tests.kiosk.doors.controller import DoorController
from tests.stack import Stack, wait_for

pytestmark = pytest.mark.slow

HOURS_AROUND_NOW = """
from datetime import timedelta
from django.utils import timezone
from attendance.models import AccessRule, Schedule, SchedulePeriod
now = timezone.now()  # the site's zone is UTC
hours = Schedule.objects.create(name="Around now", minds_holidays=False)
begin = (now - timedelta(hours=1)).replace(second=0, microsecond=0)
SchedulePeriod.objects.create(
    schedule=hours, day=begin.weekday(), begin=begin.time(), end=(begin + timedelta(hours=2)).time()
)
AccessRule.objects.update(schedule=hours)
"""
HOURS_END_NOW = """
from django.utils import timezone
from attendance.models import SchedulePeriod
SchedulePeriod.objects.update(end=timezone.now().replace(second=0, microsecond=0).time())
"""
ALWAYS = """
from attendance.models import AccessRule, Schedule
AccessRule.objects.update(schedule=Schedule.objects.get(always=True))
Schedule.objects.filter(name="Around now").delete()
"""


@pytest.fixture(scope="module", autouse=True)
def _two_people_with_pins(stack: Stack) -> None:
    enrol_with_pins(stack)


@pytest.fixture(autouse=True)
def _nobody_was_here(stack: Stack) -> None:
    forget_visits(stack)


@pytest.fixture
def ada_stands_there(tmp_path: Path) -> Path:
    """A film of Ada before the door."""
    return write_film(tmp_path / "ada.mp4", ADA.identity)


@contextmanager
def kiosk_before(stack: Stack, film: Path, door: DoorController) -> Iterator[KioskOnTheWall]:
    """A kiosk on the wall for as long as the context lasts."""
    kiosk = KioskOnTheWall(stack, film, door)
    try:
        yield kiosk
    finally:
        kiosk.close()


def test_a_face_and_its_pin_open_the_door(
    stack: Stack, door: DoorController, ada_stands_there: Path
) -> None:
    with kiosk_before(stack, ada_stands_there, door) as kiosk:
        kiosk.asks_for_the_pin()
        kiosk.press(*PIN, "enter")
        kiosk.opens_the_door()
    assert let_in(stack) == ["face+pin"]


def test_a_face_without_its_pin_never_opens(
    stack: Stack, door: DoorController, ada_stands_there: Path
) -> None:
    with kiosk_before(stack, ada_stands_there, door) as kiosk:
        for asked in (1, 2):
            kiosk.asks_for_the_pin(times=asked)
            kiosk.press(*PIN[:3], "enter", "cancel")
    assert door.times_opened() == 0
    assert let_in(stack) == []


def test_the_pin_of_another_person_beside_my_face_never_opens(
    stack: Stack, door: DoorController, ada_stands_there: Path
) -> None:
    with kiosk_before(stack, ada_stands_there, door) as kiosk:
        kiosk.asks_for_the_pin()
        kiosk.press(*WANGS_PIN, "enter")
        kiosk.refuses("wrong_pin")
    assert door.times_opened() == 0
    assert let_in(stack) == []
    for name in ("kiosk", "web", "worker"):
        for pin in (PIN, WANGS_PIN):
            assert f"'{pin}'" not in stack.log(name)
            assert f" {pin} " not in stack.log(name)


def test_five_wrong_pins_lock_say_so_and_unlock_after_the_delay(
    stack: Stack, door: DoorController, ada_stands_there: Path
) -> None:
    """Number and PIN, without any face; the lock's end is brought forward in the database."""
    number = stack.query(f"Person.objects.get(full_name={ADA.name!r}).employee_number")
    with kiosk_before(stack, ada_stands_there, door) as kiosk:
        kiosk.asks_for_the_pin()
        kiosk.press("other_way")
        for wrong in range(1, 6):
            kiosk.press(*number, "enter", *WANGS_PIN, "enter")
            kiosk.refuses("wrong_pin", times=wrong)
        kiosk.press(*number, "enter", *PIN, "enter")
        kiosk.refuses("pin_locked")
        kiosk.waits_to_show("Too many wrong PINs")
        assert door.times_opened() == 0
        run(
            stack,
            "from attendance.models import PinCounter; from django.utils import timezone; "
            "PinCounter.objects.update(locked_until=timezone.now())",
        )
        kiosk.asks_for_the_pin(times=2)
        kiosk.press(*PIN, "enter")
        kiosk.opens_the_door()


def test_a_duress_pin_opens_like_any_other_and_alarms(
    stack: Stack, door: DoorController, ada_stands_there: Path
) -> None:
    with kiosk_before(stack, ada_stands_there, door) as kiosk:
        kiosk.asks_for_the_pin()
        kiosk.press(*DURESS, "enter")
        kiosk.opens_the_door()
        kiosk.waits_to_show("Welcome")
        # The film lies in a folder that is named after this test.
        assert "duress" not in kiosk.log().replace(str(ada_stands_there.parent), "")
    wait_for(lambda: stack.query("DuressAlarm.objects.count()") == "1", what="the alarm")


def test_hours_that_end_while_somebody_stands_there_keep_the_door_shut(
    stack: Stack, door: DoorController, ada_stands_there: Path
) -> None:
    """The door's one rule holds for two hours around now; their end is brought forward."""
    run(stack, HOURS_AROUND_NOW)
    try:
        with kiosk_before(stack, ada_stands_there, door) as kiosk:
            kiosk.asks_for_the_pin()
            run(stack, HOURS_END_NOW)
            kiosk.press(*PIN, "enter")
            kiosk.refuses("outside_hours")
    finally:
        run(stack, ALWAYS)
    assert door.times_opened() == 0
    assert let_in(stack) == []


def test_held_out_hands_sign_the_pin_beside_the_face_and_the_door_opens(
    stack: Stack, door: DoorController, shared_data: Path, tmp_path: Path
) -> None:
    try:
        load_reader("sign")
    except (RecognitionError, ImportError) as error:
        warnings.warn(f"SIGN WEIGHTS MISSING: {error}", stacklevel=1)
        pytest.skip(f"no weights of signs: {error}")
    hands = held_out_hands(shared_data, PIN)
    film = write_film(tmp_path / "signing.mp4", ADA.identity, hands)
    with kiosk_before(stack, film, door) as kiosk:
        kiosk.opens_the_door()
    how = stack.query(
        "list(Entry.objects.filter(capture__check_in__accepted=True).values_list('how'))"
    )
    assert "sign" in how
