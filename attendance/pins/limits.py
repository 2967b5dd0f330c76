"""How often PINs may be tried: failures that fade, and delays that grow. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Limit:
    """How one kind of counter behaves."""

    allowed: int
    """Failures before the first delay."""
    first_delay: timedelta
    """After the last allowed one; each further failure doubles it."""
    longest_delay: timedelta
    fades: timedelta
    """One failure is forgotten in this time without another."""

    def delay(self, failures: int) -> timedelta:
        """Return how long nobody may try after so many failures."""
        beyond = failures - self.allowed
        if beyond < 0:
            return timedelta(0)
        # 2**20 first delays are longer than any longest one; more would overflow.
        grown: timedelta = self.first_delay * 2 ** min(beyond, 20)
        return min(grown, self.longest_delay)


@dataclass(frozen=True)
class Count:
    """How a counter stands."""

    failures: int = 0
    last_at: datetime | None = None
    locked_until: datetime | None = None

    def locked(self, now: datetime) -> bool:
        """Say whether nobody may try now."""
        return self.locked_until is not None and now < self.locked_until

    def failed(self, limit: Limit, now: datetime) -> "Count":
        """Return the counter after one more failure."""
        failures = self.standing(limit, now) + 1
        delay = limit.delay(failures)
        return Count(failures, now, now + delay if delay else None)

    def taken_back(self, limit: Limit) -> "Count":
        """Return the counter without its last failure, which was none."""
        failures = max(0, self.failures - 1)
        delay = limit.delay(failures)
        until = self.last_at + delay if self.last_at and delay else None
        return replace(self, failures=failures, locked_until=until)

    def standing(self, limit: Limit, now: datetime) -> int:
        """Return how many failures are not forgotten yet."""
        if self.last_at is None:
            return 0
        faded = max(timedelta(0), now - self.last_at) // limit.fades
        return max(0, self.failures - faded)
