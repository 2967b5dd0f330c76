"""How long, how many: the numbers an entry is led by, each with its reason."""

from dataclasses import dataclass

from recognition.reading.hold import HoldRule


@dataclass(frozen=True, slots=True)
class EntryRules:
    """The numbers an entry is led by; times in seconds."""

    hold: HoldRule = HoldRule(hold_s=0.7, agreement=0.8, gap_s=0.3)  # noqa: RUF009  (frozen)
    """A digit counts with the 12th frame of a camera of 15 a second, the same one again after a gap
    of 5. Shorter takes signs that a hand passes on its way; longer tires the arm."""

    keep_s: float = 0.7
    """A sign may be held on for this long after it counted before that means anything."""

    delete_s: float = 1.8
    """Held on for this long after that, it is taken back. A gesture of its own would have to be
    told from a digit that is hard to read, which must never delete another one."""

    send_s: float = 2.0
    """Enough digits, and no hand for this long: it is sent. Longer than a hand takes from one sign
    to the next, shorter than waiting is felt."""

    shortest_pin: int = 4
    longest_pin: int = 8
    longest_number: int = 32

    idle_s: float = 20.0
    """Without a digit or key for this long the entry ends: whoever was here has left."""

    hint_s: float = 4.0
    """Nothing could be read for this long: say what to do."""


DEFAULT_RULES = EntryRules()
