"""A typed PIN shows its digits to nobody who does not ask for them."""

import copy
import json
import pickle
import traceback

import pytest
from kombu.utils.json import dumps

from attendance.pins.typed import TypedPin

PIN = TypedPin("830572")


@pytest.mark.parametrize("shown", [repr(PIN), str(PIN), f"{PIN}", f"{[PIN]!r}", f"{PIN!s:>20}"])
def test_no_text_of_it_has_its_digits(shown: str) -> None:
    assert "830572" not in shown
    assert not any(digit in shown for digit in "0123456789")


@pytest.mark.parametrize("write", [pickle.dumps, copy.copy, json.dumps, dumps])
def test_it_cannot_be_stored_or_sent(write: object) -> None:
    with pytest.raises(TypeError) as refused:
        write(PIN)  # type: ignore[operator]
    assert "830572" not in str(refused.value)


@pytest.mark.parametrize("text", ["", "83a5", "8 305", "-8305", "8305\n", "½305", "8" * 65])
def test_what_is_not_digits_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(ValueError, match="digits") as refused:
        TypedPin(text)
    trace = "".join(traceback.format_exception(refused.value))
    assert not text.strip() or text.strip() not in trace.replace(__file__, "")


@pytest.mark.parametrize("text", ["8305", "８３０５", "٨٣٠٥", "८३०५"])
def test_digits_of_any_script_are_digits(text: str) -> None:
    assert TypedPin(text).reveal() == "8305"
