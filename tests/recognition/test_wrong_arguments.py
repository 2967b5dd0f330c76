"""Whatever is put in the place of an argument, no public name lets a foreign exception out."""

import math
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import recognition
from recognition import (
    DEFAULT_GATES,
    READERS,
    ArgumentError,
    Box,
    DecodeLimits,
    Distances,
    Engine,
    EngineId,
    Face,
    FakeEngine,
    Follower,
    Gallery,
    GalleryError,
    Gates,
    Hold,
    HoldRule,
    Match,
    MatchRule,
    Probe,
    Quality,
    Reading,
    Reason,
    RecognitionError,
    Speller,
    advice_for,
    decide,
    decode,
    default_rule,
    encode_jpeg,
    find_again,
    fuse,
    gate,
    guide_box,
    inspect,
    install_engine,
    load_engine,
    load_reader,
    probe_from_images,
)

NOWHERE = Path("/nonexistent/model.onnx")
WRONG: tuple[Any, ...] = (
    *(None, True, 7, -1, 0, 1.5, 10**400, 1 + 2j, math.nan, math.inf, -math.inf),
    *("", "x", "a\0b", "\ud800", b"", b"x", object(), NOWHERE, Path("a\0b"), Path("\ud800")),
    *([], {}, (), [None], ["a"], [7], [[1, 2], [3]]),
    *(np.zeros(0, np.float32), np.full(3, np.nan, np.float32), np.zeros((2, 3))),
    np.zeros((9, 9, 3), np.uint8),
)
FAKE = FakeEngine()
PICTURE = np.full((60, 60, 3), 9, np.uint8)
FACE = FAKE.find(PICTURE, min_face=10)[0]
ROWS = np.eye(2, 3, dtype=np.float32)
GALLERY = Gallery(FAKE.id, ["Ada", "Bob"], ROWS)
PROBE = Probe(ROWS[0], (FACE,), 1, 1.0, FAKE.id)
MATCH, RULE = GALLERY.search_probe(PROBE), MatchRule(0.5, 0.1)
BOX, READING = Box(0, 0, 9, 9), Reading("1", 0.9, Box(0, 0, 9, 9))
DISTANCES = Distances(0.5, 0.5, 0.1, ((1, 1.0), (10, 0.5)))

Call = tuple[Callable[..., object], Mapping[str, object]]


def of_engine(engine: Engine) -> dict[str, Call]:
    """Return the methods of an engine, each with good arguments."""
    side = engine.chip_px
    return {
        "find": (engine.find, {"image": PICTURE, "min_face": 40, "thorough": False}),
        "align": (engine.align, {"image": PICTURE, "faces": (FACE,)}),
        "embed": (engine.embed, {"image": PICTURE, "faces": ()}),
        "embed_chips": (engine.embed_chips, {"chips": np.zeros((0, side, side, 3), np.uint8)}),
    }


def see(symbol: Any, at_s: Any) -> object:
    return Hold().see(symbol, at_s)


def spell(readings: Any, at_s: Any) -> object:
    return Speller().see(readings, at_s)


def follow(image: Any, time_s: Any) -> object:
    follower = Follower(FAKE, min_face=20, whole_every_s=9.0)
    follower.find(PICTURE, 0.0)
    return follower.find(image, time_s)


CALLS: dict[str, Call] = {
    "Box": (Box, {"left": 0, "top": 0, "right": 9, "bottom": 9}),
    "Box.scale": (BOX.scale, {"factor": 2}),
    "Box.clip": (BOX.clip, {"width": 5, "height": 5}),
    "Box.iou": (BOX.iou, {"other": BOX}),
    "DecodeLimits": (DecodeLimits, {"max_bytes": 9, "max_pixels": 9, "max_side": 9}),
    "Distances": (Distances, {one.name: getattr(DISTANCES, one.name) for one in fields(Distances)}),
    "Distances.search_rule": (DISTANCES.search_rule, {"people": 5}),
    "EngineId": (EngineId, {"name": "a", "version": "1"}),
    "FakeEngine": (FakeEngine, {"version": "1"}),
    "Follower": (Follower, {"engine": FAKE, "min_face": 20, "whole_every_s": 0.25}),
    "Follower.find": (follow, {"image": PICTURE, "time_s": 0.5}),
    "Gallery": (Gallery, {"engine": FAKE.id, "labels": ["a"], "vectors": ROWS[:1]}),
    "Gallery.with_templates": (GALLERY.with_templates, {"labels": ["a"], "vectors": ROWS[:1]}),
    "Gallery.without_people": (GALLERY.without_people, {"labels": ["Ada"]}),
    "Gallery.search": (GALLERY.search, {"vectors": ROWS}),
    "Gallery.search_probe": (GALLERY.search_probe, {"probe": PROBE}),
    "Gates": (Gates, {one.name: getattr(DEFAULT_GATES, one.name) for one in fields(Gates)}),
    "Hold": (Hold, {"rule": HoldRule()}),
    "Hold.see": (see, {"symbol": "1", "at_s": 0.5}),
    "HoldRule": (HoldRule, {"hold_s": 0.8, "agreement": 0.8, "gap_s": 0.3}),
    "MatchRule": (MatchRule, {"threshold": 0.5, "margin": 0.1}),
    "Speller": (Speller, {"rule": HoldRule()}),
    "Speller.see": (spell, {"readings": [READING], "at_s": 0.5}),
    "advice_for": (advice_for, {"reason": Reason.FACE_TURNED, "quality": FACE.quality}),
    "decide": (decide, {"match": MATCH, "rule": RULE}),
    "decode": (decode, {"data": encode_jpeg(PICTURE), "limits": DecodeLimits()}),
    "default_rule": (default_rule, {"people": 5}),
    "encode_jpeg": (encode_jpeg, {"image": PICTURE, "quality": 90}),
    "find_again": (
        find_again,
        {"image": PICTURE, "places": [FACE.box], "engine": FAKE, "min_face": 20},
    ),
    "fuse": (fuse, {"vectors": ROWS, "mean_vector": ROWS[0], "weights": np.ones(2)}),
    "gate": (gate, {"face": FACE, "gates": DEFAULT_GATES}),
    "guide_box": (guide_box, {"width": 640, "height": 480}),
    "inspect": (inspect, {"data": encode_jpeg(PICTURE), "limits": DecodeLimits()}),
    "install_engine": (
        install_engine,
        {"model": NOWHERE, "manifest": NOWHERE, "detector": NOWHERE},
    ),
    "load_engine": (load_engine, {"name": "dlib-resnet", "threads": 1}),
    "load_reader": (load_reader, {"name": "sign", "threads": 1, "weights": NOWHERE}),
    "probe_from_images": (
        probe_from_images,
        {
            "images": [PICTURE],
            "engine": FAKE,
            "gates": DEFAULT_GATES,
            "thorough": False,
            "one_look": False,
        },
    ),
    **{f"FakeEngine.{name}": call for name, call in of_engine(FAKE).items()},
}
# Values hold what they are given; whoever takes them looks at it, as the tests below see.
HOLDERS = {"Advice", "Decision", "Face", "Frame", "Held", "ImageInfo", "InstalledEngine"}
HOLDERS |= {"Match", "Probe", "Quality", "Reading", "Spelt"}
# Kinds of arrays, and the one function that takes nothing.
OTHERS = {"Image", "Vector", "Vectors", "engine_names"}


