"""Symbols stand in rows as a number is written."""

from dataclasses import dataclass

from recognition import Box
from recognition.handwritten_digits.rows import rows_of


@dataclass(frozen=True)
class Mark:
    """A place and a strength."""

    box: Box
    strength: float = 100.0


def mark(left: float, top: float = 0, height: float = 100, strength: float = 100.0) -> Mark:
    return Mark(Box(left, top, left + 60, top + height), strength)


def test_neighbours_are_one_row_from_left_to_right() -> None:
    one, two, three = mark(200), mark(0), mark(100, top=10, height=120)

    (row,) = rows_of([one, two, three])

    assert row.symbols == (two, three, one)


def test_what_stands_below_is_another_row() -> None:
    rows = rows_of([mark(0), mark(0, top=200, strength=200.0)])

    assert [row.strength for row in rows] == [200.0, 100.0]


def test_what_is_much_smaller_is_another_row() -> None:
    assert len(rows_of([mark(0), mark(100, top=30, height=30)])) == 2


def test_what_is_far_away_is_another_row() -> None:
    assert len(rows_of([mark(0), mark(500)])) == 2


def test_more_than_twelve_are_print() -> None:
    assert rows_of([mark(80 * index) for index in range(13)]) == []
    assert len(rows_of([mark(80 * index) for index in range(12)])) == 1
