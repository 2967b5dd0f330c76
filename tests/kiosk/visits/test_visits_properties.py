"""Properties of the ledger of visits, whatever people and servers do."""

import itertools
from collections import Counter

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kiosk.visits import Outcome, VisitRules
from recognition import Reason
from tests.kiosk.visits.door import Play, Stay

RULES = VisitRules()
MOST_CAPTURES = 1 + RULES.retries + 1
"""The first, the retries, and one for a capture that could not be decided."""

FRAME_S = 0.2
"""The time between two frames of the slowest camera here."""

outcomes = st.lists(st.sampled_from(list(Outcome)), min_size=1, max_size=12)
faults = st.sampled_from([(), (), (), (Reason.BLURRED,), (Reason.FACE_TOO_SMALL,)])
moments = st.floats(0.0, 20.0)
stays = st.lists(
    st.builds(
        lambda person, start, long, x, faults: Stay(person, start, start + long, x, faults),
        person=st.integers(0, 4),
        start=moments,
        long=st.floats(0.0, 15.0),
        x=st.floats(100.0, 540.0),
        faults=faults,
    ),
    max_size=5,
)


def scripted(script: list[Outcome]) -> "Play":
    """A play whose server answers in turn as the script says, over and over."""
    turns = iter(range(10**9))
    return Play([], answer=lambda person, count: script[next(turns) % len(script)])


@settings(deadline=None, max_examples=150)
@given(stays, outcomes, st.sampled_from([5.0, 15.0, 30.0]), st.floats(0.0, 10.0))
def test_a_visit_is_accepted_at_most_once_and_asked_about_in_order_and_seldom(
    people: list[Stay], script: list[Outcome], fps: float, delay_s: float
) -> None:
    play = scripted(script)
    play.stays, play.fps, play.delay_s = people, fps, delay_s
    sent = play.run(40)

    accepted = Counter(s.visit for s in sent if s.outcome is Outcome.ACCEPTED)
    assert all(count == 1 for count in accepted.values())
    for visit in {s.visit for s in sent}:
        captures = [s for s in sent if s.visit == visit]
        assert len(captures) <= MOST_CAPTURES
        assert [s.outcome for s in captures[:-1]].count(Outcome.ACCEPTED) == 0
        gaps = [late.at_s - early.at_s for early, late in itertools.pairwise(captures)]
        assert all(gap >= delay_s - 1e-6 for gap in gaps), "asked again before the answer"
    assert all(1 <= s.frames <= RULES.wanted for s in sent)
    assert [s.at_s for s in sent] == sorted(s.at_s for s in sent)


@st.composite
def orderly_stays(draw: st.DrawFn) -> list[Stay]:
    """People who come one after the other, each for long enough, with clear gaps."""
    now_s, people = 1.0, []
    for person in draw(st.lists(st.integers(0, 9), min_size=1, max_size=5)):
        long_s = draw(st.floats(2.0, 6.0))
        people.append(Stay(person, now_s, now_s + long_s))
        now_s += long_s + draw(st.floats(1.5, 4.0))
    return people


def absences(people: list[Stay]) -> list[float]:
    """How long each was away before they came back."""
    left: dict[int, float] = {}
    away = []
    for stay in people:
        if stay.person in left:
            away.append(stay.from_s - left[stay.person])
        left[stay.person] = stay.to_s
    return away


def test_who_is_back_in_time_is_known_however_slow_the_camera() -> None:
    away_s = RULES.cool_down_s - 2 * FRAME_S
    stays = [Stay(1, 1.0, 3.0), Stay(1, 3.0 + away_s, 6.0 + away_s)]
    for fps in (5.0, 15.0, 60.0):
        assert len(Play(stays, fps=fps).run(8 + away_s)) == 1


@settings(deadline=None, max_examples=60)
@given(orderly_stays())
def test_the_rate_of_the_camera_changes_nothing_about_who_is_asked_about(
    people: list[Stay],
) -> None:
    # Whether somebody is back just within the cool-down may turn on a single frame.
    assume(all(abs(away_s - RULES.cool_down_s) > FRAME_S for away_s in absences(people)))
    until_s = people[-1].to_s + 2
    asked = {
        fps: [s.person for s in Play(people, fps=fps).run(until_s)]
        for fps in (5.0, 8.0, 15.0, 25.0, 60.0)
    }
    assert len({tuple(persons) for persons in asked.values()}) == 1, asked
    # And each person is asked about exactly once, until the cool-down is over.
    assert set(asked[15.0]) == {stay.person for stay in people}
