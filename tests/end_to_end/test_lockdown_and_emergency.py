"""Lockdown, emergency and a revoked key at a door, with every process a real one.

Ada stands before a kiosk on the wall, and the door is a controller that hears a web hook. Somebody
at the console presses the buttons; here the service behind them is called in a shell of its own.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kiosk.link import ORDER_LASTS_S
from tests.end_to_end.outcomes import refused_reasons
from tests.end_to_end.pin_people import run
from tests.end_to_end.pin_scenes import write_film
from tests.end_to_end.wall import LIMIT_S, KioskOnTheWall
from tests.kiosk.doors.controller import DoorController
from tests.network import Network
from tests.people import PEOPLE, write_pictures
from tests.stack import Stack, wait_for

pytestmark = pytest.mark.slow

ADA = PEOPLE[0]
LOCKDOWN = """
from attendance.models import Site
from attendance.services.overrides import begin_lockdown
begin_lockdown(site=Site.objects.get(), door=None, by="guard", why="smoke")
"""
EMERGENCY = """
from datetime import timedelta
from attendance.models import Site
from attendance.services.overrides import begin_emergency
begin_emergency(site=Site.objects.get(), door=None, by="guard", why="fire",
                lasts=timedelta(hours=1))
"""
END_ALL = """
from attendance.models import DoorOverride
from attendance.services.overrides import end_override
for override in DoorOverride.objects.filter(ended_at=None):
    end_override(override=override, by="guard")
"""
END_EMERGENCY = """
from attendance.models import DoorOverride
from attendance.services.overrides import end_override
end_override(override=DoorOverride.objects.get(kind="emergency_open", ended_at=None), by="guard")
"""
REVOKE = """
from attendance.models import Kiosk
from attendance.services.provisioning import revoke_key
revoke_key(kiosk=Kiosk.objects.get())
"""
FORGET = """
from attendance.models import *
for table in (Passage, CheckIn, DoorEvent, DoorOverride):
    table.objects.all().delete()
"""


@pytest.fixture(scope="module", autouse=True)
def _ada_is_enrolled(stack: Stack) -> None:
    stack.manage("enroll", str(write_pictures(stack.var / "people", [ADA])))


@pytest.fixture(autouse=True)
def _nothing_happened(stack: Stack) -> None:
    run(stack, FORGET)


@pytest.fixture
def line(stack: Stack) -> Iterator[Network]:
    """The line between kiosk and server."""
    made = Network(stack.port)
    yield made
    made.close()


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """A film of Ada before the door."""
    return write_film(tmp_path / "ada.mp4", ADA.identity)


@pytest.fixture
def kiosk(
    stack: Stack, film: Path, door: DoorController, line: Network
) -> Iterator[KioskOnTheWall]:
    """A kiosk before which Ada stands."""
    made = KioskOnTheWall(stack, film, door, line=line)
    yield made
    made.close()


def now_open(door: DoorController) -> bool:
    """Whether the door is unlocked at this moment."""
    return door.is_open(datetime.now(UTC))


def kinds_of_events(stack: Stack) -> str:
    """What the server knows of the door, in its order."""
    return stack.query(
        "list(DoorEvent.objects.order_by('happened_at').values_list('kind', flat=True))"
    )


def test_in_an_emergency_the_door_stands_open_for_everybody_and_locks_when_it_is_ended(
    stack: Stack, door: DoorController, kiosk: KioskOnTheWall
) -> None:
    kiosk.opens_the_door()
    run(stack, EMERGENCY)
    wait_for(lambda: "hold_open" in door.orders(), what="the door to be held", limit_s=LIMIT_S)
    kiosk.waits_to_show("Emergency: the door is open")
    # Held for longer than any single order lasts: it is confirmed again and again.
    held_since = datetime.now(UTC)
    wait_for(
        lambda: datetime.now(UTC) - held_since > timedelta(seconds=1.5 * ORDER_LASTS_S),
        what="time to pass",
        limit_s=LIMIT_S,
    )
    for step in range(15):
        at = held_since + timedelta(seconds=step * ORDER_LASTS_S / 10)
        assert door.is_open(at), f"shut {at - held_since} after the emergency began"
    run(stack, END_ALL)
    wait_for(lambda: "lock" in door.orders(), what="the door to be locked", limit_s=LIMIT_S)
    assert not now_open(door)
    wait_for(
        lambda: kinds_of_events(stack) == "['emergency_open', 'emergency_over']",
        what="both to be known at the server",
        limit_s=LIMIT_S,
    )


def test_whoever_cuts_the_line_in_an_emergency_gains_seconds(
    stack: Stack, door: DoorController, line: Network, kiosk: KioskOnTheWall
) -> None:
    kiosk.opens_the_door()
    run(stack, EMERGENCY)
    wait_for(lambda: "hold_open" in door.orders(), what="the door to be held", limit_s=LIMIT_S)
    line.cut()
    wait_for(lambda: "lock" in door.orders(), what="the door to be locked", limit_s=LIMIT_S)
    assert not now_open(door)


def test_a_lockdown_keeps_whoever_may_enter_out_until_it_is_ended(
    stack: Stack, film: Path, door: DoorController
) -> None:
    run(stack, LOCKDOWN)
    kiosk = KioskOnTheWall(stack, film, door)
    try:
        kiosk.waits_to_say("In touch with the server")
        kiosk.waits_to_show("Lockdown")
        kiosk.refuses("lockdown")
    finally:
        kiosk.close()
    assert set(refused_reasons(stack)) == {"lockdown"}
    assert door.times_opened() == 0
    run(stack, END_ALL)
    kiosk = KioskOnTheWall(stack, film, door)
    try:
        kiosk.opens_the_door()
    finally:
        kiosk.close()


def test_a_lockdown_reaches_a_door_that_was_just_unlocked(
    stack: Stack, door: DoorController, kiosk: KioskOnTheWall
) -> None:
    """What is left of an unlocking is cut short; heard by the call, long before a question ends."""
    kiosk.opens_the_door()
    run(stack, LOCKDOWN)
    wait_for(lambda: "lock" in door.orders(), what="the door to be locked", limit_s=LIMIT_S)
    kiosk.waits_to_show("Lockdown")


def test_an_emergency_in_a_lockdown_opens_and_leaves_the_lockdown_behind(
    stack: Stack, film: Path, door: DoorController
) -> None:
    run(stack, LOCKDOWN)
    kiosk = KioskOnTheWall(stack, film, door)
    try:
        kiosk.waits_to_say("In touch with the server")
        kiosk.waits_to_show("Lockdown")
        run(stack, EMERGENCY)
        wait_for(lambda: now_open(door), what="the door to be held", limit_s=LIMIT_S)
        run(stack, END_EMERGENCY)
        kiosk.waits_to_show("Lockdown")
        wait_for(lambda: not now_open(door), what="the door to be locked", limit_s=LIMIT_S)
    finally:
        kiosk.close()
    assert door.times_opened() == 0


def test_a_revoked_kiosk_hears_it_while_it_waits_and_opens_nothing_more(
    stack: Stack, door: DoorController, kiosk: KioskOnTheWall
) -> None:
    kiosk.opens_the_door()
    run(stack, EMERGENCY)
    wait_for(lambda: now_open(door), what="the door to be held", limit_s=LIMIT_S)
    run(stack, REVOKE)
    wait_for(lambda: "lock" in door.orders(), what="the door to be locked", limit_s=LIMIT_S)
    kiosk.waits_to_show("Out of service")
    assert "This kiosk's key was revoked" in kiosk.log()
