"""`evaluate sign-digits`: its keys, what it calls right, and what it refuses."""

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from recognition.evaluation.sign_digits import sign_digit_figures
from recognition.evaluation.symbols import Answer
from recognition.images import encode_jpeg
from recognition.networks.metadata import NetworkMetadata
from recognition.sign_digits.preprocess import CLASSES, INPUT, NAME, SIDE, VERSION
from recognition.sign_digits.reader import SignDigitReader
from recognition.values import Box
from tests.recognition.commands.running import run

PIXEL = np.zeros((1, 1, 3), np.uint8)
RED, BLUE = (255, 0, 0), (0, 0, 255)


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    """A net without training: red pictures show a 1, blue ones a 2, others nothing."""
    table = np.zeros((3, len(CLASSES)), np.float32)
    table[0, 1] = table[2, 2] = 20
    table[1, 1] = table[1, 2] = -20
    bias = np.zeros(len(CLASSES), np.float32)
    bias[-1] = 5
    nodes = [
        helper.make_node("GlobalAveragePool", ["input"], ["mean"]),
        helper.make_node("Flatten", ["mean"], ["flat"]),
        helper.make_node("MatMul", ["flat", "table"], ["shares"]),
        helper.make_node("Add", ["shares", "bias"], ["output"]),
    ]
    taken = helper.make_tensor_value_info("input", TensorProto.FLOAT, ["n", 3, SIDE, SIDE])
    given = helper.make_tensor_value_info("output", TensorProto.FLOAT, ["n", len(CLASSES)])
    tensors = [numpy_helper.from_array(table, "table"), numpy_helper.from_array(bias, "bias")]
    graph = helper.make_graph(nodes, "colours", [taken], [given], tensors)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    known = NetworkMetadata(NAME, VERSION, CLASSES, INPUT, threshold=0.9)
    helper.set_model_props(model, known.as_props())
    path = tmp_path / "colours.onnx"
    onnx.save(model, path)
    return path


def picture(colour: tuple[int, int, int], height: int = 60, width: int = 60) -> np.ndarray:
    return np.full((height, width, 3), colour, np.uint8)


def write(folder: Path, label: str, name: str, colour: tuple[int, int, int]) -> None:
    (folder / label).mkdir(parents=True, exist_ok=True)
    (folder / label / name).write_bytes(encode_jpeg(picture(colour)))


def answer(truth: str | None, best: str | None, *, accepted: bool, name: str = "") -> Answer:
    return Answer(name, truth, best, accepted, 0.9, PIXEL)


def test_a_right_digit_that_is_not_accepted_does_not_count_as_right() -> None:
    answers = [answer("1", "1", accepted=True), answer("2", "2", accepted=False)]
    figures = sign_digit_figures(answers, seconds=1)
    assert figures.accuracy.value == 0.5
    assert figures.rejected.value == 0.5
    assert figures.wrong_accepted.value == 0


def test_intervals_grow_where_one_signer_makes_all_mistakes() -> None:
    """Ten signers of ten: all mistakes of one, or one mistake of each."""
    gathered = [
        answer("1", "1" if signer else "2", accepted=True, name=f"1/IMG_4{signer}{number}.jpg")
        for signer in range(10)
        for number in range(10)
    ]
    spread = [
        answer("1", "1" if number else "2", accepted=True, name=f"1/IMG_4{signer}{number}.jpg")
        for signer in range(10)
        for number in range(10)
    ]
    one = sign_digit_figures(gathered, seconds=1).accuracy
    other = sign_digit_figures(spread, seconds=1).accuracy
    assert one.value == other.value == 0.9
    assert one.interval.low < other.interval.low


def test_it_prints_design_s_keys_and_writes_the_page(
    tmp_path: Path, weights: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    signs = tmp_path / "signs"
    write(signs, "1", "a.jpg", RED)
    write(signs, "2", "b.jpg", RED)
    write(signs, "none", "c.jpg", (0, 255, 0))
    (signs / "none" / "broken.jpg").write_bytes(b"no picture")
    page = tmp_path / "page.html"
    done = run(
        capsys, "evaluate", "sign-digits", signs, "--json", "--weights", weights, "--report", page
    )
    assert done.status == 0
    assert done.json["n"] == 2
    assert done.json["accuracy"] == 0.5
    assert done.json["accepted_accuracy"] == 0.5
    assert done.json["rejected"] == 0
    assert done.json["wrong_accepted"] == 0.5
    assert (done.json["none_n"], done.json["none_accepted"]) == (1, 0)
    assert done.json["ms_per_image"] > 0
    assert [Path(one["file"]).name for one in done.json["skipped"]] == ["broken.jpg"]
    assert "2/b.jpg" in page.read_text()


@pytest.mark.parametrize("label", [None, "eleven"])
def test_an_empty_folder_and_an_unknown_label_end_with_a_message(
    tmp_path: Path, weights: Path, label: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    if label:
        write(tmp_path / "signs", label, "a.jpg", RED)
    else:
        (tmp_path / "signs").mkdir()
    done = run(capsys, "evaluate", "sign-digits", tmp_path / "signs", "--weights", weights)
    assert done.status == 1
    assert str(tmp_path / "signs") in done.err
    assert "Traceback" not in done.err


def test_a_sign_is_read_in_the_guide_box_alone(weights: Path) -> None:
    reader = SignDigitReader(weights=weights)
    frame = picture(BLUE, 480, 640)
    frame[100:200, 300:400] = RED
    (found,) = reader.read(frame, guide=Box(300, 100, 400, 200))
    assert (found.symbol, found.box) == ("1", Box(300, 100, 400, 200))
    (whole,) = reader.read(picture(BLUE))
    assert whole.symbol == "2"


def test_no_hand_gives_nothing_and_a_doubtful_one_gives_no_symbol(weights: Path) -> None:
    reader = SignDigitReader(weights=weights)
    assert reader.read(picture((0, 255, 0))) == ()
    (doubtful,) = reader.read(picture((130, 0, 126)))
    assert doubtful.symbol is None
    assert 0 < doubtful.confidence < 0.9
