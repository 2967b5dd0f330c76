"""How long to wait before trying again: longer each time, and never all kiosks at once."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(slots=True)
class Backoff:
    """Waiting times that double from `first_s` to `longest_s`, each shortened by chance.

    A wait is drawn evenly from half its length to its whole ("equal jitter"): a hundred kiosks
    whose server comes back do not knock in the same instant, and none waits for nothing.
    """

    first_s: float
    longest_s: float
    chance: Callable[[], float] = random.random
    """Draws from 0 (included) to 1 (excluded)."""
    failures: int = field(default=0, init=False)

    def next_s(self) -> float:
        """Seconds to wait after one more failure."""
        # 2**62 and more would overflow a float after days of failures; the cap holds long before.
        whole = min(self.longest_s, self.first_s * 2.0 ** min(self.failures, 30))
        self.failures += 1
        return whole * (0.5 + 0.5 * self.chance())

    def reset(self) -> None:
        """Begin anew: it worked."""
        self.failures = 0
