"""One face in one frame, judged."""

from dataclasses import dataclass

from kiosk.frames import CameraFrame
from recognition import Box, Face, Reason


@dataclass(frozen=True, slots=True, eq=False)
class Sighting:
    """One face in one frame, with what speaks against sending it."""

    face: Face
    faults: tuple[Reason, ...]
    """Why this frame is not good enough, worst first; empty when it is."""
    frame: CameraFrame
    others: tuple[Box, ...] = ()
    """Where the other faces of this frame are: bystanders, to be kept out of the crop."""
    whole: bool = True
    """Whether all of the frame was searched; if not, there may be bystanders nobody saw."""

    @property
    def time_s(self) -> float:
        """When the frame was taken, on the running clock."""
        return self.frame.taken_s
