"""PINs at a door whose server is away, with real processes: kiosk, web, worker, database."""

from pathlib import Path

import pytest

from tests.end_to_end.pin_scenes import write_film
from tests.end_to_end.wall import KioskOnTheWall
from tests.people import PEOPLE
from tests.stack import Stack, wait_for

pytestmark = pytest.mark.slow

OPENED = "The door is unlocked"
# As long as they may be: four digits turn up by chance in what is sealed and in ids.
PIN, DURESS, WRONG = "83057264", "47190385", "61937402"
SETUP = f"""
from attendance.models import Person, Door
from attendance.pins.typed import TypedPin
from attendance.services.pins import set_pin
ada = Person.objects.create(employee_number="0417", full_name="Ada Lindqvist")
set_pin(person=ada, pin=TypedPin({PIN!r}), duress=TypedPin({DURESS!r}), by="HR")
Door.objects.update(offline="pins")
"""


def test_number_and_pin_open_through_an_outage_and_arrive_once_with_their_alarm(
    stack: Stack, tmp_path: Path
) -> None:
    """A wrong PIN, the right one and the duress PIN without a server; a power cut at the end."""
    stack.manage("shell", "--no-imports", "-c", SETUP)
    film = write_film(tmp_path / "stranger.mp4", PEOPLE[0].identity)
    kiosk = KioskOnTheWall(stack, film)
    try:
        kiosk.waits_to_say("Offline PINs: 1 people")
        stack.kill("web")
        kiosk.press(*"0417", "enter", *WRONG, "enter")
        kiosk.waits_to_say("refused (offline_pin)")
        assert OPENED not in kiosk.log()
        for opened, pin in enumerate((PIN, DURESS), start=1):
            kiosk.press(*"0417", "enter", *pin, "enter")
            kiosk.waits_to_say(OPENED, times=opened)
        log = kiosk.log()
    finally:
        stack.kill("kiosk")
    for secret in (PIN, DURESS, WRONG):
        for kept in stack.state.iterdir():
            assert secret.encode() not in kept.read_bytes()
        assert f" {secret} " not in log
    stack.start("web")
    again = KioskOnTheWall(stack, film)
    try:
        wait_for(lambda: _decided(stack).count("(") >= 3, what="what was kept", limit_s=90)
        wait_for(lambda: stack.query("DuressAlarm.objects.count()") == "1", what="the alarm")
    finally:
        again.close()
    assert _decided(stack) == (
        "[(False, 'wrong_pin', '', ''), "
        "(True, 'matched', 'pin+number', 'confirmed'), "
        "(True, 'matched', 'pin+number', 'confirmed')]"
    )


def _decided(stack: Stack) -> str:
    return stack.query(
        "list(CheckIn.objects.filter(capture__frame_count=0).order_by('happened_at')"
        ".values_list('accepted', 'reason', 'factors', 'offline'))"
    )
