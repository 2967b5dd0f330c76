"""Tests what the screen says in which situation."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from kiosk.camera import CameraState
from kiosk.doors.standing_open import Held
from kiosk.link import LinkState
from kiosk.pin.values import CHECKING, STILL_TRYING, EntryView, Field
from kiosk.prompt import NEWS_S, Prompt, Result, Situation, State, prompt_for
from kiosk.visits import Phase, Standing
from recognition import Advice, Reason, Side
from tests.kiosk.faces import box_at

NOBODY: Mapping[int, Result] = {}
ADA = Result(accepted=True, reason="matched", name="Ada")
STRANGER = Result(accepted=False, reason="not_recognised", message="No.")


def standing(
    visit: int,
    phase: Phase,
    *,
    width: float = 200,
    hint: Reason | None = None,
    toward: Side | None = None,
    steady: bool = True,
    in_view: bool = True,
    news_s: float = 0.0,
) -> Standing:
    """How a visit stands."""
    advice = Advice(hint, toward) if hint else None
    return Standing(visit, phase, in_view, box_at(320, 240, width), advice, steady, news_s)


def say(
    *standings: Standing,
    results: Mapping[int, Result] = NOBODY,
    now_s: float = 100.0,
    camera: CameraState = CameraState.SHOWING,
    link: LinkState = LinkState.ONLINE,
    clock_wrong: bool = False,
) -> Prompt:
    """The prompt of a situation."""
    return prompt_for(Situation(now_s, camera, link, clock_wrong, standings, results))


def test_nobody_there_is_idle() -> None:
    assert say().state is State.IDLE
    assert say(camera=CameraState.ENDED).state is State.IDLE


def test_before_camera_and_server_are_there_it_is_starting() -> None:
    assert say(camera=CameraState.OPENING).state is State.STARTING
    assert say(link=LinkState.STARTING).state is State.STARTING


def test_what_stops_the_kiosk_goes_before_everything() -> None:
    there = standing(1, Phase.ACCEPTED, news_s=99.9)
    told = {"results": {1: ADA}}
    assert say(there, results=told["results"]).state is State.WELCOME
    assert say(there, results={1: ADA}, camera=CameraState.LOST).state is State.CAMERA_LOST
    assert say(there, results={1: ADA}, clock_wrong=True).state is State.CLOCK_WRONG
    revoked = say(there, results={1: ADA}, link=LinkState.OUT_OF_SERVICE, camera=CameraState.LOST)
    assert revoked.state is State.OUT_OF_SERVICE


def test_a_face_too_far_away_is_asked_to_come_closer() -> None:
    assert say(standing(1, Phase.GATHERING, hint=Reason.FACE_TOO_SMALL)).state is State.COME_CLOSER


def test_a_face_with_another_fault_is_told_what_to_do() -> None:
    prompt = say(standing(1, Phase.GATHERING, hint=Reason.FACE_TURNED))
    assert prompt == Prompt(State.HOLD_STILL, reason="face_turned")
    sided = say(standing(1, Phase.GATHERING, hint=Reason.UNEVEN_LIGHT, toward=Side.LEFT))
    assert sided == Prompt(State.HOLD_STILL, reason="uneven_light", toward=Side.LEFT)


def test_somebody_who_is_still_walking_up_is_not_told_to_hold_still() -> None:
    walking = standing(1, Phase.GATHERING, hint=Reason.BLURRED, steady=False)
    assert say(walking).state is State.LOOKING


def test_while_frames_are_gathered_or_the_answer_is_out_it_is_looking() -> None:
    for phase in (Phase.GATHERING, Phase.PREPARING, Phase.WAITING):
        assert say(standing(1, phase)).state is State.LOOKING


def test_the_nearest_person_is_talked_to() -> None:
    far = standing(1, Phase.GATHERING, width=80, hint=Reason.FACE_TOO_SMALL)
    near = standing(2, Phase.GATHERING, width=200)
    assert say(far, near).state is State.LOOKING


def test_without_a_connection_people_are_told_so() -> None:
    assert say(link=LinkState.OFFLINE).state is State.OFFLINE
    assert say(standing(1, Phase.WAITING), link=LinkState.OFFLINE).state is State.OFFLINE


def test_an_accepted_person_is_greeted_also_when_already_gone() -> None:
    gone = standing(1, Phase.ACCEPTED, in_view=False, news_s=98.0)
    prompt = say(gone, results={1: ADA})
    assert (prompt.state, prompt.name) == (State.WELCOME, "Ada")


@pytest.mark.parametrize(
    ("held", "state"), [(Held.OPEN, State.EMERGENCY), (Held.STUCK, State.DOOR_STUCK)]
)
def test_an_emergency_is_said_before_everything_but_a_kiosk_out_of_service(
    held: Held, state: State
) -> None:
    entry = EntryView(Field.PIN, 2, left_s=20)
    nobody = Situation(100.0, CameraState.LOST, LinkState.ONLINE, False, (), NOBODY)
    stands = replace(nobody, entry=entry, lockdown=True)
    said = prompt_for(replace(stands, emergency=held))
    assert said.state is state
    gone = replace(stands, emergency=held, link=LinkState.OUT_OF_SERVICE)
    assert prompt_for(gone).state is State.OUT_OF_SERVICE


def test_a_greeting_ends() -> None:
    there = standing(1, Phase.ACCEPTED, news_s=90.0)
    assert say(there, results={1: ADA}).state is State.IDLE


def test_a_refusal_stays_while_the_person_stands_there() -> None:
    there = standing(1, Phase.SPENT, news_s=50.0)
    prompt = say(there, results={1: STRANGER})
    assert prompt == Prompt(State.REFUSED, reason="not_recognised", message="No.")
    gone = standing(1, Phase.SPENT, news_s=50.0, in_view=False)
    assert say(gone, results={1: STRANGER}).state is State.IDLE


def test_a_refusal_names_nobody() -> None:
    assert say(standing(1, Phase.REFUSED, news_s=99.0), results={1: STRANGER}).name is None


def test_news_is_not_wiped_away_by_the_next_person_at_once() -> None:
    first = standing(1, Phase.ACCEPTED, news_s=99.0)
    second = standing(2, Phase.GATHERING, hint=Reason.BLURRED)
    assert say(first, second, results={1: ADA}).state is State.WELCOME
    later = say(first, second, results={1: ADA}, now_s=99.0 + NEWS_S + 0.1)
    assert later.state is State.HOLD_STILL


def test_of_two_answers_the_newer_is_shown() -> None:
    first = standing(1, Phase.ACCEPTED, news_s=98.0)
    second = standing(2, Phase.REFUSED, news_s=99.0)
    assert say(first, second, results={1: ADA, 2: STRANGER}).state is State.REFUSED


def test_a_settled_visit_without_a_result_says_nothing() -> None:
    assert say(standing(1, Phase.REFUSED, news_s=99.9)).state is State.IDLE


@pytest.mark.parametrize(
    ("link", "hint", "said"),
    [
        (LinkState.OFFLINE, "", STILL_TRYING),
        (LinkState.OFFLINE, CHECKING, STILL_TRYING),
        (LinkState.OFFLINE, "wrong_pin", "wrong_pin"),
        (LinkState.ONLINE, "", ""),
        (LinkState.ONLINE, CHECKING, CHECKING),
    ],
)
def test_whoever_types_while_the_line_is_cut_is_told(link: LinkState, hint: str, said: str) -> None:
    entry = EntryView(Field.PIN, typed=2, hint=hint)
    prompt = prompt_for(Situation(100.0, CameraState.SHOWING, link, False, (), NOBODY, entry=entry))
    assert prompt.state is State.PIN
    assert (prompt.reason, prompt.entry and prompt.entry.hint) == (said, said)
