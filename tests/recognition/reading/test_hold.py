"""A held symbol counts once, in order, at any frame rate; noise never does."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recognition import ArgumentError
from recognition.reading.hold import Held, Hold, HoldRule

RULE = HoldRule()
# The frame rates of cameras, from a slow one on a busy machine to a quick one.
rates = st.floats(6, 60)
symbols = st.sampled_from("123")
readings = st.lists(
    st.tuples(st.sampled_from([None, "1", "2"]), st.floats(0, 0.4)), min_size=1, max_size=120
)
rules = st.builds(
    HoldRule, st.floats(0.3, 1.5), st.sampled_from([0.6, 0.8, 1.0]), st.floats(0.1, 0.8)
)

Signal = list[tuple[str | None, float]]
"""What is shown, and for how many seconds."""


def seen(signal: Signal, rate: float, rule: HoldRule = RULE) -> list[Held]:
    """Show a signal to a camera of this rate."""
    ends = np.cumsum([seconds for _, seconds in signal])
    hold = Hold(rule)
    times = np.arange(0, ends[-1], 1 / rate)
    shown = [signal[int(np.searchsorted(ends, time, "right"))][0] for time in times]
    return [hold.see(symbol, time) for symbol, time in zip(shown, times, strict=True)]


def counted(steps: list[Held]) -> str:
    return "".join(step.counted for step in steps if step.counted)


def test_a_held_symbol_counts_once() -> None:
    steps = seen([("5", 3.0)], 15)

    assert counted(steps) == "5"
    first = next(i for i, step in enumerate(steps) if step.counted)
    assert first == 12  # 0.8 s at 15 frames a second
    assert all(step == Held("5", 1.0, None) for step in steps[first + 1 :])


def test_progress_grows_evenly_until_it_counts() -> None:
    progress = [step.progress for step in seen([("5", 1.0)], 10)]

    assert progress[:9] == pytest.approx([i / 8 for i in range(9)])


def test_the_same_symbol_needs_a_gap() -> None:
    assert counted(seen([("5", 1), (None, 0.1), ("5", 1)], 15)) == "5"
    assert counted(seen([("5", 1), ("6", 0.4), ("5", 1)], 15)) == "5"
    assert counted(seen([("5", 1), (None, 0.5), ("5", 1)], 15)) == "55"


def test_another_symbol_between_needs_no_gap() -> None:
    assert counted(seen([("5", 1), ("6", 1.2), ("5", 1.2)], 15)) == "565"


def test_nothing_read_resets_what_was_held() -> None:
    assert counted(seen([("5", 0.6), (None, 0.4), ("5", 0.6), (None, 0.4), ("5", 0.6)], 15)) == ""


def test_a_short_miss_costs_a_later_symbol_no_more_than_the_first() -> None:
    rule = HoldRule(agreement=0.5)
    missed: Signal = [("6", 0.5), (None, 0.2), ("6", 0.2), (None, 0.15), ("6", 0.3)]

    assert counted(seen(missed, 20, rule)) == "6"
    assert counted(seen([("5", 1.0), *missed], 20, rule)) == "56"


def test_a_reader_that_errs_now_and_then_is_forgiven() -> None:
    signal: Signal = [("5", 0.3), ("6", 0.1), ("5", 0.5)]

    assert counted(seen(signal, 20)) == "5"
    assert counted(seen(signal, 20, HoldRule(agreement=1.0))) == ""


def test_a_camera_that_stood_still_has_seen_nothing_held() -> None:
    hold = Hold()

    assert [hold.see("5", at).counted for at in (0.0, 5.0, 10.0, 15.0)] == [None] * 4


def test_a_clock_that_goes_back_stands_still() -> None:
    hold = Hold()
    for at in (10.0, 10.2, 3.0, 10.4):
        assert hold.see("5", at).counted is None

    assert hold.see("5", 10.6).counted is None
    assert hold.see("5", 10.8).counted == "5"


@pytest.mark.parametrize("time", [float("nan"), float("inf"), float("-inf")])
def test_a_time_that_is_none_is_refused_and_changes_nothing(time: float) -> None:
    hold = Hold()
    for number in range(8):
        hold.see("5", number / 10)

    with pytest.raises(ArgumentError, match="needs a time in seconds"):
        hold.see("5", time)

    assert hold.see("5", 0.8).counted == "5"


def test_a_reset_forgets_what_counted() -> None:
    hold = Hold()
    for _ in range(2):
        given_now = [hold.see("5", number / 10).counted for number in range(9)]
        assert given_now[-1] == "5"
        hold.reset()


@pytest.mark.parametrize(
    "wrong",
    [{"hold_s": 0}, {"gap_s": -1}, {"agreement": 0}, {"agreement": 1.1}, {"hold_s": float("nan")}],
)
def test_a_rule_that_means_nothing_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="must be above 0"):
        HoldRule(**wrong)


@given(rules, readings)
def test_no_symbol_counts_that_was_not_read_for_its_share_of_the_hold(
    rule: HoldRule, given_readings: list[tuple[str | None, float]]
) -> None:
    hold, now, past = Hold(rule), 0.0, list[tuple[float, float, str | None]]()
    for symbol, step in given_readings:
        past.append((now, now + step, symbol))
        now += step
        held = hold.see(symbol, now)
        assert 0 <= held.progress <= 1
        if held.counted is None:
            continue
        assert held.counted == symbol
        start = now - rule.hold_s
        missed = sum(
            until - max(since, start)
            for since, until, read in past
            if until > start and read != symbol
        )
        assert missed <= (1 - rule.agreement) * rule.hold_s + 1e-5
        # It was read at the window's beginning, or before.
        assert any(read == symbol and until <= start + 1e-5 for _, until, read in past)


@given(rules, readings)
def test_nothing_counts_twice_without_a_gap(
    rule: HoldRule, given_readings: list[tuple[str | None, float]]
) -> None:
    hold, now, last, nothing_s = Hold(rule), 0.0, None, 0.0
    for symbol, step in given_readings:
        now += step
        nothing_s += step if symbol is None else 0
        counted_now = hold.see(symbol, now).counted
        if counted_now is None:
            continue
        assert counted_now != last or nothing_s >= rule.gap_s - 1e-5
        last, nothing_s = counted_now, 0.0


@settings(max_examples=25)
@given(st.lists(symbols, min_size=1, max_size=6), rates, st.data())
def test_what_is_held_is_spelt_in_order_at_any_frame_rate(
    shown: list[str], rate: float, data: st.DataObject
) -> None:
    signal: Signal = []
    for symbol in shown:
        signal.append((symbol, RULE.hold_s + data.draw(st.floats(0.4, 1.5))))
        signal.append((None, RULE.gap_s + data.draw(st.floats(0.4, 1.0))))

    assert counted(seen(signal, rate)) == "".join(shown)


@settings(max_examples=25)
@given(st.lists(symbols, min_size=2, max_size=6), rates)
def test_what_is_held_too_shortly_never_counts(shown: list[str], rate: float) -> None:
    signal: Signal = [pair for symbol in shown for pair in ((symbol, 0.6), (None, 0.35))]

    assert counted(seen(signal, rate)) == ""


@settings(max_examples=25)
@given(st.integers(0, 2**32 - 1), rates)
def test_noise_spells_nothing(seed: int, rate: float) -> None:
    noise = np.random.default_rng(seed).choice([None, *"0123456789"], 400)
    hold = Hold()

    assert not any(hold.see(symbol, at / rate).counted for at, symbol in enumerate(noise))
