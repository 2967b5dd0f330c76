"""Held symbols become text."""

from recognition.reading.speller import Speller, shown_symbol
from recognition.reading.values import Reading


def reading(symbol: str | None) -> Reading:
    return Reading(symbol, 0.9, None)


def test_symbols_of_a_row_are_read_as_one() -> None:
    assert shown_symbol([reading("1"), reading("7")]) == "17"
    assert shown_symbol([reading("1"), reading(None)]) is None
    assert shown_symbol([]) is None


def test_held_rows_and_symbols_are_added() -> None:
    speller, now, texts = Speller(), 0.0, []
    for shown in ("4", None, "17", None):
        for _ in range(12):
            now += 0.1
            row = [reading(symbol) for symbol in shown] if shown else []
            texts.append(speller.see(row, now).text)

    assert texts[-1] == "417"
    assert list(dict.fromkeys(texts)) == ["", "4", "417"]


def test_a_text_that_nobody_clears_keeps_its_end() -> None:
    speller, now = Speller(), 0.0
    for number in range(70):
        for _ in range(10):
            now += 0.1
            spelt = speller.see([reading(str(number % 10))], now)

    assert len(spelt.text) == 64
    assert spelt.text.endswith("6789")
