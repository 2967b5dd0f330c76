"""Every public function refuses what it cannot work with, by an exception of its own."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from recognition import (
    DecodeError,
    DecodeLimits,
    Engine,
    EngineError,
    EngineId,
    Face,
    Gallery,
    GalleryError,
    Image,
    ImageShapeError,
    MatchRule,
    Probe,
    ProbeRefused,
    RecognitionError,
    VectorError,
    decide,
    decode,
    default_rule,
    encode_jpeg,
    fuse,
    inspect,
    load_engine,
    probe_from_images,
)

EMPTY = np.empty((0, 9, 3), np.uint8)
NO_PICTURES: dict[str, np.ndarray] = {
    "grey": np.zeros((90, 90), np.uint8),
    "four channels": np.zeros((90, 90, 4), np.uint8),
    "a batch": np.zeros((1, 90, 90, 3), np.uint8),
    "floats": np.zeros((90, 90, 3), np.float32),
    "not a number": np.full((90, 90, 3), np.nan),
    "wide integers": np.zeros((90, 90, 3), np.int64),
    "empty": EMPTY,
    "nothing": np.empty(0, np.uint8),
}
NO_CHIPS: dict[str, np.ndarray] = {
    "one": np.zeros((150, 150, 3), np.uint8),
    "small": np.zeros((1, 112, 112, 3), np.uint8),
    "floats": np.zeros((1, 150, 150, 3), np.float32),
    "channels first": np.zeros((1, 3, 150, 150), np.uint8),
}
NO_VECTORS: dict[str, np.ndarray] = {
    "one": np.zeros(128, np.float32),
    "short": np.zeros((2, 64), np.float32),
    "none": np.empty((0, 128), np.float32),
    "not a number": np.full((2, 128), np.nan, np.float32),
    "infinite": np.full((2, 128), np.inf, np.float32),
    "texts": np.full((2, 128), "0"),
}


@pytest.mark.parametrize("bad", NO_PICTURES)
def test_what_is_no_picture_is_refused_everywhere(engine: Engine, bad: str) -> None:
    picture = NO_PICTURES[bad]
    uses: list[Callable[[Image], object]] = [
        encode_jpeg,
        engine.find,
        lambda image: engine.align(image, ()),
        lambda image: engine.embed(image, ()),
        lambda image: probe_from_images([image], engine=engine),
    ]
    for use in uses:
        with pytest.raises(ImageShapeError):
            use(picture)


@pytest.mark.parametrize("bad", NO_CHIPS)
def test_what_is_no_aligned_face_is_refused(engine: Engine, bad: str) -> None:
    with pytest.raises(ImageShapeError):
        engine.embed_chips(NO_CHIPS[bad])


@pytest.mark.parametrize("bad", NO_VECTORS)
def test_what_is_no_vector_is_refused(engine: Engine, bad: str) -> None:
    vectors = NO_VECTORS[bad]
    with pytest.raises(VectorError):
        fuse(vectors, engine.mean_vector)
    gallery = Gallery(engine.id, ["Ada"], np.zeros((1, 128), np.float32))
    if bad != "none":  # searching for nobody finds nobody
        with pytest.raises(GalleryError):
            gallery.search(vectors)
        with pytest.raises(GalleryError):
            gallery.with_templates([str(at) for at in range(len(vectors))], vectors)


def test_a_face_whose_points_are_no_numbers_is_refused(engine: Engine, portrait: Image) -> None:
    face: Face = engine.find(portrait)[0]
    lost = replace(face, landmarks=np.full((5, 2), np.nan, np.float32))

    with pytest.raises(ImageShapeError, match="no number"):
        engine.embed(portrait, [lost])


def test_a_probe_of_no_pictures_is_refused(engine: Engine) -> None:
    with pytest.raises(ProbeRefused):
        probe_from_images([], engine=engine)


def test_a_probe_that_is_no_number_is_refused() -> None:
    engine = EngineId("fake", "1")
    gallery = Gallery(engine, ["Ada"], np.zeros((1, 3), np.float32))
    probe = Probe(np.full(3, np.nan, np.float32), (), 1, 1.0, engine)

    with pytest.raises(GalleryError):
        gallery.search_probe(probe)


@pytest.mark.parametrize("data", [b"", b"text", b"\xff\xd8\xff"])
def test_bytes_that_are_no_picture_are_refused(data: bytes) -> None:
    for use in (decode, inspect):
        with pytest.raises(DecodeError):
            use(data)


def test_numbers_out_of_range_are_refused() -> None:
    uses: list[Callable[[], object]] = [
        lambda: MatchRule(float("nan"), 0.1),
        lambda: MatchRule(0.0, 0.1),
        lambda: MatchRule(0.5, float("nan")),
        lambda: default_rule(0),
        lambda: DecodeLimits(max_bytes=0),
        lambda: load_engine(threads=0),
    ]
    for use in uses:
        with pytest.raises(ValueError, match=r"must|at least|fewer|needs"):
            use()


def test_an_engine_that_is_not_there_is_named() -> None:
    with pytest.raises(EngineError, match="nobody's"):
        load_engine("nobody's")


def test_whatever_cannot_be_compared_is_not_accepted() -> None:
    assert not decide(None, MatchRule(0.5, 0.1)).accepted


def test_every_refusal_is_one_of_the_librarys_own() -> None:
    for error in (DecodeError, EngineError, GalleryError, ImageShapeError, VectorError):
        assert issubclass(error, RecognitionError)
