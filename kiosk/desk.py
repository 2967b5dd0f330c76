"""Asks whoever stands there for a PIN, a number or a challenge, and brings it to the server."""

from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import replace
from typing import Any

from kiosk.answers import Decided, NeedsPin
from kiosk.asking import Lost, answer_to
from kiosk.entry_request import EntryRequest, make_entry_request
from kiosk.pin import (
    Ask,
    Cancelled,
    Effect,
    Entry,
    EntryRules,
    EntryView,
    Field,
    Given,
    Key,
    Ring,
    Seen,
    Source,
)
from kiosk.pin.rules import DEFAULT_RULES
from kiosk.pin.values import CHECKING
from kiosk.prompt import Result
from kiosk.visits import Outcome

AGAIN_S = 4.0
"""After a wrong PIN it is asked for again while at least this much of the server's time is left."""
NUMBER_S = 60.0
"""How long number and PIN may take; nobody waits for them but the person."""
TRY_AGAIN = {"wrong_pin", "wrong_challenge", "offline_pin"}
ORDER = (
    ("number", Field.NUMBER),
    ("challenge", Field.CHALLENGE),
    ("pin", Field.PIN),
)

Deliver = Callable[[EntryRequest], Awaitable[Decided | NeedsPin]]
Act = Callable[[EntryRequest, Decided], tuple[Outcome, Result | None]]
Leave = Callable[[int, Outcome, Result | None], None]
Spawn = Callable[[Coroutine[Any, Any, None]], None]


class Desk:
    """One entry at a time. Lives in one event loop; times are those of the running clock."""

    def __init__(
        self,
        *,
        deliver: Deliver,
        act: Act,
        leave: Leave,
        spawn: Spawn,
        clock: Callable[[], float],
        rules: EntryRules = DEFAULT_RULES,
    ) -> None:
        """`act` acts on a decision, `leave` closes a visit that waited for an entry."""
        self._deliver = deliver
        self._act = act
        self._leave = leave
        self._spawn = spawn
        self._clock = clock
        self._rules = rules
        self._entry: Entry | None = None
        self._sending = 0
        self.news: tuple[Result, float] | None = None
        """What came of the last entry, and when."""

    @property
    def active(self) -> bool:
        """Whether somebody is being asked."""
        return self._entry is not None

    @property
    def reads(self) -> bool:
        """Whether the camera's pictures are to be read for digits."""
        return self._entry is not None and not self._sending

    def ask(self, needs: NeedsPin, visit: int) -> bool:
        """Ask for what the server wants of a visit; False where somebody else is being asked."""
        if self._entry is not None:
            return False
        self._entry = Entry(self._ask_of(needs, visit), self._clock(), self._rules)
        return True

    def press(self, key: str, source: Source) -> None:
        """Take a key; where nobody is asked, the first one begins a number."""
        now_s = self._clock()
        if self._entry is None:
            if key in (Key.CANCEL, Key.ENTER, Key.DELETE):
                return
            fields = (Field.NUMBER, Field.PIN)
            self._entry = Entry(Ask(fields, now_s + NUMBER_S), now_s, self._rules)
            if key == Key.OTHER_WAY:
                return
        if not self._sending:
            visit = self._entry.ask.visit
            self._take(self._entry.key(key, source, now_s))
            if key == Key.OTHER_WAY and visit is not None:
                # The face's own visit waits no longer: another way was chosen.
                self._close(visit, Outcome.UNDELIVERED, None)

    def see(self, seen: Seen, now_s: float) -> None:
        """Take what was read in a frame."""
        if self._entry is not None and not self._sending:
            self._take(self._entry.see(seen, now_s))

    def tick(self) -> None:
        """See whether the time is up."""
        if self._entry is not None and not self._sending:
            self._take(self._entry.tick(self._clock()))

    def view(self) -> EntryView | None:
        """What the screen shows; None where nobody is asked."""
        if self._entry is None:
            return None
        view = self._entry.view(self._clock())
        if self._sending:
            return replace(view, typed=self._sending, ring=Ring.NONE, hint=CHECKING)
        return view

    def _take(self, effect: Effect | None) -> None:
        if isinstance(effect, Given):
            given = effect.pin or effect.challenge
            self._sending = len(given) if given else 1
            self._spawn(self._send(effect))
        elif isinstance(effect, Cancelled):
            reason = "timed_out" if effect.timed_out else "cancelled"
            result = Result(accepted=False, reason=reason)
            self._end(effect.ask, Outcome.UNDELIVERED, result)

    async def _send(self, given: Given) -> None:
        request = make_entry_request(given)
        answer = await answer_to(request.id, self._deliver(request), undelivered="undelivered")
        self._sending = 0
        entry = self._entry
        if entry is None:
            return
        now_s = self._clock()
        if isinstance(answer, NeedsPin):
            entry.again(self._ask_of(answer, given.ask.visit), now_s, refused=answer.reason)
        elif isinstance(answer, Lost):
            self._end(given.ask, answer.outcome, answer.result)
        elif answer.reason in TRY_AGAIN and given.ask.until_s - now_s > AGAIN_S:
            self._act(request, answer)
            entry.again(given.ask, now_s, refused=answer.reason)
        else:
            outcome, result = self._act(request, answer)
            too_late = Result(accepted=False, reason="undelivered")
            self._end(given.ask, outcome, result or too_late)

    def _ask_of(self, needs: NeedsPin, visit: int | None) -> Ask:
        fields = tuple(field for wanted, field in ORDER if wanted in needs.wanted)
        if Field.CHALLENGE in fields:
            # First: the face is still before the camera. The server says if it wants more then.
            fields = (Field.CHALLENGE,)
        until_s = self._clock() + needs.seconds
        return Ask(fields, until_s, needs.ask_about, visit, needs.challenge)

    def _end(self, ask: Ask, outcome: Outcome, result: Result | None) -> None:
        self._entry = None
        cancelled = result is not None and result.reason == "cancelled"
        if result is not None and not cancelled:
            self.news = (result, self._clock())
        if ask.visit is not None:
            self._close(ask.visit, outcome, result)

    def _close(self, visit: int, outcome: Outcome, result: Result | None) -> None:
        self._leave(visit, outcome, result)
