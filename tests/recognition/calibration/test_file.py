"""A calibration survives being written; a damaged one is named."""

from pathlib import Path

import numpy as np
import pytest

from recognition import OutputError
from recognition.calibration.file import read_calibration, write_calibration
from recognition.calibration.measuring import calibrate
from recognition.errors import EvaluationError
from recognition.values import EngineId
from tests.recognition.evaluation.people import point_people


def test_it_reads_what_it_wrote(tmp_path: Path) -> None:
    made = calibrate(point_people(spread=0.1), EngineId("fake", "1"))
    write_calibration(tmp_path / "site.json", made)
    read = read_calibration(tmp_path / "site.json")

    assert read.engine == made.engine
    assert np.array_equal(read.distance, made.distance)
    assert np.array_equal(read.genuine, made.genuine)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"schema": 2}', '{"schema": 1}'])
def test_it_refuses_a_file_that_is_none(tmp_path: Path, text: str) -> None:
    path = tmp_path / "site.json"
    path.write_text(text)

    with pytest.raises(EvaluationError, match=r"site\.json"):
        read_calibration(path)


def test_it_refuses_tables_that_do_not_fall(tmp_path: Path) -> None:
    path = tmp_path / "site.json"
    write_calibration(path, calibrate(point_people(spread=0.1), EngineId("fake", "1")))
    path.write_text(path.read_text().replace('"fmr": [\n  0.1', '"fmr": [\n  0.0000001'))

    with pytest.raises(EvaluationError, match="must fall"):
        read_calibration(path)


def test_it_says_that_it_cannot_be_written(tmp_path: Path) -> None:
    made = calibrate(point_people(spread=0.1), EngineId("fake", "1"))

    with pytest.raises(OutputError, match="cannot be written"):
        write_calibration(tmp_path / "nowhere" / "site.json", made)
