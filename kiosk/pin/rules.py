"""How long, how many: the numbers an entry is led by, each with its reason."""

from dataclasses import dataclass

from recognition.reading.hold import HoldRule


@dataclass(frozen=True, slots=True)
class EntryRules:
    """The numbers an entry is led by; times in seconds."""

    hold: HoldRule = HoldRule(hold_s=0.7, agreement=0.8, gap_s=0.3)  # noqa: RUF009  (frozen)
    """A digit counts after 11 frames of a camera of 15 a second, the same one again after a gap of
    5. Shorter takes signs that a hand passes on its way; longer tires the arm."""

    delete_s: float = 1.4
    """A hand that shows no digit, held for this long, deletes the last one: twice a digit's hold,
    so that a hand which only looks for its sign does not."""

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
