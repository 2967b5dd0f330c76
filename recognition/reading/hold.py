"""When a symbol that is shown counts: held for a time, once, however many frames a second come.

A hand on its way from one sign to the next passes others, and a reader errs now and then. So a
symbol counts when it was read for `hold_s`, with no more than a small share of that time read as
something else. It counts once; to count again it needs a gap in which nothing is read.

Everything is measured in seconds between readings, never in frames.
"""

from collections import deque
from dataclasses import dataclass, field

from recognition.arguments import is_number, require_kind, said
from recognition.errors import ArgumentError

# A reading speaks for the time since the one before, but for no more than this share of the hold:
# a camera that stood still has not seen a symbol being held.
_LONGEST_SHARE = 1 / 3
# Adding up many short times does not reach a border exactly.
_ROUNDING_S = 1e-6


@dataclass(frozen=True, slots=True)
class HoldRule:
    """What holding means."""

    hold_s: float = 0.8
    """How long a symbol is held until it counts; longer refuses more chance, and tires."""
    agreement: float = 0.8
    """Share of that time in which it must have been read, 0..1 (0 excluded)."""
    gap_s: float = 0.3
    """How long nothing must be read until the same symbol may count again."""

    def __post_init__(self) -> None:
        """Raise ArgumentError for times that are not above 0, or a share outside 0..1."""
        for time_s in (self.hold_s, self.gap_s):
            if not (is_number(time_s) and time_s > 0):
                raise ArgumentError(f"A time must be above 0 seconds, not {said(time_s)}.")
        if not (is_number(self.agreement) and 0 < self.agreement <= 1):
            given = said(self.agreement)
            raise ArgumentError(f"The agreement must be above 0 and at most 1, not {given}.")


@dataclass(frozen=True, slots=True)
class Held:
    """Where the hold stands after a reading."""

    symbol: str | None
    """What is being held; None where nothing is."""
    progress: float
    """0..1, for the ring on the screen; 1 from when it counted until it is let go."""
    counted: str | None
    """The symbol that counted with this very reading; None with all others."""


@dataclass(slots=True)
class _Run:
    """A symbol that is being held."""

    symbol: str
    since_s: float
    misses: deque[tuple[float, float]] = field(default_factory=deque)
    """From when to when it was not read."""


class Hold:
    """Turns what is read, one reading after the other, into symbols that count.

    Has no clock: times are passed in, in seconds of any clock that does not go back (one that does
    is taken to stand still). Not safe to share between threads.
    """

    def __init__(self, rule: HoldRule | None = None) -> None:
        """Raises ArgumentError for a rule that is none."""
        self.rule = HoldRule() if rule is None else rule
        require_kind(self.rule, HoldRule, "The rule")
        self.reset()

    def reset(self) -> None:
        """Forget everything, also which symbol counted last."""
        self._last_s: float | None = None
        self._run: _Run | None = None
        self._streak: tuple[str | None, float] = (None, 0.0)
        self._taken: str | None = None
        self._gap_s = 0.0
        self._nothing_s = 0.0

    def see(self, symbol: str | None, at_s: float) -> Held:
        """Take one reading: a symbol, or None where none was accepted.

        Raises ArgumentError for a time that is no finite number: nothing would count after it; and
        for a symbol that is no text.
        """
        if not is_number(at_s):
            raise ArgumentError(f"A reading needs a time in seconds, not {said(at_s)}.")
        if symbol is not None:
            require_kind(symbol, str, "A symbol")
        before = at_s if self._last_s is None else self._last_s
        now = max(at_s, before)
        seen_from = max(before, now - self.rule.hold_s * _LONGEST_SHARE)
        self._follow_streak(symbol, now, unbroken=seen_from == before)
        self._follow_gap(symbol, now - seen_from)
        self._follow_run(symbol, before, seen_from, now)
        self._last_s = now
        return self._held(symbol, now)

    def _follow_streak(self, symbol: str | None, now: float, *, unbroken: bool) -> None:
        """Since when this symbol has been read without a break."""
        if symbol != self._streak[0] or not unbroken:
            self._streak = (symbol, now)

    def _follow_gap(self, symbol: str | None, seen_s: float) -> None:
        """Let go what is held, and what counted last, once nothing was read for long enough."""
        enough = self.rule.gap_s - _ROUNDING_S
        self._nothing_s = self._nothing_s + seen_s if symbol is None else 0.0
        if self._nothing_s >= enough:
            self._run = None
        # Another symbol, read for a moment by mistake, neither fills the gap nor ends it.
        if symbol is None:
            self._gap_s += seen_s
        elif symbol == self._taken:
            self._gap_s = 0.0
        if self._taken is not None and self._gap_s >= enough:
            if self._run is not None and self._run.symbol == self._taken:
                self._run = None
            self._taken = None

    def _follow_run(self, symbol: str | None, before: float, seen_from: float, now: float) -> None:
        """Note where the held symbol was missed; end the run where that was too long."""
        run = self._run
        if run is not None:
            missed_until = now if symbol != run.symbol else seen_from
            if missed_until > before:
                run.misses.append((before, missed_until))
            if self._missed_s(run, now) > self._most_missed_s:
                run = None
        if run is None and symbol is not None:
            run = _Run(symbol, self._streak[1])
        self._run = run

    @property
    def _most_missed_s(self) -> float:
        return (1 - self.rule.agreement) * self.rule.hold_s + _ROUNDING_S

    def _missed_s(self, run: _Run, now: float) -> float:
        """How long, of the last `hold_s`, the symbol was not read."""
        start = now - self.rule.hold_s
        while run.misses and run.misses[0][1] <= start:
            run.misses.popleft()
        return sum(until - max(start, since) for since, until in run.misses)

    def _held(self, symbol: str | None, now: float) -> Held:
        run = self._run
        if run is None:
            return Held(None, 0.0, None)
        if run.symbol == self._taken:
            return Held(run.symbol, 1.0, None)
        held_s = now - run.since_s
        # It counts while it is shown, not in a moment in which something else is read.
        if symbol == run.symbol and held_s >= self.rule.hold_s - _ROUNDING_S:
            self._taken, self._gap_s = symbol, 0.0
            return Held(symbol, 1.0, symbol)
        return Held(run.symbol, min(1.0, held_s / self.rule.hold_s), None)
