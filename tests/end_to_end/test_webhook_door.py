"""A door that is opened by an HTTP call: for whom it is called, how often, and when not any more.

Web server, worker, PostgreSQL, Redis and the kiosk are the real ones; the camera is a film of drawn
people, and the door's controller counts its calls.
"""

from pathlib import Path

import pytest

from kiosk.doors import FRESH_S
from tests.end_to_end.outcomes import accepted_names, play, refused_reasons
from tests.end_to_end.pin_scenes import write_film
from tests.end_to_end.wall import KioskOnTheWall
from tests.kiosk.doors.controller import DoorController
from tests.network import Network
from tests.people import PEOPLE, write_pictures
from tests.stack import Stack

pytestmark = pytest.mark.slow

ADA, WANG = PEOPLE[:2]
STRANGER = PEOPLE[14]


@pytest.fixture(scope="module", autouse=True)
def _ada_and_wang_are_enrolled(stack: Stack) -> None:
    stack.manage("enroll", str(write_pictures(stack.var / "people", [ADA, WANG])))


@pytest.fixture(autouse=True)
def _nobody_was_here(stack: Stack) -> None:
    stack.manage(
        *("shell", "--no-imports", "-c"),
        "from attendance.models import *; Passage.objects.all().delete(); "
        "CheckIn.objects.all().delete()",
    )


def test_it_is_called_once_for_somebody_allowed(
    stack: Stack, door: DoorController, tmp_path: Path
) -> None:
    film = write_film(tmp_path / "ada.mp4", ADA.identity)
    play(stack, str(film), "--door", str(door.settings(tmp_path)))
    assert accepted_names(stack) == {ADA.name: 1}
    assert door.times_opened() == len(door.heard) == 1


def test_it_is_never_called_for_a_stranger(
    stack: Stack, door: DoorController, tmp_path: Path
) -> None:
    film = write_film(tmp_path / "stranger.mp4", STRANGER.identity)
    play(stack, str(film), "--door", str(door.settings(tmp_path)))
    assert refused_reasons(stack).total() >= 1
    assert set(refused_reasons(stack)) <= {"not_recognised", "ambiguous"}
    assert door.heard == []


def test_it_is_never_called_for_a_decision_older_than_the_limit(
    stack: Stack, door: DoorController, tmp_path: Path
) -> None:
    """Each answer takes longer on its way than a decision may open a door; then the line is well
    again, and Ada, who still stands there, is let in by a new one."""
    line = Network(stack.port)
    line.slow(FRESH_S + 1)
    kiosk = KioskOnTheWall(stack, write_film(tmp_path / "ada.mp4", ADA.identity), door, line=line)
    try:
        kiosk.waits_to_say("the door stays shut")
        assert accepted_names(stack) == {ADA.name: 1}
        assert door.heard == []
        line.mend()
        kiosk.opens_the_door()
    finally:
        kiosk.close()
        line.close()
