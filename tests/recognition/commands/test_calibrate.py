"""`calibrate`: a file, a table, and what is said where it cannot be made."""

import re
from pathlib import Path

import pytest

from recognition.calibration.file import read_calibration
from tests.recognition.commands.running import run
from tests.recognition.commands.test_documentation import keys, section


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_it_writes_what_it_measured_and_prints_the_keys_of_the_manual(
    capsys: pytest.CaptureFixture[str], shared_data: Path, tmp_path: Path
) -> None:
    out = tmp_path / "site.json"
    folder = shared_data / "people" / "lfw"
    done = run(capsys, "calibrate", folder, "--out", out, "--json")

    assert done.status == 0
    assert read_calibration(out).people == done.json["identities"] == 10
    named = set(re.findall(r"`(\w+)`", section("JSON of `calibrate`")))
    assert set(keys(done.json)) == named


def test_it_ends_with_1_where_there_are_no_pictures(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    done = run(capsys, "calibrate", tmp_path, "--out", tmp_path / "site.json", "--json")

    assert done.status == 1
    assert done.json["error"]["code"] == "EvaluationError"
