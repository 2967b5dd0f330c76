"""Every public function refuses what it cannot work with, by an exception of its own."""

import math
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pytest

from recognition import (
    Advice,
    ArgumentError,
    DecodeError,
    DecodeLimits,
    Distances,
    Engine,
    EngineError,
    EngineId,
    Face,
    FakeEngine,
    Gallery,
    GalleryError,
    HoldRule,
    Image,
    ImageShapeError,
    LandmarkError,
    Match,
    MatchRule,
    Probe,
    ProbeRefused,
    Reason,
    RecognitionError,
    VectorError,
    advice_for,
    decide,
    decode,
    default_rule,
    encode_jpeg,
    fuse,
    guide_box,
    inspect,
    install_engine,
    load_engine,
    load_reader,
    probe_from_images,
)
from recognition.landmarks import LandmarkKind
from tests.recognition.engines.site.tiny import make_tiny

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
EYES = [(120, 80), (105, 80), (60, 80), (75, 80), (95, 110)]
NO_LANDMARKS: dict[str, Any] = {
    "three": np.array(EYES[:3], np.float32),
    "flat": np.array(EYES, np.float32).ravel(),
    "in one place": np.full((5, 2), 7, np.float32),
    "not a number": np.full((5, 2), np.nan, np.float32),
    "infinite": np.array([(np.inf, 80), *EYES[1:]], np.float32),
    "beyond any picture": np.array(EYES, np.float32) * 1e30,
    "texts": np.full((5, 2), "7"),
    "nothing": None,
}
NO_VECTORS: dict[str, np.ndarray] = {
    "one": np.zeros(128, np.float32),
    "short": np.zeros((2, 64), np.float32),
    "none": np.empty((0, 128), np.float32),
    "not a number": np.full((2, 128), np.nan, np.float32),
    "infinite": np.full((2, 128), np.inf, np.float32),
    "texts": np.full((2, 128), "0"),
}


@pytest.fixture(scope="module")
def site_engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """Return a tiny engine of a site."""
    folder = tmp_path_factory.mktemp("engines")
    tiny = make_tiny(folder / "files")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LINTEL_ENGINES", str(folder / "installed"))
        return install_engine(tiny.model, tiny.manifest).load()


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


@pytest.mark.parametrize("bad", NO_PICTURES)
def test_a_sites_engine_and_the_fake_refuse_what_is_no_picture(
    site_engine: Engine, bad: str
) -> None:
    """They would make a vector of grey, of floats, of no numbers: of anything OpenCV can warp."""
    face = FakeEngine().find(np.full((200, 200, 3), 9, np.uint8))[0]
    picture = NO_PICTURES[bad]
    for other in (site_engine, FakeEngine()):
        for use in (other.find, partial(_align, other, face), partial(_embed, other, face)):
            with pytest.raises(ImageShapeError):
                use(picture)


def _align(engine: Engine, face: Face, image: Image) -> object:
    return engine.align(image, [face])


def _embed(engine: Engine, face: Face, image: Image) -> object:
    return engine.embed(image, [face])


@pytest.mark.parametrize("bad", NO_CHIPS)
def test_a_sites_engine_and_the_fake_refuse_what_is_no_aligned_face(
    site_engine: Engine, bad: str
) -> None:
    for other in (site_engine, FakeEngine()):
        with pytest.raises(ImageShapeError):
            other.embed_chips(NO_CHIPS[bad])


@pytest.mark.parametrize("bad", NO_LANDMARKS)
def test_points_that_cannot_be_aligned_are_refused(
    engine: Engine, site_engine: Engine, bad: str
) -> None:
    picture = np.full((200, 200, 3), 9, np.uint8)
    face = replace(FakeEngine().find(picture)[0], landmarks=NO_LANDMARKS[bad])
    for one in (engine, site_engine, FakeEngine()):
        with pytest.raises(LandmarkError):
            one.align(picture, [face])


def test_points_of_another_kind_are_refused(engine: Engine) -> None:
    """Eyes taken for the corners of eyes would give a chip, and a vector, of nobody."""
    picture = np.full((200, 200, 3), 9, np.uint8)
    face = FakeEngine().find(picture)[0]
    with pytest.raises(LandmarkError, match="eyes_nose_mouth"):
        engine.align(picture, [replace(face, kind=LandmarkKind.EYES_NOSE_MOUTH)])


