"""Drawn people with points on them, as a table and a folder, where real ones are missing."""

from pathlib import Path

import numpy as np

from recognition import Engine, encode_jpeg
from recognition.keypoints.frame import frame_of_face
from tests.people import PEOPLE, draw
from tests.recognition.keypoints.faces import points_in

HEADER = ",".join(["file", *(f"{axis}{number}" for number in range(68) for axis in "xy")])


def write_drawn(folder: Path, engine: Engine, *, people: int, pictures: int = 2) -> Path:
    """Write `<folder>/drawn/` and `<folder>/drawn_keypoints.csv`; gives the table.

    The points are those of the mean face in the frame that the detector gives: near enough to
    exercise the code, and nothing to measure accuracy by.
    """
    (folder / "drawn").mkdir()
    lines = [HEADER]
    for person in PEOPLE[:people]:
        for number in range(pictures):
            image = draw(person.identity, number, size=(160, 160), face_px=90)
            found = engine.find(image, min_face=40)
            if not found:
                continue
            name = f"{person.name.replace(' ', '_')}_{number}1.jpg"
            (folder / "drawn" / name).write_bytes(encode_jpeg(image))
            points = np.round(points_in(frame_of_face(found[0])), 2).ravel()
            lines.append(",".join([name, *map(str, points)]))
    table = folder / "drawn_keypoints.csv"
    table.write_text("\n".join(lines) + "\n")
    return table
