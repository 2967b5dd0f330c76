"""How the kiosk is doing, in one value: for its own page, for the server, for systemd."""

import asyncio
from dataclasses import asdict, dataclass
from datetime import datetime

from kiosk.camera import Camera
from kiosk.clock import running_s, wall_time
from kiosk.doors.counted import CountedDoor
from kiosk.link import Link
from kiosk.spool import Spool


@dataclass(frozen=True, slots=True)
class Health:
    """One reading."""

    at: datetime
    running_s: float
    """Since the kiosk was started."""
    camera: str
    """opening, showing, lost or ended."""
    server: str
    """starting, online, offline or out_of_service."""
    clock_skew_s: float | None
    """How far this machine's clock is ahead of the server's."""
    clock_wrong: bool
    waiting: int
    """Entries in the spool."""
    set_aside: int
    spool_bytes: int
    spool_most: int
    spool_damaged: str
    door_faults: int
    """How often the door did not do as it was told, since the start."""

    @property
    def well(self) -> bool:
        """Whether a person who comes now would be served."""
        return (
            self.camera in {"showing", "ended"}
            and self.server == "online"
            and not self.clock_wrong
            and self.spool_bytes < self.spool_most
        )

    def as_fields(self) -> dict[str, object]:
        """As JSON has it."""
        return {**asdict(self), "at": self.at.isoformat(timespec="seconds"), "well": self.well}

    def in_words(self) -> str:
        """One line for `systemctl status`."""
        return f"camera {self.camera}, server {self.server}, {self.waiting} to send"


class Doctor:
    """Takes readings. Use in one event loop."""

    def __init__(self, camera: Camera, link: Link, spool: Spool, door: CountedDoor) -> None:
        self._camera = camera
        self._link = link
        self._spool = spool
        self._door = door
        self._began_s = running_s()

    async def reading(self) -> Health:
        """How the kiosk is doing now. Raises SpoolError when the spool does not work."""
        spool = await asyncio.to_thread(self._spool.state)
        skew = self._link.measured_skew
        return Health(
            at=wall_time(),
            running_s=round(running_s() - self._began_s, 1),
            camera=self._camera.state(running_s()).value,
            server=self._link.state.value,
            clock_skew_s=None if skew is None else round(skew.total_seconds(), 3),
            clock_wrong=self._link.clock_wrong,
            waiting=spool.waiting,
            set_aside=spool.aside,
            spool_bytes=spool.size,
            spool_most=spool.most,
            spool_damaged=spool.damaged,
            door_faults=self._door.faults,
        )
