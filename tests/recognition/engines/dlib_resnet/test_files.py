"""A damaged weight file is named; no vector is made with it."""

import os
import shutil
import subprocess
import sys
from importlib.util import spec_from_file_location
from pathlib import Path

import pytest

from recognition import EngineError, WeightFileError, encode_jpeg
from recognition.engines.dlib_resnet import files
from recognition.engines.dlib_resnet.files import DESCRIPTOR_FILE, LANDMARK_FILE, PACKAGE
from tests.people import draw

REPOSITORY = Path(__file__).resolve().parents[4]


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of a copy of the package, which is the one that is found."""
    folder = tmp_path / "site" / PACKAGE
    (folder / "models").mkdir(parents=True)
    (folder / "__init__.py").touch()
    for name in (DESCRIPTOR_FILE, LANDMARK_FILE):
        shutil.copy(files.weight_file(name), folder / "models" / name)
    spec = spec_from_file_location(PACKAGE, folder / "__init__.py")
    monkeypatch.setattr(files, "find_spec", lambda _: spec)
    return folder


def flip(path: Path) -> None:
    """Turn one bit over in the middle."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize("name", [DESCRIPTOR_FILE, LANDMARK_FILE])
def test_one_bit_that_fell_over_is_seen_and_the_file_named(package: Path, name: str) -> None:
    path = package / "models" / name
    look = files.weight_file.__wrapped__

    assert look(name) == path
    flip(path)
    with pytest.raises(WeightFileError, match=f"{path} is damaged"):
        look(name)


def test_a_file_that_is_missing_is_named(package: Path) -> None:
    (package / "models" / LANDMARK_FILE).unlink()

    with pytest.raises(EngineError, match=LANDMARK_FILE):
        files.weight_file.__wrapped__(LANDMARK_FILE)


@pytest.mark.slow
@pytest.mark.parametrize("name", [DESCRIPTOR_FILE, LANDMARK_FILE])
@pytest.mark.parametrize("cut", [True, False])
def test_no_command_works_with_a_damaged_file(
    package: Path, tmp_path: Path, name: str, *, cut: bool
) -> None:
    path = package / "models" / name
    if cut:
        os.truncate(path, 1_000_000)
    else:
        flip(path)
    picture = tmp_path / "ada.jpg"
    picture.write_bytes(encode_jpeg(draw(1)))
    found = os.pathsep.join((str(package.parent), str(REPOSITORY)))

    done = subprocess.run(
        [sys.executable, "-m", "recognition", "verify", str(picture), str(picture)],
        env={**os.environ, "PYTHONPATH": found, "LINTEL_CACHE": str(tmp_path / "cache")},
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert f"{path} is damaged" in done.stderr
    assert "Traceback" not in done.stderr
