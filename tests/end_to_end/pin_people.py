"""Two people with PINs before a door that wants face and PIN."""

import ast

from tests.people import PEOPLE, write_pictures
from tests.stack import Stack

ADA, WANG = PEOPLE[:2]
PIN, DURESS, WANGS_PIN = "8305", "4719", "6193"
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
FORGET = """
from attendance.models import *
for table in (PinCounter, DuressAlarm, Passage, FactorRequest, Entry, CheckIn):
    table.objects.all().delete()
"""


def run(stack: Stack, code: str) -> None:
    """Run a few lines in the stack's own Django shell."""
    stack.manage("shell", "--no-imports", "-c", code)


def enrol_with_pins(stack: Stack) -> None:
    """Enrol both, give them their PINs, and have the door want face and PIN."""
    stack.manage("enroll", str(write_pictures(stack.var / "people", [ADA, WANG])))
    run(stack, SETUP)


def forget_visits(stack: Stack) -> None:
    """Leave no repeat, no counter and no alarm of the test before."""
    run(stack, FORGET)


def let_in(stack: Stack) -> list[str]:
    """By what people were let in so far, each time that counts: a repeat soon after does not."""
    rows = stack.query(
        "list(CheckIn.objects.filter(accepted=True, repeat_of=None).order_by('id')"
        ".values_list('factors', flat=True))"
    )
    found: list[str] = ast.literal_eval(rows)
    return found