def test_a_face_whose_points_are_no_numbers_is_refused(engine: Engine, portrait: Image) -> None:
    face: Face = engine.find(portrait)[0]
    lost = replace(face, landmarks=np.full((5, 2), np.nan, np.float32))

    with pytest.raises(LandmarkError, match="no number"):
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


@pytest.mark.parametrize("bad", [None, "portrait.jpg", [[1, 2], [3]], np.zeros((9, 9, 3))])
def test_what_is_no_array_and_no_bytes_is_refused_as_well(engine: Engine, bad: Any) -> None:
    for use in (decode, inspect):
        with pytest.raises(DecodeError):
            use(bad)
    for take in (encode_jpeg, engine.find, FakeEngine().find):
        with pytest.raises(ImageShapeError):
            take(bad)
    for vectors, mean in ((bad, engine.mean_vector), (np.zeros((1, 128), np.float32), bad)):
        with pytest.raises(VectorError):
            fuse(vectors, mean)


@pytest.mark.parametrize("bad", [np.zeros(2), np.full(1, np.nan), np.zeros(1), "heavy", None])
def test_weights_that_are_none_are_refused(bad: Any) -> None:
    one = np.ones((1, 4), np.float32)
    if bad is None:
        assert fuse(one, one[0], bad) == pytest.approx(one[0])
        return
    with pytest.raises(VectorError):
        fuse(one, np.zeros(4, np.float32), bad)


def test_numbers_too_large_to_be_squared_are_not_fused_to_no_number() -> None:
    with pytest.raises(VectorError, match="finite"):
        fuse(np.full((2, 4), 1e308), np.zeros(4, np.float32))


@pytest.mark.parametrize("distance", [-0.1, -math.inf, math.nan])
def test_what_is_no_distance_is_not_accepted(distance: float) -> None:
    assert not decide(Match("Ada", distance, None, math.inf), MatchRule(0.5, 0.0)).accepted


@pytest.mark.parametrize("turn", [math.nan, math.inf, -math.inf])
def test_a_turn_that_is_no_number_has_no_side(turn: float) -> None:
    quality = replace(FakeEngine().find(np.full((200, 200, 3), 9, np.uint8))[0].quality, yaw=turn)

    assert advice_for(Reason.FACE_TURNED, quality) == Advice(Reason.FACE_TURNED)


def test_numbers_out_of_range_are_refused() -> None:
    picture = np.zeros((90, 90, 3), np.uint8)
    uses: list[Callable[[], object]] = [
        lambda: default_rule(math.nan),  # type: ignore[arg-type]
        lambda: Distances(1.0, 1.0, 0.1, ((1, 1.0),)).search_rule(math.nan),  # type: ignore[arg-type]
        lambda: DecodeLimits(max_side=math.nan),  # type: ignore[arg-type]
        lambda: DecodeLimits(max_bytes=math.inf),  # type: ignore[arg-type]
        lambda: DecodeLimits(max_pixels=10**9),
        lambda: load_engine(threads=math.inf),  # type: ignore[arg-type]
        lambda: load_reader("sign", threads=0),
        lambda: load_reader("runes"),
        lambda: FakeEngine().find(picture, min_face=0),
        lambda: load_engine().find(picture, min_face=math.nan),  # type: ignore[arg-type]
        lambda: encode_jpeg(picture, 0),
        lambda: encode_jpeg(picture, 10**30),
        lambda: guide_box(0, 480),
        lambda: guide_box(640, math.inf),  # type: ignore[arg-type]
        lambda: HoldRule(math.nan),
        lambda: HoldRule(agreement=0.0),
        lambda: MatchRule(float("nan"), 0.1),
        lambda: MatchRule(0.0, 0.1),
        lambda: MatchRule(0.5, float("nan")),
        lambda: default_rule(0),
        lambda: DecodeLimits(max_bytes=0),
        lambda: load_engine(threads=0),
    ]
    for use in uses:
        with pytest.raises(ArgumentError):
            use()
    assert issubclass(ArgumentError, ValueError)  # as such numbers are refused elsewhere


def test_an_engine_that_is_not_there_is_named() -> None:
    with pytest.raises(EngineError, match="nobody's"):
        load_engine("nobody's")


def test_whatever_cannot_be_compared_is_not_accepted() -> None:
    assert not decide(None, MatchRule(0.5, 0.1)).accepted


def test_every_refusal_is_one_of_the_librarys_own() -> None:
    for error in (DecodeError, EngineError, GalleryError, ImageShapeError, VectorError):
        assert issubclass(error, RecognitionError)
