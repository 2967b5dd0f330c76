"""Tests how a one-time code is read."""

import pytest

from kiosk.errors import CallError
from kiosk.trust.code import Code, parse_code

CODE = Code("abcdefghjkmnpqrs", "234567abcdefghij")


@pytest.mark.parametrize(
    "text",
    [
        "abcd-efgh-jkmn-pqrs-2345-67ab-cdef-ghij",
        "ABCD-EFGH-JKMN-PQRS-2345-67AB-CDEF-GHIJ\n",
        " abcdefghjkmnpqrs234567abcdefghij",
        "abcd efgh jkmn pqrs 2345 67ab cdef ghij",
    ],
)
def test_it_is_read_however_it_was_typed(text: str) -> None:
    assert parse_code(text) == CODE


@pytest.mark.parametrize(
    "text", ["", "abcd", "abcd-efgh-jkmn-pqrs-2345-67ab-cdef-ghi", "ä" * 32, "0" * 33, "!" * 32]
)
def test_what_is_no_code_is_refused(text: str) -> None:
    with pytest.raises(CallError, match="eight groups"):
        parse_code(text)


def test_its_text_and_its_name_do_not_show_the_secret() -> None:
    assert CODE.secret not in repr(CODE)
    assert CODE.secret not in CODE.name
