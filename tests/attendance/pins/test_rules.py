"""What may be a PIN."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attendance.pins.rules import Owner, PinFault, dates_in_digits, duress_fault, fault_of
from attendance.pins.typed import TypedPin

ANYBODY = Owner("E-0417", date(1987, 5, 3))
GOOD = "8305"


def fault(digits: str, owner: Owner = ANYBODY) -> PinFault | None:
    return fault_of(TypedPin(digits), owner)


@pytest.mark.parametrize(
    ("kind", "digits"),
    [
        (PinFault.LENGTH, "830"),
        (PinFault.LENGTH, "830519467"),
        (PinFault.SEQUENCE, "1234"),
        (PinFault.SEQUENCE, "9876"),
        (PinFault.SEQUENCE, "7890"),
        (PinFault.SEQUENCE, "2468"),
        (PinFault.SEQUENCE, "00000"),
        (PinFault.REPEAT, "1212"),
        (PinFault.REPEAT, "839839"),
        (PinFault.REPEAT, "1122"),
        (PinFault.REPEAT, "1000"),
        (PinFault.REPEAT, "112233"),
        (PinFault.REPEAT, "4774"),
        (PinFault.YEAR, "1984"),
        (PinFault.YEAR, "2026"),
        (PinFault.KEYPAD, "1397"),
        (PinFault.KEYPAD, "2486"),
        (PinFault.KEYPAD, "1254"),
        (PinFault.KEYPAD, "2580"),
        (PinFault.KEYPAD, "159753"),
        (PinFault.COMMON, "5683"),
        (PinFault.COMMON, "5201314"),
        (PinFault.EMPLOYEE_NUMBER, "0417"),
        (PinFault.EMPLOYEE_NUMBER, "7140"),
        (PinFault.EMPLOYEE_NUMBER, "94178"),
        (PinFault.BIRTH_DATE, "0305"),
        (PinFault.BIRTH_DATE, "0503"),
        (PinFault.BIRTH_DATE, "198753"),
        (PinFault.BIRTH_DATE, "03051987"),
        (PinFault.BIRTH_DATE, "8705"),
    ],
)
def test_a_pin_that_thieves_try_first_is_refused(kind: PinFault, digits: str) -> None:
    assert fault(digits) is kind


@pytest.mark.parametrize("digits", [GOOD, "4709", "61938", "0268", "739164", "48207315"])
def test_another_pin_is_taken(digits: str) -> None:
    assert fault(digits) is None


def test_without_a_birth_date_its_digits_are_no_fault() -> None:
    assert fault("0503", Owner("E-9")) is None


def test_an_employee_number_of_one_digit_rules_out_only_itself() -> None:
    assert fault("8305", Owner("8")) is None
    assert fault("0070", Owner("7")) is PinFault.EMPLOYEE_NUMBER


def test_enough_pins_of_four_digits_are_left_to_choose_from() -> None:
    left = sum(fault(f"{number:04}") is None for number in range(10_000))
    assert left > 9_000


@given(st.dates(date(1930, 1, 1), date(2010, 12, 31)))
def test_a_birthday_is_refused_however_it_is_written(day: date) -> None:
    owner = Owner("X", day)
    for text in (f"{day:%d%m}", f"{day:%m%d}", f"{day:%Y%m%d}", f"{day:%d%m%y}", f"{day:%m%Y}"):
        assert text in dates_in_digits(day)
        assert fault(text, owner) is not None


@given(st.text("0123456789", min_size=1, max_size=12), st.integers(0, 9999).map("{:04}".format))
def test_no_taken_pin_is_the_employee_number(number: str, digits: str) -> None:
    if fault(digits, Owner(number)) is None:
        assert digits.lstrip("0") != number.lstrip("0")


@pytest.mark.parametrize("duress", ["8305", "8306", "3805", "835", "83050", "1305", "8350"])
def test_a_duress_pin_that_a_slip_makes_of_the_pin_is_refused(duress: str) -> None:
    assert duress_fault(TypedPin(GOOD), TypedPin(duress)) is PinFault.DURESS_TOO_ALIKE


@pytest.mark.parametrize("duress", ["4709", "8416", "61938", "8247305"])
def test_a_duress_pin_that_is_quite_another_is_taken(duress: str) -> None:
    assert duress_fault(TypedPin(GOOD), TypedPin(duress)) is None
