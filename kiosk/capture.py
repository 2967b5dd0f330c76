"""A capture: what is sent to the server about one person at one moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from kiosk.clock import wall_time_of
from kiosk.crops import crop
from kiosk.visits import Sighting
from recognition import encode_jpeg

JPEG_QUALITY = 95
"""Below this the network's vectors begin to move; above it the files grow and nothing else."""


@dataclass(frozen=True, slots=True)
class Capture:
    """One person at one moment. Made once; sent as it is, however often that takes."""

    id: UUID
    captured_at: datetime
    """The kiosk's clock when its last frame was taken, UTC."""
    taken_s: float
    """The same moment on the running clock: what its age is measured by."""
    frames: tuple[bytes, ...]
    """One to five JPEG files, oldest first."""


def make_capture(sightings: Sequence[Sighting], most_frames: int = 5) -> Capture:
    """Cut the person out of each frame and pack them under a new id.

    Of more than `most_frames` the best are taken. `sightings` has at least one and is in the
    order of time; takes some milliseconds a frame.
    """
    best = sorted(sightings, key=lambda seen: seen.face.quality.overall)[-most_frames:]
    sightings = sorted(best, key=lambda seen: seen.time_s)
    taken_s = max(sighting.time_s for sighting in sightings)
    return Capture(
        id=uuid4(),
        captured_at=wall_time_of(taken_s),
        taken_s=taken_s,
        frames=tuple(
            encode_jpeg(
                crop(sighting.frame.image, sighting.face.box, sighting.others), JPEG_QUALITY
            )
            for sighting in sightings
        ),
    )
