"""What is committed under recognition/weights is small, says what it is, and has its card."""

import re
from pathlib import Path

import pytest

from recognition.images import decode
from recognition.networks.metadata import metadata_from_props
from recognition.networks.network import WEIGHTS

FILES = sorted(WEIGHTS.glob("*.onnx"))
LEARNT_BY_AUGMENTATION = ("handwritten-digits", "keypoints", "sign-digits", "sign-letters")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_weights_are_small_and_say_what_they_are(path: Path) -> None:
    import onnx

    model = onnx.load_model_from_string(path.read_bytes())
    said = metadata_from_props({one.key: one.value for one in model.metadata_props})

    assert path.stat().st_size <= 3 * 1024**2
    assert said.name == path.stem
    assert not any(tensor.external_data for tensor in model.graph.initializer)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_network_has_a_card(path: Path) -> None:
    card = path.with_suffix(".md").read_text()

    command = f"python -m recognition train {path.stem}"
    assert command in card
    words = ("seed", "split", "cannot", "accepted", "MB", "ms")
    missing = [word for word in words if word.lower() not in card.lower()]
    assert not missing
    assert any(licence in card for licence in ("MIT", "Apache-2.0", "CC BY-SA"))


@pytest.mark.parametrize("name", LEARNT_BY_AUGMENTATION)
def test_a_card_shows_what_was_learnt_from(name: str) -> None:
    card = (WEIGHTS / f"{name}.md").read_text()

    assert f"]({name}.png)" in card
    sheet = decode((WEIGHTS / f"{name}.png").read_bytes())
    assert min(sheet.shape[:2]) > 200
    assert sheet.std() > 30


@pytest.mark.parametrize("name", ["handwritten-digits", "sign-digits", "sign-letters"])
def test_a_card_says_what_is_taken_for_what(name: str) -> None:
    assert "onfusion" in (WEIGHTS / f"{name}.md").read_text()


def test_the_confusion_of_written_digits_is_that_of_their_score() -> None:
    card = (WEIGHTS / "handwritten-digits.md").read_text()
    (share,) = re.findall(r"\| MNIST test \| 10,000 \| ([\d.]+) %", card)
    rows = [
        [int(cell or 0) for cell in line]
        for line in (
            [cell.strip() for cell in row.split("|")[2:-1]]
            for row in re.findall(r"^\| \d \|.*\|$", card, re.MULTILINE)
        )
    ]

    assert sum(map(sum, rows)) == 10_000
    assert sum(row[digit] for digit, row in enumerate(rows)) == round(100 * float(share))


def test_weights_are_there() -> None:
    assert FILES
