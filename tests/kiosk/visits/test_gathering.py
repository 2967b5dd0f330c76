"""Tests the choice of frames."""

import itertools
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from kiosk.visits import Gathering, VisitRules
from recognition import Reason
from tests.kiosk.faces import sighting

RULES = VisitRules()


def gathered(*moments: tuple[float, float]) -> Gathering:
    """A gathering that saw good faces at these times with these qualities."""
    made = Gathering(RULES)
    for time_s, overall in moments:
        made.add(sighting(time_s, overall=overall))
    return made


def test_it_is_not_ready_before_it_has_seen_anything() -> None:
    assert not Gathering(RULES).ready(100.0)


def test_it_keeps_nothing_that_has_a_fault() -> None:
    made = Gathering(RULES)
    made.add(sighting(1.0, Reason.BLURRED))
    assert made.kept == ()


def test_it_keeps_nothing_in_which_a_bystander_may_have_been_overlooked() -> None:
    made = Gathering(RULES)
    made.add(replace(sighting(1.0), whole=False))
    assert made.kept == ()


def test_it_is_ready_with_enough_frames_a_little_apart() -> None:
    made = gathered((0.0, 0.9), (0.1, 0.9), (0.2, 0.9))
    assert not made.ready(0.2)
    made.add(sighting(0.3))
    assert made.ready(0.3)


def test_frames_that_follow_at_once_are_no_further_frames() -> None:
    made = gathered((0.0, 0.9), (0.02, 0.9), (0.04, 0.9), (0.06, 0.9))
    assert len(made.kept) == 1


def test_after_a_refusal_frames_are_taken_farther_apart() -> None:
    made = Gathering(RULES, again=True)
    for step in range(12):
        made.add(sighting(step / 15))
    times = [kept.time_s for kept in made.kept]
    assert len(times) == 3
    assert all(later - earlier >= 0.25 for earlier, later in itertools.pairwise(times))


def test_a_later_try_takes_no_longer_than_people_wait() -> None:
    made = Gathering(RULES, again=True)
    begun = 0
    while not made.ready(begun / 15):
        made.add(sighting(begun / 15))
        begun += 1
    assert len(made.kept) == RULES.wanted
    assert begun / 15 <= RULES.longest_gather_s


def test_of_frames_close_together_it_keeps_the_best() -> None:
    made = gathered((0.0, 0.5), (0.03, 0.8), (0.06, 0.6))
    assert [kept.time_s for kept in made.kept] == [0.03]


def test_one_good_frame_has_to_do_when_no_other_comes() -> None:
    made = gathered((0.0, 0.9))
    assert not made.ready(RULES.longest_gather_s - 0.01)
    assert made.ready(RULES.longest_gather_s)


def test_it_waits_while_the_frames_still_get_better_and_drops_the_worst() -> None:
    made = gathered((0.0, 0.3), (0.1, 0.5), (0.2, 0.7), (0.3, 0.9))
    assert not made.ready(0.3)
    for time_s in (0.4, 0.5, 0.6):
        made.add(sighting(time_s, overall=0.9))
    assert made.ready(0.6)
    assert min(kept.face.quality.overall for kept in made.kept) == 0.9


def test_it_does_not_wait_for_ever_for_better_frames() -> None:
    made = gathered((0.0, 0.2), (0.3, 0.4), (0.6, 0.6), (0.9, 0.9))
    assert made.ready(RULES.longest_gather_s)


def test_a_camera_of_twelve_and_a_half_frames_a_second_loses_none_to_rounding() -> None:
    made = gathered(*((0.08 * number, 0.9) for number in range(4)))
    assert len(made.kept) == 4


@given(
    st.lists(
        st.tuples(st.floats(0.001, 0.3), st.floats(0.0, 1.0)),
        min_size=1,
        max_size=60,
    )
)
def test_what_it_keeps_is_few_in_order_and_spread(steps: list[tuple[float, float]]) -> None:
    made, time_s = Gathering(RULES), 0.0
    for step_s, overall in steps:
        time_s += step_s
        made.add(sighting(time_s, overall=overall))
        times = [kept.time_s for kept in made.kept]
        assert 1 <= len(times) <= RULES.wanted
        assert times == sorted(times)
        gaps = [late - early for early, late in itertools.pairwise(times)]
        assert all(gap >= RULES.spacing_s - 0.002 for gap in gaps)
