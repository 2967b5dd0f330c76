"""A folder of pictures becomes a gallery."""

from pathlib import Path

import pytest

from recognition import Engine, GalleryError, encode_jpeg
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


def test_a_folder_without_a_face_is_refused(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "text.jpg").write_text("no picture")

    with pytest.raises(GalleryError, match="DIR/<person>"):
        load_gallery_folder(tmp_path, engine=engine)
    with pytest.raises(GalleryError, match="no folder"):
        load_gallery_folder(tmp_path / "missing", engine=engine)
