"""The kiosk's two clocks: one that only runs, to measure ages by, and one that tells the time.

Ages are never taken from the clock on the wall: it may be set while somebody stands at the door.
The running clock also counts the time the machine was asleep, where the system has such a clock:
a decision that was under way when the lid was closed is old when it is opened.
"""

import time
from datetime import UTC, datetime, timedelta

RUNNING_CLOCK = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


def running_s() -> float:
    """Seconds on a clock that never jumps; only differences mean anything."""
    return time.clock_gettime(RUNNING_CLOCK)


def wall_time() -> datetime:
    """What the clock on the wall says, in UTC."""
    return datetime.now(UTC)


def wall_time_of(moment_s: float) -> datetime:
    """What the clock on the wall said when the running clock stood at `moment_s`, in UTC."""
    return wall_time() - timedelta(seconds=running_s() - moment_s)
