"""The demonstration has something to look at, and its kiosk's door stays as it was."""

import pytest
from django.core.management import CommandError, call_command

from attendance.models import Door, Kiosk, Schedule, VisitorPass
from tests.attendance.coming import comes
from tests.attendance.rows import make_person

pytestmark = pytest.mark.django_db


def test_it_makes_doors_once_and_leaves_the_kiosks_own_alone(kiosk: Kiosk) -> None:
    people = [make_person(f"E{n}", f"Person {n}") for n in range(3)]
    for _ in range(2):
        call_command("demo_access", verbosity=0)
    assert set(Door.objects.values_list("name", flat=True)) == {
        kiosk.door.name,
        "Office",
        "Server room",
    }
    assert Schedule.objects.filter(always=False).count() == 2
    assert VisitorPass.objects.get().host == people[0]
    assert comes(kiosk, people[0]).accepted


def test_without_a_site_it_says_what_to_do_first() -> None:
    with pytest.raises(CommandError, match="prepare_site"):
        call_command("demo_access")
