"""How the kiosk stands with its server: in touch, out of touch, or no longer wanted."""

import logging
import math
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from kiosk.answers import Greeting, Policy
from kiosk.clock import wall_time
from kiosk.errors import CaptureRejectedError, OutOfServiceError, ServerAwayError, ServerError

log = logging.getLogger(__name__)

WRONG_CLOCK = timedelta(minutes=5)
"""The server takes no capture from a clock that is wrong by more than this."""
NOTED_SKEW = timedelta(seconds=30)
"""From here on somebody should look at the kiosk's clock."""


ORDER_LASTS_S = 10.0
"""An order to hold the door open has to be confirmed within this time: whoever cuts the kiosk off
while a door stands open gains no more than this."""


class LinkState(StrEnum):
    """How the kiosk stands with its server."""

    STARTING = "starting"
    ONLINE = "online"
    OFFLINE = "offline"
    OUT_OF_SERVICE = "out_of_service"


class Link:
    """What is known about the server, kept by whoever talks to it.

    Says each change once in the log, not each failed try. Use in one thread.
    """

    def __init__(self) -> None:
        self.state = LinkState.STARTING
        self.policy = Policy()
        self.zone = ZoneInfo("UTC")
        self.site = ""
        self.lockdown = False
        """The server says that this door is locked down."""
        self._open_until_s = -math.inf
        self.skew = timedelta(0)
        """How far this machine's clock is ahead of the server's."""
        self._compared = False
        self._clock_refused = False

    @property
    def measured_skew(self) -> timedelta | None:
        """The skew, where the clocks were compared already."""
        return self.skew if self._compared else None

    def server_time(self) -> datetime:
        """The server's time, as well as it is known here."""
        return wall_time() - self.skew

    @property
    def clock_wrong(self) -> bool:
        """Whether the server would refuse captures because of this machine's clock."""
        return self._clock_refused or abs(self.skew) > WRONG_CLOCK

    def open_for_s(self, now_s: float) -> float:
        """For how many seconds yet the door is to be held open for everybody; 0: it is not."""
        return max(0.0, self._open_until_s - now_s)

    def greeted(
        self,
        greeting: Greeting,
        asked_at: datetime,
        answered_at: datetime,
        *,
        asked_s: float = -math.inf,
    ) -> None:
        """Take in a heartbeat's answer, with this machine's clock before and after it.

        `asked_s` is when it was asked for on the running clock; without it no order to hold the
        door open is believed.
        """
        self.reached()
        self.policy = greeting.policy
        self.site = greeting.site
        self.lockdown = greeting.lockdown
        self._set_zone(greeting.time_zone)
        # The server's clock was read about half way between question and answer, not counting
        # how long it waited for news before.
        way = answered_at - asked_at
        held = min(timedelta(seconds=greeting.held_s), way)
        middle = answered_at - (way - held) / 2
        self._hold_open(greeting, said_s=asked_s + held.total_seconds())
        skew = middle - greeting.server_time
        if abs(skew) > NOTED_SKEW >= abs(self.skew):
            log.warning("This machine's clock is %+.0f s off the server's.", skew.total_seconds())
        self.skew = skew
        self._compared = True
        self._clock_refused = False

    def _hold_open(self, greeting: Greeting, *, said_s: float) -> None:
        """Take in whether the door is to stand open; `said_s` is the earliest that can have been.

        However late an answer comes, the order in it is as old as that.
        """
        lasts_s = min(ORDER_LASTS_S, greeting.emergency_left_s)
        self._open_until_s = said_s + lasts_s if lasts_s > 0 else -math.inf

    def reached(self) -> None:
        """The server took a request of ours."""
        if self.state is not LinkState.ONLINE:
            log.info("In touch with the server.")
        self.state = LinkState.ONLINE

    def failed(self, error: ServerError) -> None:
        """A request of ours came to nothing."""
        if isinstance(error, CaptureRejectedError) and error.code == "clock_skew":
            self._clock_refused = True
        if isinstance(error, OutOfServiceError):
            state = LinkState.OUT_OF_SERVICE
            self._open_until_s = -math.inf
        elif isinstance(error, ServerAwayError) and not error.reached:
            state = LinkState.OFFLINE
        else:
            # Busy, or it dislikes this one capture: it is there.
            return
        if state is not self.state:
            log.warning("%s Trying again until it does.", error)
        self.state = state

    def _set_zone(self, name: str) -> None:
        try:
            self.zone = ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError):
            log.warning("The server's time zone %r is unknown here; showing UTC.", name)
            self.zone = ZoneInfo("UTC")
