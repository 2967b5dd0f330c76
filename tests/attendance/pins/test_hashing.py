"""How a PIN is kept, and that a question costs the same whoever it is about."""

from collections.abc import Iterator
from unittest.mock import patch

import pytest
from argon2.low_level import hash_secret

from attendance import defaults
from attendance.pins.hashing import Cost, StoredPin, Verdict, compare, derive_key, store
from attendance.pins.typed import TypedPin

KEY = derive_key(b"k" * 32)
CHEAP = Cost(memory_kib=8, passes=1)
PIN, DURESS, OTHER = TypedPin("8305"), TypedPin("4709"), TypedPin("8306")


def kept(duress: TypedPin | None = DURESS, owner: bytes = b"ada") -> StoredPin:
    return store(PIN, duress, key=KEY, owner=owner, cost=CHEAP)


def ask(
    pin: TypedPin, stored: StoredPin | None, *, owner: bytes = b"ada", key: bytes = KEY
) -> Verdict:
    return compare(pin, stored, key=key, owner=owner, cost=CHEAP)


@pytest.fixture
def passes() -> Iterator[list[Cost]]:
    """Every pass of argon2id that is made, by its cost."""
    made: list[Cost] = []

    def counted(*args: object, **kwargs: int) -> bytes:
        made.append(Cost(kwargs["memory_cost"], kwargs["time_cost"], kwargs["parallelism"]))
        return hash_secret(*args, **kwargs)  # type: ignore[arg-type]

    with patch("attendance.pins.hashing.hash_secret", counted):
        yield made


def test_a_pin_is_right_a_duress_pin_is_duress_and_all_else_is_wrong() -> None:
    stored = kept()
    assert ask(PIN, stored) is Verdict.RIGHT
    assert ask(DURESS, stored) is Verdict.DURESS
    assert ask(OTHER, stored) is Verdict.WRONG
    assert ask(DURESS, kept(None)) is Verdict.WRONG


def test_a_row_copied_to_another_person_opens_nothing() -> None:
    assert ask(PIN, kept(owner=b"ada"), owner=b"bob") is Verdict.WRONG


def test_without_the_key_the_database_tells_nothing() -> None:
    assert ask(PIN, kept(), key=derive_key(b"x" * 32)) is Verdict.WRONG


def test_nobody_has_no_pin() -> None:
    assert ask(PIN, None) is Verdict.WRONG


@pytest.mark.parametrize("pin", [PIN, DURESS, OTHER], ids=["right", "duress", "wrong"])
@pytest.mark.parametrize("known", [True, False])
def test_every_question_costs_one_pass(passes: list[Cost], pin: TypedPin, known: bool) -> None:
    stored = kept() if known else None
    passes.clear()
    ask(pin, stored)
    assert passes == [CHEAP]


def test_the_same_pin_is_kept_differently_each_time() -> None:
    assert kept().hash != kept().hash


def test_what_is_kept_does_not_show_in_a_trace() -> None:
    stored = kept()
    assert stored.hash not in repr(stored)
    assert "8305" not in stored.hash


def test_what_ships_is_argon2id_as_rfc_9106_wants_it_at_least() -> None:
    assert defaults.PIN_COST.memory_kib >= 64 * 1024
    assert defaults.PIN_COST.passes >= 3
    stored = store(PIN, None, key=KEY, owner=b"ada", cost=defaults.PIN_COST)
    assert stored.hash.startswith("$argon2id$v=19$m=65536,t=3,p=1$")
