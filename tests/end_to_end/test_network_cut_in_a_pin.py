"""The network is cut while somebody enters a PIN, and comes back sooner or later.

The face was found and the server wants the PIN; two of its digits are typed, then the line is cut.
Whatever happens then: nothing opens wrongly, nothing is lost, nothing happens twice, and the screen
says what is going on.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end.pin_people import (
    ADA,
    PIN,
    WANGS_PIN,
    enrol_with_pins,
    forget_visits,
    let_in,
)
from tests.end_to_end.pin_scenes import write_film
from tests.end_to_end.wall import KioskOnTheWall
from tests.kiosk.doors.controller import DoorController
from tests.network import Network
from tests.stack import Stack, wait_for

pytestmark = pytest.mark.slow

WAITING = ("Checking…", "No connection: still trying.")


@pytest.fixture(scope="module", autouse=True)
def _two_people_with_pins(stack: Stack) -> None:
    enrol_with_pins(stack)


@pytest.fixture(autouse=True)
def _nobody_was_here(stack: Stack) -> None:
    forget_visits(stack)


@pytest.fixture
def line(stack: Stack) -> Iterator[Network]:
    """The line between kiosk and server."""
    made = Network(stack.port)
    yield made
    made.close()


@pytest.fixture
def kiosk(
    stack: Stack, door: DoorController, line: Network, tmp_path: Path
) -> Iterator[KioskOnTheWall]:
    """A kiosk before which Ada stands, with two digits of her PIN typed."""
    film = write_film(tmp_path / "ada.mp4", ADA.identity)
    made = KioskOnTheWall(stack, film, door, line=line)
    made.asks_for_the_pin()
    made.press(*PIN[:2])
    yield made
    made.close()


def tries_counted(stack: Stack) -> int:
    """How many wrong PINs stand against Ada."""
    rows = "PinCounter.objects.filter(scope='person').values_list('failures', flat=True)"
    return int(stack.query(f"sum({rows})"))


def test_back_in_time_it_opens_the_door_once(
    stack: Stack, door: DoorController, line: Network, kiosk: KioskOnTheWall
) -> None:
    line.cut()
    kiosk.press(*PIN[2:], "enter")
    kiosk.waits_to_show(*WAITING)
    assert door.times_opened() == 0
    line.mend()
    kiosk.opens_the_door()
    kiosk.waits_to_show("Welcome")
    assert let_in(stack) == ["face+pin"]


def test_an_answer_that_is_lost_on_its_way_is_asked_for_again_and_opens_once(
    stack: Stack, door: DoorController, line: Network, kiosk: KioskOnTheWall
) -> None:
    """The server has decided, the kiosk does not know it yet: the connection is gone."""
    decided = stack.log("web").count("decided: matched")
    line.hold_answers()
    kiosk.press(*PIN[2:], "enter")
    wait_for(
        lambda: stack.log("web").count("decided: matched") > decided, what="the server's decision"
    )
    assert door.times_opened() == 0
    line.tear()
    line.mend()
    kiosk.opens_the_door()
    assert let_in(stack) == ["face+pin"]


def test_a_wrong_pin_that_is_sent_twice_is_one_wrong_try(
    stack: Stack, door: DoorController, line: Network, kiosk: KioskOnTheWall
) -> None:
    decided = stack.log("web").count("decided: wrong_pin")
    kiosk.press("delete", "delete")
    line.hold_answers()
    kiosk.press(*WANGS_PIN, "enter")
    wait_for(
        lambda: stack.log("web").count("decided: wrong_pin") > decided, what="the server's decision"
    )
    line.tear()
    line.mend()
    kiosk.refuses("wrong_pin")
    assert tries_counted(stack) == 1
    assert door.times_opened() == 0


def test_back_too_late_it_opens_nothing_until_the_pin_is_entered_anew(
    stack: Stack, door: DoorController, line: Network, kiosk: KioskOnTheWall
) -> None:
    """What was typed is given up before it could open for somebody else, and the screen says so.

    It still reaches the server, as whatever TCP has taken does; that takes it for no entry, so that
    nobody is written down as having come in by it.
    """
    line.cut()
    kiosk.press(*PIN[2:], "enter")
    kiosk.waits_to_show("No answer from the server")
    line.mend()
    kiosk.asks_for_the_pin(times=2)
    assert door.times_opened() == 0
    assert let_in(stack) == []
    assert stack.query("Entry.objects.count()") == "0"
    kiosk.press(*PIN, "enter")
    kiosk.opens_the_door()
    assert let_in(stack) == ["face+pin"]
