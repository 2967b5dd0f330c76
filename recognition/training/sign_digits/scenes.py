"""Draws crops as a door's camera would see them, with and without a hand, from a seed.

A crop is plain (a hand on its own ground), pasted (a hand cut out, before another ground) or none
(grounds, stumps, strips of arm, hands of which hardly anything is inside).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from recognition.datasets.cut_outs import cut_out
from recognition.datasets.sign_digits import Sign
from recognition.errors import DatasetError
from recognition.sign_digits.preprocess import CLASSES, NONE
from recognition.training.sign_digits.light import photographed, relit, shadowed
from recognition.training.sign_digits.placing import (
    REACH,
    Matrices,
    Reach,
    ground_placings,
    nudges,
    partly_outside,
    placings,
)
from recognition.values import Image

Random = np.random.Generator
Labels = NDArray[np.int64]

NO_DIGIT = CLASSES.index(NONE)
# Crops of a camera are larger or smaller than what the network takes.
_CROP_PX, _CROP_SHARES = (72, 96), (0.55, 0.45)
_HAND_PX = 100
_GROUND_OF_BOTH = 0.12
_ARM_IN_GROUND = 0.15


@dataclass(frozen=True, slots=True)
class Hands:
    """Hands of one part's signers: (n, 3, 100, 100) pictures and cut-outs, uint8."""

    picture: torch.Tensor
    colour: torch.Tensor
    alpha: torch.Tensor
    """(n, 1, 100, 100), uint8."""
    boxes: NDArray[np.float32]
    """Left, top, right, bottom of the hand, -1..1."""
    digits: Labels

    def __len__(self) -> int:
        """How many there are."""
        return len(self.digits)


@dataclass(frozen=True, slots=True)
class Mixture:
    """How many of a batch's crops are what."""

    plain: float = 0.16
    pasted: float = 0.62
    reach: Reach = REACH


def cut_hands(signs: Sequence[Sign]) -> Hands:
    """Cut out the hands of these pictures; those that cannot be cut are left out.

    Raises DatasetError where none can be.
    """
    pictures, colours, alphas, boxes, digits = [], [], [], [], []
    for sign in signs:
        cut = cut_out(sign.image)
        if cut is None or sign.image.shape[:2] != (_HAND_PX, _HAND_PX):
            continue
        rows, columns = (
            np.flatnonzero(cut.alpha.max(1) > 127),
            np.flatnonzero(cut.alpha.max(0) > 127),
        )
        edges = np.array([columns[0], rows[0], columns[-1] + 1, rows[-1] + 1], np.float32)
        boxes.append(edges / (_HAND_PX / 2) - 1)
        pictures.append(sign.image.transpose(2, 0, 1))
        colours.append(cut.colour.transpose(2, 0, 1))
        alphas.append(cut.alpha[None])
        digits.append(sign.digit)
    if not digits:
        raise DatasetError(
            f"None of {len(signs)} pictures is {_HAND_PX}x{_HAND_PX} and shows a hand on a light "
            "ground that can be cut out."
        )
    return Hands(
        torch.from_numpy(np.stack(pictures)),
        torch.from_numpy(np.stack(colours)),
        torch.from_numpy(np.stack(alphas)),
        np.stack(boxes),
        np.array(digits, np.int64),
    )


