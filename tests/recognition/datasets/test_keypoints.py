"""Tables of labelled faces: both kinds, and what is wrong with those that are refused."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from recognition import Box, Face, encode_jpeg
from recognition.datasets.keypoints import face_with, pictures_of, read_labelled_faces
from recognition.errors import DatasetError
from recognition.keypoints.points import FIFTEEN
from recognition.picture_files import Skipped
from recognition.quality import measure

HEADER = ["file", *(f"{axis}{number}" for number in range(68) for axis in "xy")]
NAMES = [f"{name}_{axis}" for name in FIFTEEN for axis in "xy"]


def write(path: Path, *rows: Sequence[str]) -> Path:
    path.write_text("".join(",".join(row) + "\n" for row in rows))
    return path


def line(name: str, **instead: str) -> list[str]:
    fields = [str(value) for value in range(136)]
    for key, text in instead.items():
        fields[int(key.removeprefix("at"))] = text
    return [name, *fields]


def competition_line(
    pixels: str = " ".join(["7"] * 96 * 96), empty: Sequence[int] = ()
) -> list[str]:
    points = ["" if number in empty else f"{number + 0.5}" for number in range(30)]
    return [*points, pixels]


def test_a_table_beside_pictures_is_read(tmp_path: Path) -> None:
    table = write(tmp_path / "a.csv", HEADER, line("Ada_L_01.jpg", at4=""), line("Bo_12.jpg"))

    ada, bo = read_labelled_faces(table, tmp_path)

    assert (ada.person, bo.person) == ("Ada_L", "Bo")
    assert bo.points[:2].tolist() == [[0, 1], [2, 3]]
    assert np.isnan(ada.points[2]).all()
    assert np.isfinite(np.delete(ada.points, 2, axis=0)).all()


def test_the_competitions_table_is_read_whatever_its_columns_order(tmp_path: Path) -> None:
    row = competition_line(empty=[4])
    table = write(tmp_path / "c.csv", [*NAMES[::-1], "Image"], [*row[:30][::-1], row[30]])

    (face,) = read_labelled_faces(table, None)

    assert face.points.shape == (15, 2)
    assert face.points[0].tolist() == [0.5, 1.5]
    assert np.isnan(face.points[2]).all()  # y is there, x is not
    assert face.picture().shape == (96, 96, 3)
    assert face.picture().max() == 7


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([], "no labelled face"),
        ([HEADER], "no labelled face"),
        ([HEADER[:-1], line("a.jpg")[:-1]], "136 columns"),
        ([HEADER, line("a.jpg")[:-2]], "line 2: 135 fields"),
        ([HEADER, line("a.jpg", at3="twelve")], "'twelve' is no coordinate"),
        ([HEADER, line("a.jpg", at3="inf")], "'inf' is no coordinate"),
        ([HEADER, line("a.jpg", at3="1e300")], "'1e300' is no coordinate"),
        ([[*NAMES[1:], "Image"], competition_line()[1:]], "no column left_eye_center_x"),
        ([[*NAMES, "Image"], competition_line("1 2 3")], "not 3"),
        ([[*NAMES, "Image"], competition_line("a b")], "must be 96x96 numbers"),
        ([[*NAMES, "Image"], competition_line(" ".join(["300"] * 9216))], "0 to 255"),
    ],
)
def test_another_table_is_refused_with_the_place_of_its_fault(
    tmp_path: Path, rows: list[list[str]], said: str
) -> None:
    with pytest.raises(DatasetError, match=said):
        read_labelled_faces(write(tmp_path / "t.csv", *rows), tmp_path)


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes(b"\xff\xfe\x00\x01")

    with pytest.raises(DatasetError, match="no table that can be read"):
        read_labelled_faces(tmp_path / "t.csv", tmp_path)


def test_pictures_without_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="which folder"):
        read_labelled_faces(write(tmp_path / "t.csv", HEADER, line("a.jpg")), None)


def test_absent_and_damaged_pictures_are_listed(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.jpg", tmp_path / "bad.jpg"
    good.write_bytes(encode_jpeg(np.zeros((9, 9, 3), np.uint8)))
    bad.write_text("no picture")
    names = ("good.jpg", "bad.jpg", "absent.jpg", "no\0path.jpg")
    unlabelled = ["good.jpg", *[""] * 136]
    table = write(tmp_path / "t.csv", HEADER, *map(line, names), unlabelled)
    faces = read_labelled_faces(table, tmp_path)
    skipped: list[Skipped] = []

    given = [face.name for face, _ in pictures_of(faces, skipped)]

    assert given == ["good.jpg"]
    assert [one.file for one in skipped] == ["bad.jpg", "absent.jpg", "no\0path.jpg", "good.jpg"]
    with pytest.raises(DatasetError, match="None of 4"):
        list(pictures_of(faces[1:], []))


def test_of_several_faces_the_one_around_the_points_is_taken() -> None:
    five = np.array([[30, 10], [25, 10], [10, 10], [15, 10], [20, 20]], np.float32)
    boxes = (Box(0, 0, 200, 40), Box(100, 100, 140, 140), Box(90, 90, 150, 150))
    grey = np.zeros((200, 200), np.uint8)
    faces = [Face(box, 1.0, five, measure(grey, box, five)) for box in boxes]
    points = np.array([[110, 110], [130, np.nan], [130, 130]], np.float32)

    assert face_with(faces, points) is faces[2]
    assert face_with(faces[:1], points) is None
