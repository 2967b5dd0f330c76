"""Tests when frames are looked at, and that movement is seen."""

import numpy as np
import pytest
from numpy.typing import NDArray

from kiosk.lookout import SETTLED_LOOK_S, STILL_LOOK_S, Detail, Lookout, Movement

RNG = np.random.default_rng(7)


def noisy(shade: int = 120) -> NDArray[np.uint8]:
    """A picture of an empty room with a sensor's noise."""
    return np.clip(RNG.normal(shade, 6, (480, 640, 3)), 0, 255).astype(np.uint8)


def looks(
    seconds: float,
    *,
    moved: bool,
    present: bool = False,
    eager: bool = False,
    settled: bool = False,
    cost_s: float = 0.01,
) -> list[Detail]:
    """The looks taken at a camera of 15 frames a second over a time."""
    lookout, taken = Lookout(), []
    for number in range(round(seconds * 15)):
        now_s = number / 15
        detail = lookout.due(now_s, moved=moved, present=present, eager=eager, settled=settled)
        if detail is not None:
            lookout.looked(now_s, detail, cost_s)
            taken.append(detail)
    return taken


def test_noise_is_no_movement() -> None:
    movement = Movement()
    movement.seen(noisy())
    assert not any(movement.seen(noisy()) for _ in range(30))


def test_a_person_who_enters_is_movement() -> None:
    movement = Movement()
    movement.seen(noisy())
    picture = noisy()
    picture[200:320, 300:360] = 40
    assert movement.seen(picture)


def test_the_first_frame_is_looked_at() -> None:
    assert Movement().seen(noisy())


def test_a_camera_may_change_the_size_of_its_picture() -> None:
    movement = Movement()
    movement.seen(noisy())
    assert not movement.seen(np.ascontiguousarray(noisy()[:240]))


def test_an_empty_still_room_is_looked_at_every_two_seconds() -> None:
    assert len(looks(20.0, moved=False)) == pytest.approx(20 / STILL_LOOK_S, abs=1)


def test_a_room_in_which_something_moves_is_looked_at_a_few_times_a_second() -> None:
    taken = looks(10.0, moved=True)
    assert 30 <= len(taken) <= 55
    assert set(taken) == {Detail.COARSE, Detail.FINE}


def test_a_slow_machine_looks_less_often_at_an_empty_room() -> None:
    for cost_s in (0.03, 0.1, 0.3):
        taken = looks(60.0, moved=True, cost_s=cost_s)
        assert len(taken) * cost_s / 60 < max(0.1, cost_s * 1.4)


def test_every_frame_is_looked_at_while_somebodys_frames_are_missing() -> None:
    assert looks(2.0, moved=False, present=True, eager=True) == [Detail.FINE] * 30


def test_somebody_of_whom_nothing_is_wanted_is_kept_in_view_only() -> None:
    taken = looks(10.0, moved=True, present=True)
    assert 10 / SETTLED_LOOK_S / 2 < len(taken) <= 10 / SETTLED_LOOK_S + 1


def test_every_third_look_at_those_who_are_settled_goes_over_the_whole_frame() -> None:
    taken = looks(9.0, moved=True, present=True, settled=True)
    assert taken == [Detail.FINE, Detail.AGAIN, Detail.AGAIN] * (len(taken) // 3)


def test_whoever_frames_are_wanted_of_is_looked_for_in_the_whole_frame() -> None:
    for eager in (True, False):
        assert set(looks(5.0, moved=True, present=True, eager=eager)) == {Detail.FINE}


def test_movement_is_remembered_over_a_look_at_some_places() -> None:
    lookout = Lookout()
    lookout.looked(0.0, Detail.FINE, 0.01)
    assert lookout.due(0.1, moved=True, present=True, eager=False, settled=True) is None
    lookout.looked(0.2, Detail.AGAIN, 0.01)
    left = lookout.due(0.7, moved=False, present=False, eager=False, settled=True)
    assert left is Detail.FINE


def test_movement_is_remembered_until_the_next_look() -> None:
    lookout = Lookout()
    lookout.looked(0.0, Detail.FINE, 0.01)
    assert lookout.due(0.05, moved=True, present=False, eager=False, settled=True) is None
    again = lookout.due(0.3, moved=False, present=False, eager=False, settled=True)
    assert again is Detail.COARSE
