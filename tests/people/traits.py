"""What makes a synthetic person who they are: every trait follows from one seed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from tests.people.canvas import Colour

HairStyle = Literal[
    "short", "parted", "swept", "fringe", "receding", "buzz", "bald", "afro", "bun", "long",
    "curtain", "bob", "scarf", "turban", "beanie",
]  # fmt: skip
BeardStyle = Literal["none", "stubble", "full", "goatee", "moustache", "long", "strap"]
GlassesStyle = Literal["none", "round", "square", "heavy", "large", "half", "red"]

SKINS: tuple[Colour, ...] = (
    (240, 208, 188), (236, 198, 172), (232, 190, 160), (224, 172, 135), (203, 150, 112),
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
    sculpted: float
    nose_bridge: float
    mouth_y: float
    mouth_width: float
    lip_upper: float
    lip_lower: float
    smile: float
    lipstick: float
    eyeshadow: float
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
        styles = (
            "short",
            "parted",
            "swept",
            "fringe",
            "buzz",
            "afro",
            "curtain",
            "bald",
            "turban",
            "beanie",
        )
        if age > 0.5:
            styles = ("short", "parted", "swept", "receding", "bald", "buzz", "turban")
    else:
        styles = (
            "long",
            "bob",
            "bun",
            "fringe",
            "curtain",
            "parted",
            "afro",
            "scarf",
            "long",
            "beanie",
        )
    return styles[int(rng.integers(len(styles)))]


def _beard(rng: np.random.Generator, masculine: bool) -> BeardStyle:
    styles: tuple[BeardStyle, ...] = (
        "none", "none", "none", "stubble", "full", "goatee", "moustache", "long", "strap",
    )  # fmt: skip
    choice = styles[int(rng.integers(len(styles)))]
    return choice if masculine else "none"


def _hair_colour(rng: np.random.Generator, skin: int, age: float) -> Colour:
    if age > 0.68:
        return HAIRS[int(rng.integers(7, 9))]
    return HAIRS[int(rng.integers(DARK_HAIRS if skin > 3 else 7))]


def _undertone(rng: np.random.Generator, skin: Colour) -> Colour:
    rosy, sallow = rng.uniform(-0.015, 0.05), rng.uniform(-0.025, 0.045)
    return skin[0] * (1 + rosy / 2), skin[1] * (1 - rosy), skin[2] * (1 - rosy - 1.6 * sallow)


def _glasses(rng: np.random.Generator) -> GlassesStyle:
    styles: tuple[GlassesStyle, ...] = (
        "none", "none", "none", "none", "none", "round", "square", "heavy", "large", "half", "red",
    )  # fmt: skip
    return styles[int(rng.integers(len(styles)))]


def traits_of(identity: int) -> Traits:
    """Return the looks of the person with this seed; the same seed gives the same person."""
    rng = np.random.default_rng([0x11E7, identity])

    def between(low: float, high: float) -> float:
        # Arcsine law: people lie more often near the bounds, so they differ more.
        return low + (high - low) * float(np.sin(rng.uniform(0, np.pi / 2)) ** 2)

    masculine = bool(rng.integers(2))
    age = float(rng.uniform(0, 1)) ** 1.3  # most people at work are not old
    skin = int(rng.integers(len(SKINS)))
    lower = between(-0.5, 0.5)  # a short or a long lower face: its parts move together
    return Traits(
        seed=identity,
        masculine=between(0.55, 1.0) if masculine else between(0.0, 0.35),
        age=age,
        skin=_undertone(rng, SKINS[skin]),
        hair=_hair_colour(rng, skin, age),
        iris=IRISES[int(rng.integers(2 if skin > 3 else len(IRISES)))],
        shirt=SHIRTS[int(rng.integers(len(SHIRTS)))],
        scarf=SCARVES[int(rng.integers(len(SCARVES)))],
        collar=int(rng.integers(3)),
        cheek=between(0.44, 0.57),
        jaw=between(0.31, 0.40) + (0.06 if masculine else 0.0),
        chin=between(0.13, 0.22) + (0.05 if masculine else 0.0),
        chin_y=0.82 + 0.13 * lower + between(-0.05, 0.06),
        ear=between(0.8, 1.25),
        eye_gap=between(0.40, 0.50),
        eye_width=between(0.18, 0.26),
        eye_height=between(0.060, 0.120),
        eye_slant=between(-0.025, 0.042),
        eye_fold=between(0, 1),
        socket=between(0.3, 1.0),
        brow_y=between(-0.235, -0.13),
        brow_thick=between(0.018, 0.045) + (0.028 if masculine else 0.0),
        brow_arch=between(-0.005, 0.050),
        brow_slant=between(-0.035, 0.035),
        brow_inner=between(0.04, 0.115),
        nose_y=0.35 + 0.09 * lower + between(-0.035, 0.035),
        nose_width=between(0.18, 0.38),
        sculpted=between(0.5, 1.3),
        nose_height=between(0.35, 1.6),
        nose_bridge=between(0.042, 0.095),
        mouth_y=0.53 + 0.09 * lower + between(-0.03, 0.03),
        mouth_width=between(0.27, 0.50),
        lip_upper=between(0.016, 0.065),
        lip_lower=between(0.028, 0.085),
        smile=between(-0.002, 0.035),
        lipstick=0.0 if masculine else between(0.0, 1.0),
        eyeshadow=0.0 if masculine else max(0.0, between(-0.6, 1.0)),
        hair_style=_hair_style(rng, masculine, age),
        hairline=between(-0.56, -0.44),
        hair_volume=between(0.07, 0.17),
        parting=between(-0.28, 0.28),
        beard=_beard(rng, masculine),
        glasses=_glasses(rng),
        freckles=max(0.0, between(-1.5, 1.0)) if skin < 4 else 0.0,
        blush=between(0.2, 1.0),
    )
