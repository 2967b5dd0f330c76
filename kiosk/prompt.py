"""What the screen says: one prompt, derived from everything the kiosk knows. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from kiosk.camera import CameraState
from kiosk.doors.standing_open import Held
from kiosk.link import LinkState
from kiosk.pin.values import CHECKING, STILL_TRYING, EntryView
from kiosk.visits import Phase, Standing
from recognition import Reason, Side

NEWS_S = 2.5
"""An answer stays at least this long, whoever else steps up: time to read four words."""
WELCOME_S = 6.0
REFUSAL_S = 8.0
"""Reading what to do takes longer than reading one's name."""

PINS_OFFLINE = "pins_offline"
"""What to do without a connection where number and PIN still open the door."""


class State(StrEnum):
    """What the screen shows."""

    STARTING = "starting"
    IDLE = "idle"
    COME_CLOSER = "come_closer"
    HOLD_STILL = "hold_still"
    LOOKING = "looking"
    PIN = "pin"
    WELCOME = "welcome"
    REFUSED = "refused"
    OFFLINE = "offline"
    CAMERA_LOST = "camera_lost"
    CLOCK_WRONG = "clock_wrong"
    OUT_OF_SERVICE = "out_of_service"
    LOCKDOWN = "lockdown"
    EMERGENCY = "emergency"
    DOOR_STUCK = "door_stuck"


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
    retry_after_s: int = 0
    """Too many wrong PINs: how long nobody may try."""
    first_today: bool = False
    direction: str = ""


@dataclass(frozen=True, slots=True)
class Prompt:
    """One state of the screen."""

    state: State
    reason: str = ""
    """A hint's or refusal's code."""
    toward: Side | None = None
    """Where to turn, of a hint that knows."""
    message: str = ""
    name: str | None = None
    at: datetime | None = None
    repeat: bool = False
    retry_after_s: int = 0
    first_today: bool = False
    direction: str = ""
    entry: EntryView | None = None
    """What is being entered, in state PIN."""


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
    entry: EntryView | None = None
    """What is being entered; None where nobody is asked."""
    entry_news: tuple[Result, float] | None = None
    """What came of the last entry, and when."""
    lockdown: bool = False
    """The server says that this door is locked down."""
    emergency: Held = Held.NOT
    """Whether the door stands open for everybody."""
    pins_offline: bool = False
    """Number and PIN open this door without the server."""


def prompt_for(situation: Situation) -> Prompt:
    """What to say now: first what stops the kiosk, then news, then advice, then what was said."""
    if situation.link is LinkState.OUT_OF_SERVICE:
        return Prompt(State.OUT_OF_SERVICE)
    if situation.emergency is not Held.NOT:
        # Before everything else: nobody stops to be greeted, or to type.
        stuck = situation.emergency is Held.STUCK
        return Prompt(State.DOOR_STUCK if stuck else State.EMERGENCY)
    told = _entered(situation) or _out_of_order(situation) or _news(situation, NEWS_S)
    if told:
        return told
    advice = _advice(situation)
    if advice:
        return advice
    return _news(situation, WELCOME_S) or _standing_refusal(situation) or _at_rest(situation)


def _entered(situation: Situation) -> Prompt | None:
    """What is being entered, or what came of it. Needs no camera: number and PIN go without."""
    entry = situation.entry
    if entry is not None:
        # A number's PIN may be decided here; an answer to a face waits for the server.
        waits = entry.other_way or not situation.pins_offline
        if waits and situation.link is LinkState.OFFLINE and entry.hint in {"", CHECKING}:
            entry = replace(entry, hint=STILL_TRYING)
        return Prompt(State.PIN, reason=entry.hint, entry=entry)
    if situation.entry_news is None:
        return None
    result, at_s = situation.entry_news
    lasting_s = WELCOME_S if result.accepted else REFUSAL_S
    return _said(result) if situation.now_s - at_s < lasting_s else None


def _out_of_order(situation: Situation) -> Prompt | None:
    if situation.camera is CameraState.LOST:
        return Prompt(State.CAMERA_LOST)
    return Prompt(State.CLOCK_WRONG) if situation.clock_wrong else None


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
        return _offline(situation)
    if nearest.phase is not Phase.GATHERING or not nearest.steady or nearest.hint is None:
        return Prompt(State.LOOKING)
    if nearest.hint.reason is Reason.FACE_TOO_SMALL:
        return Prompt(State.COME_CLOSER)
    hint = nearest.hint
    return Prompt(State.HOLD_STILL, reason=hint.reason.value, toward=hint.toward)


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
        return _offline(situation)
    if situation.lockdown:
        return Prompt(State.LOCKDOWN)
    starting = situation.camera is CameraState.OPENING or situation.link is LinkState.STARTING
    return Prompt(State.STARTING if starting else State.IDLE)


def _offline(situation: Situation) -> Prompt:
    return Prompt(State.OFFLINE, reason=PINS_OFFLINE if situation.pins_offline else "")


def _said(result: Result) -> Prompt:
    if not result.accepted and result.reason == "lockdown":
        return Prompt(State.LOCKDOWN)
    return Prompt(
        state=State.WELCOME if result.accepted else State.REFUSED,
        reason="" if result.accepted else result.reason,
        message="" if result.accepted else result.message,
        name=result.name,
        at=result.at,
        repeat=result.repeat,
        retry_after_s=result.retry_after_s,
        first_today=result.first_today,
        direction=result.direction,
    )
