"""Each bound has its reason."""

import math
from dataclasses import replace

import numpy as np
import pytest

from recognition import Box, Face, Gates, Quality, Reason, gate
from recognition.gates import DEFAULT_GATES, ENROLMENT_GATES, LENIENT_GATES, WARNING_GATES

GOOD = Quality(
    face_px=200.0,
    sharpness=0.4,
    brightness=120.0,
    contrast=45.0,
    yaw=0.0,
    roll=0.0,
    inside=1.0,
    side_light=0.1,
    covered=0.0,
    overall=0.9,
)


def face(quality: Quality) -> Face:
    """A face of this quality."""
    return Face(Box(0, 0, 200, 200), 1.0, np.zeros((5, 2), np.float32), quality)


def test_a_good_face_passes_every_gate() -> None:
    for gates in (DEFAULT_GATES, ENROLMENT_GATES, LENIENT_GATES):
        assert gate(face(GOOD), gates) == ()


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("face_px", 79.0, Reason.FACE_TOO_SMALL),
        ("inside", 0.7, Reason.CUT_OFF),
        ("yaw", 0.5, Reason.FACE_TURNED),
        ("yaw", -0.5, Reason.FACE_TURNED),
        ("roll", 50.0, Reason.FACE_TILTED),
        ("roll", -50.0, Reason.FACE_TILTED),
        ("brightness", 10.0, Reason.TOO_DARK),
        ("brightness", 250.0, Reason.TOO_BRIGHT),
        ("contrast", 3.0, Reason.LOW_CONTRAST),
        ("covered", 0.999, Reason.COVERED),
        ("sharpness", 0.02, Reason.BLURRED),
    ],
)
def test_each_bad_quality_has_its_reason(name: str, value: float, reason: Reason) -> None:
    assert gate(face(replace(GOOD, **{name: value}))) == (reason,)
    assert gate(face(replace(GOOD, **{name: math.nan}))) != ()


@pytest.mark.parametrize("side_light", [0.9, -0.9, math.nan])
def test_light_from_one_side_is_worth_a_word_and_refuses_nobody(side_light: float) -> None:
    lit = face(replace(GOOD, side_light=side_light))

    assert gate(lit, WARNING_GATES) == (Reason.UNEVEN_LIGHT,)
    assert bool(gate(lit)) is math.isnan(side_light)


def test_all_reasons_are_named_the_most_useful_first() -> None:
    bad = replace(GOOD, face_px=30.0, sharpness=0.0, brightness=5.0)

    assert gate(face(bad)) == (Reason.FACE_TOO_SMALL, Reason.TOO_DARK, Reason.BLURRED)


def test_a_policy_may_ask_for_larger_faces() -> None:
    assert gate(face(GOOD), Gates(min_face_px=201)) == (Reason.FACE_TOO_SMALL,)
