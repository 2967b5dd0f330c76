"""The values keep their own rules."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognition import Box, EngineId, Match, MatchRule

EDGES = st.floats(-500, 500)
BOXES = st.builds(Box, EDGES, EDGES, EDGES, EDGES)


@given(BOXES, BOXES)
def test_overlap_is_a_share_and_the_same_from_both_sides(one: Box, other: Box) -> None:
    assert 0 <= one.iou(other) <= 1 + 1e-9
    assert one.iou(other) == pytest.approx(other.iou(one))


@given(BOXES, st.floats(1, 300), st.floats(1, 300))
def test_a_clipped_box_lies_inside(box: Box, width: float, height: float) -> None:
    inner = box.clip(width, height)

    assert 0 <= inner.left <= inner.right <= width
    assert 0 <= inner.top <= inner.bottom <= height


def test_a_box_knows_its_measures() -> None:
    box = Box(10, 20, 40, 80)

    assert (box.width, box.height, box.area, box.center) == (30, 60, 1800, (25, 50))
    assert box.scale(0.5) == Box(5, 10, 20, 40)
    assert box.iou(box) == 1


def test_the_lead_is_infinite_without_a_second_person() -> None:
    assert Match("Ada", 0.3, None, math.inf).lead == math.inf
    assert Match("Ada", 0.3, "Ben", 0.5).lead == pytest.approx(0.2)


@pytest.mark.parametrize("threshold", [0.0, -0.1, math.inf, math.nan])
def test_a_rule_refuses_a_threshold_that_is_no_distance(threshold: float) -> None:
    with pytest.raises(ValueError, match="threshold"):
        MatchRule(threshold, 0.0)


@pytest.mark.parametrize("margin", [-0.1, math.inf, math.nan])
def test_a_rule_refuses_a_margin_that_is_no_distance(margin: float) -> None:
    with pytest.raises(ValueError, match="margin"):
        MatchRule(0.5, margin)


def test_an_engine_is_written_as_name_and_version() -> None:
    assert str(EngineId("dlib-resnet", "1")) == "dlib-resnet 1"