class Scenes:
    """Hands and grounds of one part, and the crops made of them."""

    def __init__(self, hands: Hands, grounds: Sequence[Image]) -> None:
        """Keep both; grounds are RGB squares of one size."""
        self.hands = hands
        self._grounds = torch.from_numpy(np.stack(grounds).transpose(0, 3, 1, 2).copy())

    def crops(self, count: int, mixture: Mixture, random: Random) -> tuple[list[Image], Labels]:
        """So many RGB crops of one size, and what they show: a digit, or NO_DIGIT."""
        side = int(random.choice(_CROP_PX, p=_CROP_SHARES))
        plain, pasted = round(count * mixture.plain), round(count * mixture.pasted)
        none = count - plain - pasted
        parts, labels = [], [np.full(none, NO_DIGIT, np.int64)]
        if none:
            parts.append(self._none(none, side, random))
        if pasted:
            chosen = random.integers(len(self.hands), size=pasted)
            parts.append(self._pasted(chosen, side, mixture.reach, random))
            labels.append(self.hands.digits[chosen])
        if plain:
            chosen = random.integers(len(self.hands), size=plain)
            parts.append(self._plain(chosen, side, random))
            labels.append(self.hands.digits[chosen])
        whole = (torch.cat(parts).clamp(0, 1) * 255).to(torch.uint8)
        pictures = whole.permute(0, 2, 3, 1).contiguous().numpy()
        return [photographed(one, random) for one in pictures], np.concatenate(labels)

    def _plain(self, chosen: Labels, side: int, random: Random) -> torch.Tensor:
        hands = self.hands.picture[chosen].float() / 255
        moved = _warped(hands, nudges(len(chosen), random), side)
        return relit(moved, random, strong=0.6)

    def _pasted(self, chosen: Labels, side: int, reach: Reach, random: Random) -> torch.Tensor:
        ground = self.grounds(len(chosen), side, random)
        arms = np.flatnonzero(random.random(len(chosen)) < _ARM_IN_GROUND)
        if len(arms):
            ground[arms] = self._stumps(ground[arms], side, random)
        where = placings(self.hands.boxes[chosen], reach, random)
        return self._composed(ground, chosen, where, random)

    def _none(self, count: int, side: int, random: Random) -> torch.Tensor:
        """Grounds alone, and a third of them with a stump or a quarter of a hand."""
        ground = self.grounds(count, side, random)
        stumps, quarters = count // 6, count // 8
        ground[:stumps] = self._stumps(ground[:stumps], side, random)
        if quarters:
            chosen = random.integers(len(self.hands), size=quarters)
            where = partly_outside(self.hands.boxes[chosen], random)
            behind = ground[stumps : stumps + quarters]
            made = self._composed(behind, chosen, where, random)
            ground[stumps : stumps + quarters] = made
        return ground

    def _stumps(self, ground: torch.Tensor, side: int, random: Random) -> torch.Tensor:
        """Wrists, arms and palms: hands whose fingers are taken away."""
        chosen = random.integers(len(self.hands), size=len(ground))
        boxes = self.hands.boxes[chosen]
        reach = Reach(turn_deg=90, smallest=0.4, largest=2.2)
        where = placings(boxes, reach, random)
        high = boxes[:, 3] - boxes[:, 1]
        top = boxes[:, 1] + high * random.uniform(0.5, 0.85, len(chosen))
        return self._composed(ground, chosen, where, random, top=top)

    def grounds(self, count: int, side: int, random: Random) -> torch.Tensor:
        """Grounds without hands, float32 (count, 3, side, side) of about 0..1."""
        chosen = random.integers(len(self._grounds), size=count)
        taken = self._grounds[chosen].float() / 255
        ground = _warped(taken, ground_placings(count, random), side)
        ground = relit(ground, random, strong=0.8)
        mixed = np.flatnonzero(random.random(count) < _GROUND_OF_BOTH)
        if len(mixed):
            share = torch.from_numpy(random.uniform(0.2, 0.8, len(mixed)).astype(np.float32))
            other = ground[random.integers(count, size=len(mixed))]
            ground[mixed] = torch.lerp(ground[mixed], other, share[:, None, None, None])
        return ground

    def _composed(
        self,
        ground: torch.Tensor,
        chosen: Labels,
        where: Matrices,
        random: Random,
        *,
        top: NDArray[np.float64] | None = None,
    ) -> torch.Tensor:
        """Hands before grounds; `top` (-1..1) cuts away what lies above it."""
        count, side = len(chosen), ground.shape[-1]
        # A cut-out never is perfect: some keep the light rim of their own ground.
        rim = torch.from_numpy(random.random(count) < 0.2)[:, None, None, None]
        colour = torch.where(rim, self.hands.picture[chosen], self.hands.colour[chosen])
        alpha = self.hands.alpha[chosen]
        whole = torch.cat([colour, alpha], 1).float() / 255
        if top is not None:
            whole[:, 3:] *= _below(top, random)
        # An arm goes on to the crop's edge, or ends where its picture did.
        ends = random.random(count) < 0.5
        moved = _warped(whole, where, side, ends=ends)
        hand, alpha = relit(moved[:, :3], random, strong=0.9), moved[:, 3:]
        hand = shadowed(hand, random)
        sharp, shift = random.uniform(0.8, 1.6, count), random.uniform(-0.15, 0.15, count)
        alpha = ((alpha - 0.5) * _column(sharp) + 0.5 + _column(shift)).clamp(0, 1) * (alpha > 0.02)
        ground = _under_shadow(ground, alpha, random)
        return hand * alpha + ground * (1 - alpha)


def _warped(
    pictures: torch.Tensor, where: Matrices, side: int, *, ends: NDArray[np.bool_] | None = None
) -> torch.Tensor:
    """Sample pictures (n, c, h, w) under matrices; beyond them their edge goes on.

    Where `ends`, the last channel (alpha) is 0 beyond the picture.
    """
    line = (torch.arange(side) + 0.5) * (2 / side) - 1
    y, x = torch.meshgrid(line, line, indexing="ij")
    points = torch.stack([x, y, torch.ones_like(x)], -1).reshape(1, -1, 3)
    taken = points @ torch.from_numpy(where.astype(np.float32)).transpose(1, 2)
    at = taken[..., :2] / taken[..., 2:].clamp(min=0.2)
    grid = at.reshape(len(pictures), side, side, 2)
    out = functional.grid_sample(pictures, grid, padding_mode="border", align_corners=False)
    if ends is not None:
        inside = (grid.abs() <= 1).all(-1) | ~torch.from_numpy(ends)[:, None, None]
        out[:, -1] *= inside
    return out


def _below(top: NDArray[np.float64], random: Random) -> torch.Tensor:
    """1 below a bowed line, 0 above it, float32 (n, 1, 100, 100)."""
    line = torch.linspace(-1, 1, _HAND_PX)
    y, x = torch.meshgrid(line, line, indexing="ij")
    bow, lean = random.uniform(-0.2, 0.9, len(top)), random.uniform(-0.4, 0.4, len(top))
    edge = _column(top) + _column(bow) * x**2 + _column(lean) * x
    return ((y - edge) * 30 + 0.5).clamp(0, 1)


def _under_shadow(ground: torch.Tensor, alpha: torch.Tensor, random: Random) -> torch.Tensor:
    """The shadow that a hand throws on what stands close behind it."""
    if random.random() < 0.6:
        return ground
    cells = int(random.integers(12, 40))
    soft = functional.interpolate(
        functional.adaptive_avg_pool2d(alpha, cells), ground.shape[2:], mode="bilinear"
    )
    down, across = random.integers(-10, 11, 2).tolist()
    deep = _column(random.uniform(0, 0.6, len(ground)))
    return ground * (1 - deep * torch.roll(soft, (down, across), (2, 3)))


def _column(values: NDArray[np.float64]) -> torch.Tensor:
    """(n,) as float32 (n, 1, 1, 1)."""
    return torch.from_numpy(np.asarray(values, np.float32))[:, None, None, None]
