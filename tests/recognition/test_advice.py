"""Advice names the person's own side, and how far."""

from dataclasses import replace

import pytest

from recognition import Advice, Reason, Side, advice_for
from tests.recognition.test_gates import GOOD


@pytest.mark.parametrize(
    ("reason", "quality", "advice"),
    [
        # The nose points to the picture's right, which is the person's left.
        (Reason.FACE_TURNED, {"yaw": 0.35}, Advice(Reason.FACE_TURNED, Side.RIGHT, 40)),
        (Reason.FACE_TURNED, {"yaw": -0.45}, Advice(Reason.FACE_TURNED, Side.LEFT, 50)),
        (Reason.FACE_TILTED, {"roll": 31.0}, Advice(Reason.FACE_TILTED, Side.RIGHT, 30)),
        (Reason.FACE_TILTED, {"roll": -44.0}, Advice(Reason.FACE_TILTED, Side.LEFT, 45)),
        (Reason.UNEVEN_LIGHT, {"side_light": 0.9}, Advice(Reason.UNEVEN_LIGHT, Side.LEFT)),
        (Reason.UNEVEN_LIGHT, {"side_light": -0.9}, Advice(Reason.UNEVEN_LIGHT, Side.RIGHT)),
        (Reason.COVERED, {"covered": 1.0}, Advice(Reason.COVERED)),
        (Reason.BLURRED, {"sharpness": 0.0}, Advice(Reason.BLURRED)),
    ],
)
def test_each_reason_has_its_advice(
    reason: Reason, quality: dict[str, float], advice: Advice
) -> None:
    assert advice_for(reason, replace(GOOD, **quality)) == advice
