"""Labelled data that is not as it must be is refused in words."""

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest

from recognition import encode_jpeg
from recognition.datasets.folder import labelled_files, labelled_pictures
from recognition.datasets.npz import read_npz
from recognition.errors import DatasetError
from recognition.picture_files import Skipped

PICTURE = encode_jpeg(np.full((8, 8, 3), 200, np.uint8))


def test_files_carry_the_name_of_their_folder(tmp_path: Path) -> None:
    for name in ("1/b.jpg", "1/a.jpg", "none/c.jpg"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(PICTURE)

    found = labelled_files(tmp_path, ("1", "none"))

    assert [(one.path.name, one.label) for one in found] == [
        *(("a.jpg", "1"), ("b.jpg", "1"), ("c.jpg", "none"))
    ]


def test_a_folder_outside_the_labels_is_refused(tmp_path: Path) -> None:
    (tmp_path / "eleven").mkdir()

    with pytest.raises(DatasetError, match="eleven is none of the labels: folders are named 1, 2"):
        labelled_files(tmp_path, ("2", "1"))


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="holds no labelled picture"):
        labelled_files(tmp_path, ("1",))


def test_unreadable_pictures_are_listed_and_only_unreadable_ones_refused(tmp_path: Path) -> None:
    (tmp_path / "1").mkdir()
    (tmp_path / "1" / "text.jpg").write_text("no picture")
    skipped: list[Skipped] = []
    with pytest.raises(DatasetError, match=r"None of 1 files .*text\.jpg"):
        list(labelled_pictures(labelled_files(tmp_path, ("1",)), skipped))

    (tmp_path / "1" / "good.jpg").write_bytes(PICTURE)
    skipped.clear()
    given = list(labelled_pictures(labelled_files(tmp_path, ("1",)), skipped))

    assert [one.path.name for one, _ in given] == ["good.jpg"]
    assert [Path(one.file).name for one in skipped] == ["text.jpg"]


def test_an_archive_gives_pictures_and_labels(tmp_path: Path) -> None:
    np.savez_compressed(tmp_path / "a.npz", x=np.zeros((2, 4, 4), np.uint8), y=np.array(["A", "B"]))

    pictures, labels = read_npz(tmp_path / "a.npz", side=4)

    assert pictures.shape == (2, 4, 4)
    assert labels.tolist() == ["A", "B"]


@pytest.mark.parametrize(
    ("arrays", "fault"),
    [
        ({"x": np.zeros((2, 4, 4), np.uint8)}, "arrays x and y"),
        ({"x": np.zeros((2, 4, 5), np.uint8), "y": np.array(["A", "B"])}, "x is uint8"),
        ({"x": np.zeros((2, 4, 4)), "y": np.array(["A", "B"])}, "x is float64"),
        ({"x": np.zeros((2, 4, 4), np.uint8), "y": np.array(["A"])}, "one label for each"),
        ({"x": np.zeros((2, 4, 4), np.uint8), "y": np.array([0.5, 1.5])}, "one label for each"),
        ({"x": np.zeros((0, 4, 4), np.uint8), "y": np.array([], str)}, "holds no pictures"),
        ({"x": np.zeros((1, 4, 4), np.uint8), "y": np.array([None])}, "no NumPy archive"),
    ],
)
def test_wrong_arrays_are_refused(tmp_path: Path, arrays: dict[str, object], fault: str) -> None:
    np.savez(tmp_path / "a.npz", **arrays)  # type: ignore[arg-type]

    with pytest.raises(DatasetError, match=fault):
        read_npz(tmp_path / "a.npz", side=4)


def test_files_that_are_no_archive_are_refused(tmp_path: Path) -> None:
    whole = tmp_path / "whole.npz"
    np.savez_compressed(whole, x=np.ones((50, 4, 4), np.uint8), y=np.array(["A"] * 50))
    np.save(tmp_path / "array.npy", np.zeros(3))
    content = whole.read_bytes()
    damaged = content[:60] + bytes(20) + content[80:]
    for name, bad in (
        *(("empty", b""), ("text", b"no archive"), ("cut", content[:100]), ("damaged", damaged)),
        ("array", (tmp_path / "array.npy").read_bytes()),
    ):
        (tmp_path / name).write_bytes(bad)
        with pytest.raises(DatasetError, match=name):
            read_npz(tmp_path / name, side=4)


def test_an_archive_that_says_it_is_larger_than_the_memory_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "lying.npz", "w") as archive:
        for name, shape in (("x", (10**11, 64, 64)), ("y", (10**11,))):
            header = io.BytesIO()
            said = {"descr": "|u1", "fortran_order": False, "shape": shape}
            np.lib.format.write_array_header_1_0(header, said)
            archive.writestr(f"{name}.npy", header.getvalue() + bytes(64))

    with pytest.raises(DatasetError, match=r"lying\.npz is no NumPy archive"):
        read_npz(tmp_path / "lying.npz", side=64)
