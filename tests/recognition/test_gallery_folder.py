"""A folder of pictures becomes a gallery."""

from pathlib import Path

import numpy as np
import pytest

from recognition import Engine, FakeEngine, GalleryError, Image, Vectors, encode_jpeg
from recognition.gallery_folder import load_gallery_folder
from tests.people import draw
from tests.recognition.conftest import FIRST, SECOND


def test_each_picture_becomes_a_template_of_its_folders_name(
    engine: Engine, gallery_folder: Path
) -> None:
    told: list[tuple[int, int]] = []

    known = load_gallery_folder(
        gallery_folder, engine=engine, on_file=lambda at, of: told.append((at, of))
    )

    assert known.gallery.people == ("Ada", "王小明")
    assert len(known.gallery) == 4
    assert known.gallery.engine == engine.id
    assert [Path(one.file).name for one in known.skipped] == ["notes.jpg"]
    assert told == [(at, 5) for at in range(1, 6)]


def test_a_picture_beside_the_folders_is_a_person_of_its_own_name(
    engine: Engine, tmp_path: Path
) -> None:
    (tmp_path / "Ada.jpg").write_bytes(encode_jpeg(draw(FIRST)))
    (tmp_path / "Ben" / "more").mkdir(parents=True)
    (tmp_path / "Ben" / "more" / "1.jpg").write_bytes(encode_jpeg(draw(SECOND)))

    assert load_gallery_folder(tmp_path, engine=engine).gallery.people == ("Ada", "Ben")


def test_files_that_cannot_be_read_are_listed_and_the_others_taken(
    engine: Engine, tmp_path: Path
) -> None:
    (tmp_path / "Ada").mkdir()
    (tmp_path / "Ada" / "1.jpg").write_bytes(encode_jpeg(draw(FIRST)))
    (tmp_path / "Ada" / "2.jpg").symlink_to(tmp_path / "gone.jpg")

    known = load_gallery_folder(tmp_path, engine=engine)

    assert (known.gallery.people, len(known.gallery)) == (("Ada",), 1)
    assert [Path(one.file).name for one in known.skipped] == ["2.jpg"]


class CountingEngine(FakeEngine):
    """Counts the faces it is asked about."""

    def __init__(self) -> None:
        super().__init__()
        self.runs = 0

    def embed_chips(self, chips: Image) -> Vectors:
        self.runs += 1
        return super().embed_chips(chips)


@pytest.fixture
def cached_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder of two people; the cache folder beside it is empty."""
    monkeypatch.setenv("LINTEL_CACHE", str(tmp_path / "cache"))
    folder = tmp_path / "people"
    folder.mkdir()
    for name, identity in (("Ada", FIRST), ("Ben", SECOND)):
        (folder / f"{name}.jpg").write_bytes(encode_jpeg(draw(identity)))
    return folder


def kept_files(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / "cache" / "gallery").rglob("*.npz"))


def test_templates_are_kept_for_their_owner_alone_and_found_again(
    cached_folder: Path, tmp_path: Path
) -> None:
    first, second = CountingEngine(), CountingEngine()

    made = load_gallery_folder(cached_folder, engine=first, keep=True).gallery
    (cached_folder / "Ada.jpg").rename(cached_folder / "Eve.jpg")
    found = load_gallery_folder(cached_folder, engine=second, keep=True).gallery

    assert (first.runs, second.runs) == (2, 0)
    assert found.people == ("Ben", "Eve")
    probes = np.eye(2, first.dimension, dtype=np.float32)
    assert [match.distance for match in made.search(probes)] == [
        match.distance for match in found.search(probes)
    ]
    files = kept_files(tmp_path)
    assert len(files) == 2
    assert {path.stat().st_mode & 0o077 for path in files} == {0}
    assert (tmp_path / "cache" / "gallery").stat().st_mode & 0o077 == 0


def test_a_damaged_template_is_made_again(cached_folder: Path, tmp_path: Path) -> None:
    load_gallery_folder(cached_folder, engine=FakeEngine(), keep=True)
    kept_files(tmp_path)[0].write_bytes(b"no vector")
    again = CountingEngine()

    gallery = load_gallery_folder(cached_folder, engine=again, keep=True).gallery

    assert (again.runs, len(gallery)) == (1, 2)


def test_nothing_is_kept_unless_that_is_asked_for(cached_folder: Path, tmp_path: Path) -> None:
    load_gallery_folder(cached_folder, engine=FakeEngine())

    assert not kept_files(tmp_path)


def test_a_folder_without_a_face_is_refused(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "text.jpg").write_text("no picture")

    with pytest.raises(GalleryError, match="DIR/<person>"):
        load_gallery_folder(tmp_path, engine=engine)
    with pytest.raises(GalleryError, match="no folder"):
        load_gallery_folder(tmp_path / "missing", engine=engine)
