"""Several kiosks at once: what one lets in, the other has seen."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.utils import timezone

from attendance.access_choices import AntiPassback
from attendance.models import CheckIn, Kiosk, Passage, Person
from attendance.selectors.presence import people_inside
from tests.attendance.access_rows import change, lead_into
from tests.attendance.coming import comes
from tests.attendance.rows import make_kiosk, make_person

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(pairs: Sequence[tuple[Kiosk, Person]]) -> list[CheckIn]:
    """Have people come to kiosks at the same moment, each decided by a worker of its own."""
    together = threading.Barrier(len(pairs))

    def one(pair: tuple[Kiosk, Person]) -> CheckIn:
        together.wait()
        try:
            return comes(*pair)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(pairs)) as pool:
        return list(pool.map(one, pairs))


@pytest.fixture
def doors(kiosk: Kiosk) -> list[Kiosk]:
    """Four doors of one hall."""
    area = lead_into(kiosk)
    others = [make_kiosk(kiosk.site, f"Door {n}")[0] for n in range(3)]
    for other in others:
        change(other.door, area=area)
    return [kiosk, *others]


def test_nobody_enters_twice_by_several_doors(doors: list[Kiosk]) -> None:
    change(doors[0].door.area, anti_passback=AntiPassback.HARD)
    ada = make_person()
    accepted = [check_in.accepted for check_in in at_once([(door, ada) for door in doors])]
    assert sorted(accepted) == [False, False, False, True]


def test_no_more_enter_than_there_are_places(doors: list[Kiosk]) -> None:
    area = doors[0].door.area
    change(area, limit=2)
    people = [make_person(f"E{n}", f"Person {n}") for n in range(4)]
    accepted = [c.accepted for c in at_once(list(zip(doors, people, strict=True)))]
    assert sorted(accepted) == [False, False, True, True]
    assert area is not None
    assert people_inside(area=area, at=timezone.now()).count() == 2


def test_one_who_waits_lets_one_other_in(doors: list[Kiosk]) -> None:
    door = doors[0]
    change(door.door, two_person_s=30)
    people = [make_person(f"E{n}", f"Person {n}") for n in range(3)]
    accepted = [c.accepted for c in at_once([(door, person) for person in people])]
    assert sorted(accepted) == [False, False, True]
    assert Passage.objects.count() == 2
