"""What makes a synthetic person who they are: every trait follows from one seed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from tests.people.canvas import Colour

HairStyle = Literal[
    "short", "parted", "swept", "fringe", "receding", "buzz", "bald", "afro", "bun", "long",
    "curtain", "bob", "scarf",
]  # fmt: skip
BeardStyle = Literal["none", "stubble", "full", "goatee", "moustache"]
GlassesStyle = Literal["none", "round", "square", "heavy"]

SKINS: tuple[Colour, ...] = (
    (250, 222, 205), (243, 206, 181), (232, 190, 160), (224, 172, 135), (203, 150, 112),
    (176, 122, 86), (141, 92, 64), (104, 66, 47), (78, 50, 38),
)  # fmt: skip
HAIRS: tuple[Colour, ...] = (
    (26, 22, 24), (44, 32, 28), (74, 50, 36), (112, 74, 46), (158, 112, 64), (212, 172, 108),
    (150, 66, 34), (128, 124, 122), (206, 204, 200),
)  # fmt: skip
DARK_HAIRS = 3
IRISES: tuple[Colour, ...] = (
    (58, 36, 24), (84, 52, 30), (112, 80, 44), (92, 110, 72), (78, 118, 150), (104, 124, 138),
)  # fmt: skip
SHIRTS: tuple[Colour, ...] = (
    (46, 64, 104), (198, 206, 218), (92, 120, 108), (142, 62, 70), (58, 60, 68), (206, 178, 138),
    (72, 122, 150), (118, 92, 138), (214, 214, 206), (64, 92, 74), (186, 112, 84),
)  # fmt: skip
SCARVES: tuple[Colour, ...] = (
    (52, 86, 112), (150, 84, 100), (206, 190, 166), (60, 60, 72), (92, 124, 104),
)  # fmt: skip


@dataclass(frozen=True)
class Traits:
    """One person's looks; lengths in face widths, colours RGB 0..255, the rest 0..1."""

    seed: int
    masculine: float
    age: float
    skin: Colour
    hair: Colour
    iris: Colour
    shirt: Colour
    scarf: Colour
    collar: int
    # the head
    cheek: float
    jaw: float
    chin: float
    chin_y: float
    ear: float
    # the eyes and brows
    eye_gap: float
    eye_width: float
    eye_height: float
    eye_slant: float
    eye_fold: float
    socket: float
    brow_y: float
    brow_thick: float
    brow_arch: float
    brow_slant: float
    brow_inner: float
    # the nose and mouth
    nose_y: float
    nose_width: float
    nose_height: float
    mouth_y: float
    mouth_width: float
    lip_upper: float
    lip_lower: float
    smile: float
    lipstick: float
    # what grows and what is worn
    hair_style: HairStyle
    hairline: float
    hair_volume: float
    parting: float
    beard: BeardStyle
    glasses: GlassesStyle
    freckles: float
    blush: float


def _hair_style(rng: np.random.Generator, masculine: bool, age: float) -> HairStyle:
    styles: tuple[HairStyle, ...]
    if masculine:
        styles = ("short", "parted", "swept", "fringe", "buzz", "afro", "curtain", "bald")
        if age > 0.5:
            styles = ("short", "parted", "swept", "receding", "bald", "buzz", "receding")
    else:
        styles = ("long", "bob", "bun", "fringe", "curtain", "parted", "afro", "scarf", "long")
    return styles[int(rng.integers(len(styles)))]


def _beard(rng: np.random.Generator, masculine: bool) -> BeardStyle:
    styles: tuple[BeardStyle, ...] = ("none", "none", "stubble", "full", "goatee", "moustache")
    choice = styles[int(rng.integers(len(styles)))]
    return choice if masculine else "none"


def _hair_colour(rng: np.random.Generator, skin: int, age: float) -> Colour:
    if age > 0.62:
        return HAIRS[int(rng.integers(7, 9))]
    return HAIRS[int(rng.integers(DARK_HAIRS if skin > 3 else 7))]


def _glasses(rng: np.random.Generator) -> GlassesStyle:
    styles: tuple[GlassesStyle, ...] = ("none", "none", "none", "round", "square", "heavy")
    return styles[int(rng.integers(len(styles)))]


def traits_of(identity: int) -> Traits:
    """Return the looks of the person with this seed; the same seed gives the same person."""
    rng = np.random.default_rng([0x11E7, identity])

    def between(low: float, high: float) -> float:
        return float(rng.uniform(low, high))

    masculine = bool(rng.integers(2))
    age = between(0, 1)
    skin = int(rng.integers(len(SKINS)))
    return Traits(
        seed=identity,
        masculine=between(0.55, 1.0) if masculine else between(0.0, 0.35),
        age=age,
        skin=SKINS[skin],
        hair=_hair_colour(rng, skin, age),
        iris=IRISES[int(rng.integers(2 if skin > 3 else len(IRISES)))],
        shirt=SHIRTS[int(rng.integers(len(SHIRTS)))],
        scarf=SCARVES[int(rng.integers(len(SCARVES)))],
        collar=int(rng.integers(3)),
        cheek=between(0.45, 0.55),
        jaw=between(0.33, 0.40) + (0.05 if masculine else 0.0),
        chin=between(0.15, 0.22) + (0.04 if masculine else 0.0),
        chin_y=between(0.74, 0.90),
        ear=between(0.8, 1.25),
        eye_gap=between(0.41, 0.49),
        eye_width=between(0.19, 0.25),
        eye_height=between(0.065, 0.115),
        eye_slant=between(-0.012, 0.030),
        eye_fold=between(0, 1),
        socket=between(0.3, 1.0),
        brow_y=between(-0.22, -0.145),
        brow_thick=between(0.022, 0.045) + (0.02 if masculine else 0.0),
        brow_arch=between(0.0, 0.05),
        brow_slant=between(-0.03, 0.03),
        brow_inner=between(0.06, 0.11),
        nose_y=between(0.30, 0.40),
        nose_width=between(0.20, 0.34),
        nose_height=between(0.6, 1.35),
        mouth_y=between(0.49, 0.57),
        mouth_width=between(0.30, 0.45),
        lip_upper=between(0.020, 0.055),
        lip_lower=between(0.032, 0.075),
        smile=between(-0.008, 0.035),
        lipstick=0.0 if masculine else between(0.0, 1.0),
        hair_style=_hair_style(rng, masculine, age),
        hairline=between(-0.56, -0.44),
        hair_volume=between(0.07, 0.17),
        parting=between(-0.28, 0.28),
        beard=_beard(rng, masculine),
        glasses=_glasses(rng),
        freckles=max(0.0, between(-1.5, 1.0)) if skin < 4 else 0.0,
        blush=between(0.2, 1.0),
    )
