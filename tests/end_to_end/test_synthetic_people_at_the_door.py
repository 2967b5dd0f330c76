"""People who exist nowhere walk up to a door that is real in every part."""

from collections import Counter
from pathlib import Path

import pytest

from tests.people import PEOPLE, write_door_video, write_pictures
from tests.stack import Stack

from .outcomes import accepted_names, play, refused_reasons

pytestmark = pytest.mark.slow

ENROLLED, VISITORS, STRANGER = PEOPLE[:12], PEOPLE[1:3], PEOPLE[14]


def test_exactly_the_enrolled_visitors_check_in_once_each(
    stack: Stack, pictures: Path, tmp_path: Path
) -> None:
    write_pictures(pictures, ENROLLED)
    enrolled = stack.manage("enroll", str(pictures))
    assert f"{len(ENROLLED)} people enrolled" in enrolled.stdout
    video = tmp_path / "door.mp4"
    write_door_video(video, [VISITORS[0].identity, STRANGER.identity, VISITORS[1].identity])

    play(stack, str(video))

    assert accepted_names(stack) == Counter(person.name for person in VISITORS)
    assert set(refused_reasons(stack)) <= {"not_recognised", "ambiguous"}
    assert refused_reasons(stack).total() >= 1
    # The same capture is told by its id in every process's log.
    capture = stack.query("str(CheckIn.objects.filter(accepted=True).first().capture_id)")
    for process in ("kiosk", "web", "worker"):
        assert capture in stack.log(process)
