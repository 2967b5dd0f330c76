"""PINs through every part: camera, keys, kiosk, server, worker, database and door."""

import warnings
from pathlib import Path

import pytest

from recognition import RecognitionError
from recognition.reading.registry import load_reader
from tests.end_to_end.pin_scenes import held_out_hands, write_film
from tests.end_to_end.screen_keys import OPENED, Screen
from tests.people import PEOPLE, write_pictures
from tests.stack import Stack, wait_for

pytestmark = pytest.mark.slow

ADA, WANG = PEOPLE[:2]
PIN, DURESS, WANGS_PIN = "8305", "4719", "6193"
ASKED = "more is wanted"
SETUP = f"""
from attendance.models import Person, Door
from attendance.pins.typed import TypedPin
from attendance.services.pins import set_pin
ada = Person.objects.get(full_name={ADA.name!r})
wang = Person.objects.get(full_name={WANG.name!r})
set_pin(person=ada, pin=TypedPin({PIN!r}), duress=TypedPin({DURESS!r}), by="HR")
set_pin(person=wang, pin=TypedPin({WANGS_PIN!r}), by="HR")
Door.objects.update(mode="face_and_pin")
"""


@pytest.fixture(scope="module", autouse=True)
def _two_people_with_pins(stack: Stack) -> None:
    stack.manage("enroll", str(write_pictures(stack.var / "people", [ADA, WANG])))
    stack.manage("shell", "--no-imports", "-c", SETUP)


@pytest.fixture(autouse=True)
def _nobody_was_here(stack: Stack) -> None:
    """No repeat, no counter and no open door is left of the test before."""
    stack.manage(
        "shell",
        "--no-imports",
        "-c",
        "from attendance.models import *; PinCounter.objects.all().delete(); "
        "DuressAlarm.objects.all().delete(); Passage.objects.all().delete(); "
        "FactorRequest.objects.all().delete(); CheckIn.objects.all().delete()",
    )


def decided(stack: Stack) -> str:
    """Every decision so far: accepted, reason, what was shown."""
    return stack.query(
        "list(CheckIn.objects.order_by('id').values_list('accepted', 'reason', 'factors'))"
    )


def test_face_and_pin_open_and_nothing_less_does(stack: Stack, tmp_path: Path) -> None:
    """Somebody else's PIN and a wrong one first, then the right one."""
    screen = Screen(stack, write_film(tmp_path / "ada.mp4", ADA.identity))
    try:
        screen.says(ASKED)
        screen.press(*WANGS_PIN, "enter")
        screen.says("refused (wrong_pin)")
        assert OPENED not in screen.log()
        screen.press(*PIN, "enter")
        screen.says(OPENED)
    finally:
        screen.close()
    assert "(True, 'matched', 'face+pin')" in decided(stack)
    for name in ("kiosk", "web", "worker"):
        for pin in (PIN, WANGS_PIN):
            assert f"'{pin}'" not in stack.log(name)
            assert f" {pin} " not in stack.log(name)


def test_five_wrong_pins_lock_say_so_and_unlock_after_the_delay(
    stack: Stack, tmp_path: Path
) -> None:
    """Number and PIN, without any face; the lock's end is brought forward in the database."""
    number = stack.query(f"Person.objects.get(full_name={ADA.name!r}).employee_number")
    screen = Screen(stack, write_film(tmp_path / "nobody.mp4", ADA.identity))
    try:
        screen.says(ASKED)
        screen.press("other_way", *number, "enter", *WANGS_PIN, "enter")
        for wrong in range(1, 6):
            screen.says("refused (wrong_pin)", times=wrong)
            if wrong < 5:
                screen.press(*number, "enter", *WANGS_PIN, "enter")
        screen.press(*number, "enter", *PIN, "enter")
        screen.says("refused (pin_locked)")
        assert OPENED not in screen.log()
        stack.manage(
            "shell",
            "--no-imports",
            "-c",
            "from attendance.models import PinCounter; from django.utils import timezone; "
            "PinCounter.objects.update(locked_until=timezone.now())",
        )
        screen.says(ASKED, times=2)
        screen.press(*PIN, "enter")
        screen.says(OPENED)
    finally:
        screen.close()


def test_a_duress_pin_opens_and_alarms(stack: Stack, tmp_path: Path) -> None:
    screen = Screen(stack, write_film(tmp_path / "ada.mp4", ADA.identity))
    try:
        screen.says(ASKED)
        screen.press(*DURESS, "enter")
        screen.says(OPENED)
        # The film lies in a folder that is named after this test.
        assert "duress" not in screen.log().replace(str(tmp_path), "")
    finally:
        screen.close()
    wait_for(lambda: stack.query("DuressAlarm.objects.count()") == "1", what="the alarm")


def test_hours_that_end_while_somebody_stands_there_keep_the_door_shut(
    stack: Stack, tmp_path: Path
) -> None:
    screen = Screen(stack, write_film(tmp_path / "ada.mp4", ADA.identity))
    rules = "from attendance.models import AccessRule; AccessRule.objects.update(effect={!r})"
    try:
        screen.says(ASKED)
        stack.manage("shell", "--no-imports", "-c", rules.format("refuse"))
        screen.press(*PIN, "enter")
        screen.says("refused (refused_by_rule)")
        assert OPENED not in screen.log()
    finally:
        screen.close()
        stack.manage("shell", "--no-imports", "-c", rules.format("grant"))


def test_held_out_hands_sign_the_pin_beside_the_face_and_the_door_opens(
    stack: Stack, shared_data: Path, tmp_path: Path
) -> None:
    try:
        load_reader("sign")
    except (RecognitionError, ImportError) as error:
        warnings.warn(f"SIGN WEIGHTS MISSING: {error}", stacklevel=1)
        pytest.skip(f"no weights of signs: {error}")
    hands = held_out_hands(shared_data, PIN)
    screen = Screen(stack, write_film(tmp_path / "signing.mp4", ADA.identity, hands))
    try:
        screen.says(OPENED)
    finally:
        screen.close()
    how = stack.query(
        "list(Entry.objects.filter(capture__check_in__accepted=True).values_list('how'))"
    )
    assert "sign" in how
