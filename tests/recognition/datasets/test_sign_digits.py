"""Signers are told apart by their files' numbers, and each serves one part only."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognition.datasets.photographs import part_of_person
from recognition.datasets.sign_digits import Part, part_of_signer, read_signs, signers
from recognition.errors import DatasetError
from recognition.images import encode_jpeg
from tests.recognition.datasets.hands import draw_hand


def test_a_signer_goes_on_until_the_digit_falls_back() -> None:
    one = [(4040 + digit, digit) for digit in range(10)]
    two = [(4050 + digit, digit) for digit in range(10)]
    assert signers(one + two) == [404] * 10 + [405] * 10


def test_a_signer_whose_files_cross_a_ten_keeps_one_number() -> None:
    """Files 4038 to 4047: two of them lie in the ten before."""
    across = [(4038 + digit, digit) for digit in range(10)]
    assert signers(across) == [404] * 10


def test_a_gap_between_numbers_parts_signers() -> None:
    assert signers([(4040, 1), (4060, 2)]) == [404, 406]


@given(st.integers(0, 10_000))
def test_a_signer_serves_one_part_and_every_fifth_is_held_out(signer: int) -> None:
    part = part_of_signer(signer)
    assert (part is Part.TEST) == (signer % 5 == 4)


def test_a_person_behind_the_hand_serves_one_part_in_all_pictures() -> None:
    parts = [part_of_person(f"Somebody_{number}") for number in range(400)]
    assert {parts.count(part) > 20 for part in Part} == {True}


def test_a_folder_is_read_with_digits_and_signers(tmp_path: Path) -> None:
    for digit in (2, 3):
        (tmp_path / "sign_digits" / str(digit)).mkdir(parents=True)
        picture = encode_jpeg(draw_hand(digit)[0])
        (tmp_path / "sign_digits" / str(digit) / f"IMG_404{digit}.jpg").write_bytes(picture)
    read = read_signs(tmp_path)
    assert [(sign.digit, sign.signer, sign.part) for sign in read] == [
        (2, 404, Part.TEST),
        (3, 404, Part.TEST),
    ]


def test_a_file_without_a_number_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "1").mkdir()
    (tmp_path / "1" / "hand.jpg").write_bytes(encode_jpeg(draw_hand(1)[0]))
    with pytest.raises(DatasetError, match=r"hand\.jpg"):
        read_signs(tmp_path)


def test_an_empty_folder_and_a_label_outside_the_digits_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DatasetError):
        read_signs(tmp_path)
    (tmp_path / "eleven").mkdir()
    with pytest.raises(DatasetError, match="eleven"):
        read_signs(tmp_path)
