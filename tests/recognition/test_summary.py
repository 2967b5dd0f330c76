"""Who was seen, from when to when, and how surely."""

import numpy as np

from recognition import Frame
from recognition.summary import PersonSeen, Summary
from tests.recognition.sightings import sighting

BLANK = np.zeros((10, 10, 3), np.uint8)


def test_it_counts_frames_not_faces() -> None:
    summary = Summary()

    summary.add(Frame(BLANK, 0, 0.0, "v"), [sighting("Ada", 0.4), sighting("Ada", 0.3)])
    summary.add(Frame(BLANK, 1, 0.5, "v"), [sighting(None)])
    summary.add(Frame(BLANK, 2, 1.0, "v"), [sighting("Cem", 0.2), sighting("Ada", 0.35)])

    assert summary.people == (
        PersonSeen("Ada", 2, 0.0, 1.0, 0.3),
        PersonSeen("Cem", 1, 1.0, 1.0, 0.2),
    )
    assert (summary.frames, summary.faces, summary.unknown) == (3, 5, 1)
