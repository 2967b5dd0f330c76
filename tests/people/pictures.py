"""Pictures for an enrolment, and everything that the demonstration needs, on disk."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import cv2

from tests.people.canvas import Pixels
from tests.people.drawing import draw
from tests.people.roster import PEOPLE, SyntheticPerson
from tests.people.video import write_door_video

DRAWING = 2  # raised when the drawing changes, so that an old demonstration is drawn again
DEMO_PEOPLE = PEOPLE[:10]
DEMO_STRANGER = PEOPLE[10]  # comes to the door and is enrolled nowhere
STRANGER_AFTER = 6  # of ten
DOOR_VIDEO = "door.mp4"
STAMP = "drawn.txt"
JPEG_QUALITY = 95


def _silent(message: str) -> None:
    del message


def write_jpeg(path: Path, picture: Pixels) -> None:
    """Write an RGB picture. Raises OSError."""
    options = [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY]
    _, data = cv2.imencode(".jpg", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), options)
    path.write_bytes(data.tobytes())


def write_pictures(
    folder: Path | str,
    people: Iterable[SyntheticPerson],
    per_person: int = 3,
    *,
    tell: Callable[[str], None] = _silent,
) -> Path:
    """Write folder/<name>/<n>.jpg for every person, n from 1 on, and return the folder.

    The first picture of each is the plain frontal one. `tell` hears a line for each
    person. Raises OSError.
    """
    root = Path(folder)
    for person in people:
        own = root / person.name
        own.mkdir(parents=True, exist_ok=True)
        for variation in range(per_person):
            write_jpeg(own / f"{variation + 1}.jpg", draw(person.identity, variation))
        tell(f"drew {per_person} pictures of {person.name}")
    return root


def write_demo(
    folder: Path | str,
    *,
    enrolled: Sequence[SyntheticPerson] = DEMO_PEOPLE,
    tell: Callable[[str], None] = _silent,
) -> None:
    """Write folder/people/<name>/*.jpg of ten people and folder/door.mp4 with them all.

    One stranger comes among them. What is there and complete stays as it is; what is
    begun has another name until it is complete. Raises OSError.
    """
    root = Path(folder)
    root.mkdir(parents=True, exist_ok=True)
    people, door, stamp = root / "people", root / DOOR_VIDEO, root / STAMP
    visitors = [person.identity for person in enrolled]
    visitors.insert(STRANGER_AFTER * len(visitors) // 10, DEMO_STRANGER.identity)
    wanted = f"drawing {DRAWING}: {' '.join(map(str, visitors))}\n"
    current = stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted
    if not (current and people.is_dir()):
        begun = root / "people.part"
        shutil.rmtree(begun, ignore_errors=True)
        write_pictures(begun, enrolled, tell=tell)
        if people.is_dir():
            shutil.rmtree(people)
        begun.replace(people)
    if not (current and door.is_file()):
        write_door_video(door, visitors, tell=tell)
    if not current:
        stamp.write_text(wanted, encoding="utf-8")
