"""What the screen says: one prompt, derived from everything the kiosk knows. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kiosk.camera import CameraState
from kiosk.link import LinkState
from kiosk.visits import Phase, Standing
from recognition import Reason

NEWS_S = 2.5
"""An answer stays at least this long, whoever else steps up: time to read four words."""
WELCOME_S = 6.0
REFUSAL_S = 8.0
"""Reading what to do takes longer than reading one's name."""


class State(StrEnum):
    """What the screen shows."""

    STARTING = "starting"
    IDLE = "idle"
    COME_CLOSER = "come_closer"
    HOLD_STILL = "hold_still"
    LOOKING = "looking"
    WELCOME = "welcome"
    REFUSED = "refused"
    OFFLINE = "offline"
    CAMERA_LOST = "camera_lost"
    CLOCK_WRONG = "clock_wrong"
    OUT_OF_SERVICE = "out_of_service"


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a visit's capture, as far as the person may see it."""

    accepted: bool
    reason: str
    message: str = ""
    """The server's own words, for a reason that the screen has none for."""
    name: str | None = None
    at: datetime | None = None
    """When the person was captured, in UTC."""
    repeat: bool = False


@dataclass(frozen=True, slots=True)
class Prompt:
    """One state of the screen."""

    state: State
    reason: str = ""
    """A hint's or refusal's code."""
    message: str = ""
    name: str | None = None
    at: datetime | None = None
    repeat: bool = False


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything a prompt is derived from."""

    now_s: float
    camera: CameraState
    link: LinkState
    clock_wrong: bool
    standings: Sequence[Standing]
    results: Mapping[int, Result]
    """The last result of each visit, by its number."""


def prompt_for(situation: Situation) -> Prompt:
    """What to say now: first what stops the kiosk, then news, then advice, then what was said."""
    out_of_order = _out_of_order(situation)
    if out_of_order:
        return Prompt(out_of_order)
    news = _news(situation, NEWS_S)
    if news:
        return news
    advice = _advice(situation)
    if advice:
        return advice
    return _news(situation, WELCOME_S) or _standing_refusal(situation) or _at_rest(situation)


def _out_of_order(situation: Situation) -> State | None:
    if situation.link is LinkState.OUT_OF_SERVICE:
        return State.OUT_OF_SERVICE
    if situation.camera is CameraState.LOST:
        return State.CAMERA_LOST
    if situation.clock_wrong:
        return State.CLOCK_WRONG
    return None


def _news(situation: Situation, lasting_s: float) -> Prompt | None:
    """The newest answer that is not older than `lasting_s`."""
    fresh = [
        standing
        for standing in situation.standings
        if standing.phase in {Phase.ACCEPTED, Phase.REFUSED, Phase.SPENT}
        and standing.visit in situation.results
        and situation.now_s - standing.news_s < lasting_s
    ]
    if not fresh:
        return None
    newest = max(fresh, key=lambda standing: standing.news_s)
    return _said(situation.results[newest.visit])


def _advice(situation: Situation) -> Prompt | None:
    """What the person nearest to the door should do, while something is wanted of them."""
    wanted = {Phase.GATHERING, Phase.PREPARING, Phase.WAITING}
    here = [s for s in situation.standings if s.in_view and s.phase in wanted]
    if not here:
        return None
    nearest = max(here, key=lambda standing: standing.box.width)
    if situation.link is LinkState.OFFLINE:
        return Prompt(State.OFFLINE)
    if nearest.phase is not Phase.GATHERING or not nearest.steady or nearest.hint is None:
        return Prompt(State.LOOKING)
    if nearest.hint is Reason.FACE_TOO_SMALL:
        return Prompt(State.COME_CLOSER)
    return Prompt(State.HOLD_STILL, reason=nearest.hint.value)


def _standing_refusal(situation: Situation) -> Prompt | None:
    """The refusal of somebody who still stands there, or has just turned away."""
    refused = [
        standing
        for standing in situation.standings
        if standing.phase in {Phase.REFUSED, Phase.SPENT}
        and standing.visit in situation.results
        and (standing.in_view or situation.now_s - standing.news_s < REFUSAL_S)
    ]
    if not refused:
        return None
    newest = max(refused, key=lambda standing: standing.news_s)
    return _said(situation.results[newest.visit])


def _at_rest(situation: Situation) -> Prompt:
    if situation.link is LinkState.OFFLINE:
        return Prompt(State.OFFLINE)
    starting = situation.camera is CameraState.OPENING or situation.link is LinkState.STARTING
    return Prompt(State.STARTING if starting else State.IDLE)


def _said(result: Result) -> Prompt:
    return Prompt(
        state=State.WELCOME if result.accepted else State.REFUSED,
        reason="" if result.accepted else result.reason,
        message="" if result.accepted else result.message,
        name=result.name,
        at=result.at,
        repeat=result.repeat,
    )
