"""Signed letters come from archives, Sign-MNIST's CSV and folders; wrong ones are refused."""

from pathlib import Path

import numpy as np
import pytest

from recognition.datasets.sign_letters import groups, read_letters
from recognition.errors import DatasetError
from recognition.outputs import write_picture
from recognition.sign_letters.classes import CLASSES
from tests.recognition.sign_letters.shapes import hand

HEAD = ",".join(["label", *(f"pixel{number}" for number in range(1, 785))])


def csv_line(label: object, value: object = 200) -> str:
    return ",".join([str(label), *[str(value)] * 784])


def write_csv(path: Path, *lines: str) -> Path:
    path.write_text("\n".join((HEAD, *lines)) + "\n")
    return path


def test_an_archive_gives_letters_and_blank(tmp_path: Path) -> None:
    drawings = np.full((3, 64, 64), 255, np.uint8)
    np.savez(tmp_path / "a.npz", x=drawings, y=np.array(["A", "Z", "blank"]))

    read = read_letters(tmp_path / "a.npz")

    assert [CLASSES[label] for label in read.labels] == ["A", "Z", "blank"]
    np.testing.assert_array_equal(read.drawings, drawings)


def test_sign_mnist_is_read_as_drawings(tmp_path: Path) -> None:
    edge = np.full((28, 28), 210)
    edge[10:20, 8:20] = 60
    line = ",".join(["2", *map(str, edge.ravel())])

    read = read_letters(write_csv(tmp_path / "sign_mnist_train.csv", csv_line(24), line))

    assert [CLASSES[label] for label in read.labels] == ["Y", "C"]
    assert read.drawings.shape == (2, 64, 64)
    assert read.drawings[0].min() > 250
    assert read.drawings[1].min() < 30


def test_a_folder_gives_what_can_be_read_and_lists_the_rest(tmp_path: Path) -> None:
    write_picture(tmp_path / "B" / "1.jpg", hand(4))
    (tmp_path / "B" / "2.jpg").write_text("no picture")

    read = read_letters(tmp_path)

    assert read.labels.tolist() == [1]
    assert [Path(one.file).name for one in read.skipped] == ["2.jpg"]


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        ([], "holds no pictures"),
        ([csv_line(9)], "line 2: the label 9"),
        ([csv_line(3), csv_line(25)], "line 3: the label 25"),
        ([csv_line(-1)], "line 2: the label -1"),
        ([csv_line("A")], "line 2: a value is missing or is no whole number"),
        ([csv_line(1, "")], "line 2: a value is missing or is no whole number"),
        ([csv_line(1, 256)], "line 2: a pixel is not 0 to 255"),
        ([csv_line(1, -1)], "line 2: a pixel is not 0 to 255"),
        ([csv_line(1, "9" * 30)], "line 2: a value is missing or is no whole number"),
        (["1,2,3"], "line 2: 3 values, not 785"),
        (["", csv_line(9)], "line 3: the label 9"),
    ],
)
def test_a_wrong_csv_is_refused_with_its_line(tmp_path: Path, lines: list[str], fault: str) -> None:
    with pytest.raises(DatasetError, match=fault):
        read_letters(write_csv(tmp_path / "a.csv", *lines))


def test_a_csv_that_a_spreadsheet_wrote_is_read(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", csv_line(3), "")
    path.write_text(path.read_text(), encoding="utf-8-sig", newline="\r\n")

    assert read_letters(path).labels.tolist() == [3]


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", b"\xff\xfe\x00", b'"open'])
def test_a_file_that_is_no_such_csv_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.csv").write_bytes(content)

    with pytest.raises(DatasetError, match=r"a\.csv"):
        read_letters(tmp_path / "a.csv")


def test_a_label_outside_the_alphabet_is_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", x=np.zeros((1, 64, 64), np.uint8), y=np.array(["Ä"]))
    with pytest.raises(DatasetError, match="'Ä' is none of A to Z and blank"):
        read_letters(tmp_path / "a.npz")

    (tmp_path / "folder" / "AA").mkdir(parents=True)
    with pytest.raises(DatasetError, match="AA is none of the labels"):
        read_letters(tmp_path / "folder")


def test_near_duplicates_stand_in_one_group(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    for letter, fingers in (("A", 1), ("B", 4)):
        for number in range(3):
            image = hand(fingers).astype(int) + random.integers(-3, 4, (240, 240, 1))
            name = f"{number}.png"
            write_picture(tmp_path / letter / name, image.clip(0, 255).astype(np.uint8))
        moved = np.roll(hand(fingers), 60, axis=1)
        write_picture(tmp_path / letter / "moved.png", moved)

    read = read_letters(tmp_path)
    numbers = groups(read)

    by_name = dict(zip(read.names, numbers.tolist(), strict=True))
    same = {
        letter: {by_name[str(tmp_path / letter / f"{number}.png")] for number in range(3)}
        for letter in "AB"
    }
    assert len(same["A"]) == len(same["B"]) == 1
    assert same["A"] != same["B"]
    assert by_name[str(tmp_path / "A" / "moved.png")] not in same["A"]
