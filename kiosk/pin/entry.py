"""One person's entry of number, PIN or challenge: a state machine without a clock or a camera."""

from dataclasses import dataclass, replace

from kiosk.pin.digits import Digits
from kiosk.pin.rules import DEFAULT_RULES, EntryRules
from kiosk.pin.values import Ask, EntryView, Field, Key, Ring, Seen, Source
from recognition.reading.hold import Hold

BY_CAMERA = {Source.SIGN, Source.WRITTEN}
STEPS = 20
"""The ring is told in steps of a twentieth: what is not to be seen is not sent to the screen."""


@dataclass(frozen=True, slots=True)
class Given:
    """An entry that is complete and to be sent."""

    ask: Ask
    number: Digits | None
    pin: Digits | None
    challenge: Digits | None
    sources: frozenset[Source]
    completed_s: float


@dataclass(frozen=True, slots=True)
class Cancelled:
    """An entry that came to nothing."""

    ask: Ask
    timed_out: bool


Effect = Given | Cancelled


class Entry:
    """Takes digits from hands, paper, keypad and keyboard into one field after the other.

    Not thread safe. Times are seconds of a clock that does not go back. Once it has given an
    effect it takes nothing more until `again`.
    """

    def __init__(self, ask: Ask, now_s: float, rules: EntryRules = DEFAULT_RULES) -> None:
        self.ask = ask
        self._rules = rules
        self._hold = Hold(rules.hold)
        self._restart(now_s)

    def again(self, ask: Ask, now_s: float, *, refused: str = "") -> None:
        """Begin anew with another question; `refused` is why the last answer was not taken."""
        self.ask = ask
        self._restart(now_s)
        self._refused = refused

    def key(self, key: str, source: Source, now_s: float) -> Effect | None:
        """Take a key: a digit, a letter of a number, or one of `Key`."""
        if self._done or self._over(now_s):
            return self.tick(now_s)
        self._active(now_s)
        if key == Key.CANCEL:
            return self._cancel(timed_out=False)
        if key == Key.OTHER_WAY:
            self._other_way(now_s)
        elif key == Key.DELETE:
            self._typed[self._field] = self._text.without_last()
        elif key == Key.ENTER:
            return self._next(now_s) if self._enough else None
        elif self._takes(key):
            self._add(key, source)
        return None

    def see(self, seen: Seen, now_s: float) -> Effect | None:
        """Take what was read in one frame. A number is not read: it may have letters."""
        if self._done or self._over(now_s) or self._field is Field.NUMBER:
            return self.tick(now_s)
        held = self._hold.see(seen.symbols, now_s)
        if seen.symbols is not None or seen.hand:
            self._something_s = now_s
        if held.symbol is not None:
            self._readable_s = now_s
        self._ring, self._progress = Ring.HOLD, held.progress
        if held.symbol is None or held.progress >= 1.0:
            self._ring, self._progress = Ring.NONE, 0.0
        if held.counted is not None:
            self._active(now_s)
            self._add(held.counted, seen.source)
            self._counted_s = now_s if len(held.counted) == 1 else None
        elif held.progress >= 1.0:
            self._take_back(now_s)
        return self._send_when_still(now_s)

    def tick(self, now_s: float) -> Effect | None:
        """See whether the time is up."""
        if not self._done and self._over(now_s):
            return self._cancel(timed_out=True)
        return None

    def view(self, now_s: float) -> EntryView:
        """What the screen shows now."""
        text = self._text
        return EntryView(
            field=self._field,
            typed=len(text),
            shown=text.reveal() if self._field is Field.NUMBER else "",
            ring=self._ring,
            progress=round(self._progress * STEPS) / STEPS,
            left_s=max(0, round(self._until_s() - now_s)),
            hint=self._hint(now_s),
            challenge=self.ask.challenge if self._field is Field.CHALLENGE else "",
            other_way=Field.NUMBER not in self.ask.fields,
            can_send=self._enough and self._field is not Field.CHALLENGE,
        )

    def _restart(self, now_s: float) -> None:
        self._typed: dict[Field, Digits] = {}
        self._sources: set[Source] = set()
        self._at = 0
        self._refused = ""
        self._done = False
        self._begin_field(now_s)

    def _begin_field(self, now_s: float) -> None:
        self._hold.reset()
        self._counted_s = None
        self._ring, self._progress = Ring.NONE, 0.0
        self._active_s = self._something_s = self._readable_s = now_s

    @property
    def _field(self) -> Field:
        return self.ask.fields[self._at]

    @property
    def _text(self) -> Digits:
        return self._typed.get(self._field, Digits())

    @property
    def _most(self) -> int:
        if self._field is Field.CHALLENGE:
            return len(self.ask.challenge)
        rules = self._rules
        return rules.longest_number if self._field is Field.NUMBER else rules.longest_pin

    @property
    def _enough(self) -> bool:
        least = {
            Field.NUMBER: 1,
            Field.PIN: self._rules.shortest_pin,
            Field.CHALLENGE: len(self.ask.challenge),
        }
        return len(self._text) >= least[self._field]

    def _takes(self, key: str) -> bool:
        if self._field is Field.CHALLENGE:
            return False  # it proves that a hand is there
        if len(key) != 1 or not key.isprintable():
            return False
        return key in "0123456789" or (self._field is Field.NUMBER and not key.isspace())

    def _add(self, symbols: str, source: Source) -> None:
        if len(self._text) + len(symbols) > self._most:
            return
        self._typed[self._field] = self._text.plus(symbols, most=self._most)
        self._sources.add(source)
        self._refused = ""

    def _active(self, now_s: float) -> None:
        self._active_s = self._something_s = self._readable_s = now_s

    def _take_back(self, now_s: float) -> None:
        """Delete the digit that counted, once, while its sign is held on."""
        if self._counted_s is None or not len(self._text):
            return
        held_on_s = now_s - self._counted_s - self._rules.keep_s
        if held_on_s >= self._rules.delete_s:
            self._active(now_s)
            self._typed[self._field] = self._text.without_last()
            self._counted_s = None
        elif held_on_s > 0:
            self._ring, self._progress = Ring.DELETE, held_on_s / self._rules.delete_s

    def _send_when_still(self, now_s: float) -> Effect | None:
        """Nobody holds anything up and there are enough digits: count down, then send."""
        if not self._enough:
            return None
        if self._field is Field.CHALLENGE or len(self._text) == self._most:
            return self._next(now_s)
        if not self._sources & BY_CAMERA:
            return None  # whoever presses keys presses the one that sends
        still_s = now_s - self._something_s
        if self._ring is Ring.NONE and still_s > 0:
            self._ring, self._progress = Ring.SEND, min(1.0, still_s / self._rules.send_s)
        return self._next(now_s) if still_s >= self._rules.send_s else None

    def _next(self, now_s: float) -> Effect | None:
        if self._at + 1 < len(self.ask.fields):
            self._at += 1
            self._begin_field(now_s)
            return None
        self._done = True
        typed, self._typed = self._typed, {}
        return Given(
            ask=self.ask,
            number=typed.get(Field.NUMBER),
            pin=typed.get(Field.PIN),
            challenge=typed.get(Field.CHALLENGE),
            sources=frozenset(self._sources),
            completed_s=now_s,
        )

    def _other_way(self, now_s: float) -> None:
        """Leave the face aside: number and PIN are a way in that everybody has."""
        ask = replace(
            self.ask,
            visit=None,
            fields=(Field.NUMBER, Field.PIN),
            challenge="",
            until_s=now_s + 3 * self._rules.idle_s,
            capture=None,
        )
        self.again(ask, now_s)

    def _cancel(self, *, timed_out: bool) -> Cancelled:
        self._done = True
        self._typed = {}
        return Cancelled(self.ask, timed_out)

    def _until_s(self) -> float:
        return min(self.ask.until_s, self._active_s + self._rules.idle_s)

    def _over(self, now_s: float) -> bool:
        return now_s >= self._until_s()

    def _hint(self, now_s: float) -> str:
        if self._refused:
            return self._refused
        if self._field is Field.NUMBER or now_s - self._readable_s < self._rules.hint_s:
            return ""
        return "not_read" if now_s - self._something_s < self._rules.hint_s else "nothing_held"
