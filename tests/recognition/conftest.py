"""What the tests of the library share: the engine and drawn people."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from recognition import Engine, Image, encode_jpeg, load_engine
from tests.people import PEOPLE, draw
from tests.recognition.network_camera import network_camera_running

# How long an example takes depends on what else the machine does.
settings.register_profile("lintel", deadline=None)
settings.load_profile("lintel")

FIRST, SECOND, STRANGER = (person.identity for person in PEOPLE[:3])


@pytest.fixture(scope="session")
def engine() -> Engine:
    """Return the built-in engine; its network is converted once and kept in the cache folder."""
    return load_engine()


@pytest.fixture(scope="session")
def portrait() -> Image:
    """Return a 640x480 picture of the first person, with a face 200 pixels wide."""
    return draw(FIRST)


@pytest.fixture(scope="session")
def gallery_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with two people, two pictures each, and files that are no pictures."""
    folder = tmp_path_factory.mktemp("gallery")
    for name, identity in (("Ada", FIRST), ("王小明", SECOND)):
        (folder / name).mkdir()
        for variation in (1, 2):
            picture = encode_jpeg(draw(identity, variation))
            (folder / name / f"{variation}.jpg").write_bytes(picture)
    (folder / "Ada" / "notes.jpg").write_text("no picture")
    (folder / ".hidden").write_text("not looked at")
    return folder


@pytest.fixture
def network_camera() -> Iterator[str]:
    """Return the address of a camera that sends ten pictures over HTTP and goes away."""
    with network_camera_running() as address:
        yield address
