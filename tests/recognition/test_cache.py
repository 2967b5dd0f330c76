"""A cached file appears whole or not at all, and is made once."""

import multiprocessing
from pathlib import Path

import platformdirs
import pytest

from recognition.cache import cache_folder, cached_bytes


def make_slowly(path: Path, made: Path) -> None:
    """Make the file, and leave a mark for having done so."""

    def make() -> bytes:
        with made.open("a") as marks:
            marks.write("made\n")
        return b"content" * 1000

    assert cached_bytes(path, make)[0] == b"content" * 1000


def test_the_folder_is_the_users_cache_or_the_one_that_is_set(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("LINTEL_CACHE", raising=False)
    assert cache_folder() == platformdirs.user_cache_path("lintel")

    monkeypatch.setenv("LINTEL_CACHE", str(tmp_path))
    assert cache_folder() == tmp_path


def test_what_is_there_is_not_made_again(tmp_path: Path) -> None:
    path = tmp_path / "new" / "file.bin"

    assert cached_bytes(path, lambda: b"first") == (b"first", True)
    assert cached_bytes(path, lambda: b"second") == (b"first", False)


@pytest.mark.parametrize("damage", [b"", b"firs", b"first?"])
def test_a_damaged_file_is_made_again(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "file.bin"
    cached_bytes(path, lambda: b"first")
    path.write_bytes(damage)

    assert cached_bytes(path, lambda: b"second") == (b"second", True)
    assert cached_bytes(path, lambda: b"third") == (b"second", False)


def test_a_file_without_its_digest_is_made_again(tmp_path: Path) -> None:
    path = tmp_path / "file.bin"
    cached_bytes(path, lambda: b"first")
    (tmp_path / "file.bin.sha256").unlink()

    assert cached_bytes(path, lambda: b"second") == (b"second", True)


def test_processes_that_start_together_make_it_once(tmp_path: Path) -> None:
    path, made = tmp_path / "file.bin", tmp_path / "made"
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=make_slowly, args=(path, made)) for _ in range(3)]

    for process in processes:
        process.start()
    for process in processes:
        process.join()

    assert [process.exitcode for process in processes] == [0, 0, 0]
    assert made.read_text() == "made\n"


def test_a_fault_while_making_leaves_nothing_behind(tmp_path: Path) -> None:
    def fail() -> bytes:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        cached_bytes(tmp_path / "file.bin", fail)

    assert not [path for path in tmp_path.iterdir() if path.suffix != ".lock"]


def test_a_folder_that_cannot_be_used_costs_only_the_keeping(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "taken").write_text("a file, no folder")

    assert cached_bytes(tmp_path / "taken" / "file.bin", lambda: b"made") == (b"made", True)
    assert "nothing is kept" in caplog.text