def refuses(use: Callable[[], object]) -> bool:
    """Whether it raises one of the library's own exceptions; any other ends the test."""
    try:
        use()
    except RecognitionError:
        return True
    return False


@pytest.mark.parametrize("name", CALLS)
def test_no_argument_brings_out_a_foreign_exception(name: str) -> None:
    use, good = CALLS[name]
    for argument in good:
        refused = [refuses(lambda: use(**{**good, argument: wrong})) for wrong in WRONG]  # noqa: B023
        assert any(refused), argument


def test_every_public_function_is_among_them() -> None:
    for name in set(recognition.__all__) - CALLS.keys() - HOLDERS - OTHERS:
        value = getattr(recognition, name)
        is_plain = isinstance(value, type) and issubclass(value, Exception | str)
        is_protocol = getattr(value, "_is_protocol", False)
        assert is_plain or is_protocol or not callable(value), name
    assert all(is_dataclass(getattr(recognition, name)) for name in HOLDERS)


def test_the_engine_itself_lets_none_out(engine: Engine) -> None:
    for use, good in of_engine(engine).values():
        for argument in good:
            for wrong in WRONG:
                refuses(lambda: use(**{**good, argument: wrong}))  # noqa: B023


@pytest.mark.parametrize("name", READERS)
def test_no_reader_takes_a_guide_that_is_no_box(name: str) -> None:
    reader = load_reader(name)
    for wrong in WRONG[1:]:  # without a guide the whole frame is read
        with pytest.raises(ArgumentError, match="guide"):
            reader.read(PICTURE, guide=wrong)


@pytest.mark.parametrize(
    ("value", "use"),
    [
        (FACE, gate),
        (FACE, lambda face: FAKE.align(PICTURE, [face])),
        (FACE.quality, lambda quality: gate(replace(FACE, quality=quality))),
        (FACE.quality, lambda quality: advice_for(Reason.FACE_TURNED, quality)),
        (MATCH, lambda match: decide(match, RULE)),
        (PROBE, GALLERY.search_probe),
        (READING, lambda reading: spell([reading], 0.5)),
    ],
)
def test_a_value_that_holds_anything_lets_none_out(
    value: Face | Quality | Match | Probe | Reading, use: Callable[[Any], object]
) -> None:
    for field in fields(value):
        for wrong in WRONG:
            refuses(lambda: use(replace(value, **{field.name: wrong})))  # noqa: B023


def test_a_match_whose_distance_is_no_number_is_not_accepted() -> None:
    for wrong in WRONG:
        for field in ("distance", "second_distance"):
            decision = decide(replace(MATCH, **{field: wrong}), RULE)
            # A number may stand there: what lies near enough, or far enough away.
            assert not decision.accepted or isinstance(wrong, int | float)
    assert decide(MATCH, RULE).accepted


def test_a_gallery_is_of_an_engine_and_searched_by_probes() -> None:
    for wrong in (None, "dlib-resnet", ("fake", "1"), FAKE):
        with pytest.raises(ArgumentError, match="engine"):
            Gallery(wrong, [], ROWS[:0])  # type: ignore[arg-type]
    for no_probe in (None, ROWS[0], MATCH):
        with pytest.raises(ArgumentError, match="Probe"):
            GALLERY.search_probe(no_probe)  # type: ignore[arg-type]


def test_a_text_is_not_taken_for_as_many_people_as_it_has_letters() -> None:
    with pytest.raises(GalleryError, match="not one text"):
        Gallery(FAKE.id, "ab", ROWS)
    with pytest.raises(GalleryError, match="not one text"):
        GALLERY.without_people("Ada")
