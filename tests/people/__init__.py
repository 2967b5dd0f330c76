"""Synthetic people: drawn portraits and videos, so that no photograph of anyone is needed."""

from tests.people.drawing import draw
from tests.people.skin import Light

__all__ = ["Light", "draw"]
