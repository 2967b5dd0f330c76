"""Batches bent, turned, thickened, broken and blurred, as hands, chalk and cameras do it.

Source: P. Simard, D. Steinkraus, J. Platt, Best practices for convolutional neural networks applied
to visual document analysis (2003), for the elastic bending.
"""

import numpy as np
import torch
from torch.nn import functional as fn

# Control points of the bending on each side, and how far they move (shares of half the picture).
_BENDS = 6
_BENDING = 0.075
_TURN = np.deg2rad(11)
_SLANT = 0.22
_SCALE = 0.12
_SHIFT = 0.09


def augment(pictures: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """Give other writings of the same symbols; float32 (n, 1, 28, 28), 0..1, both ways."""
    bent = fn.grid_sample(pictures, _grid(pictures, generator), align_corners=False)
    return _photographed(_weighted(bent, generator), generator)


def _uniform(shape: tuple[int, ...], generator: torch.Generator) -> torch.Tensor:
    """Between -1 and 1."""
    return 2 * torch.rand(shape, generator=generator) - 1


def _grid(pictures: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """Where each pixel of the result is taken from."""
    n, _, height, width = pictures.shape
    turn = _TURN * _uniform((n,), generator)
    scale = torch.exp(_SCALE * _uniform((n, 2), generator))
    slant = _SLANT * _uniform((n,), generator)
    cos, sin = torch.cos(turn), torch.sin(turn)
    shift = _SHIFT * _uniform((n, 2), generator)
    across = torch.stack([cos * scale[:, 0], -sin + slant, shift[:, 0]], dim=1)
    down = torch.stack([sin, cos * scale[:, 1], shift[:, 1]], dim=1)
    straight = fn.affine_grid(
        torch.stack([across, down], dim=1), [n, 1, height, width], align_corners=False
    )
    bends = torch.randn((n, 2, _BENDS, _BENDS), generator=generator)
    strength = _BENDING * torch.rand((n, 1, 1, 1), generator=generator)
    bending = fn.interpolate(
        strength * bends, size=(height, width), mode="bicubic", align_corners=False
    )
    return straight + bending.permute(0, 2, 3, 1)


def _weighted(pictures: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """Thicker or thinner lines, by up to about a pixel."""
    n = len(pictures)
    thicker = fn.max_pool2d(pictures, 3, stride=1, padding=1)
    thinner = -fn.max_pool2d(-pictures, 2, stride=1, padding=1)[:, :, :-1, :-1]
    share = 0.7 * _uniform((n, 1, 1, 1), generator)
    change = torch.rand((n, 1, 1, 1), generator=generator) < 0.5
    other = torch.where(share > 0, thicker, thinner)
    blended = pictures + share.abs() * (other - pictures)
    return torch.where(change, blended, pictures)


def _photographed(pictures: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """Gaps of chalk, softness and noise; each in a part of the batch."""
    n, _, height, width = pictures.shape
    coarse = torch.rand((n, 1, height // 2, width // 2), generator=generator)
    rough = fn.interpolate(coarse, size=(height, width), mode="bilinear", align_corners=False)
    broken = torch.rand((n, 1, 1, 1), generator=generator) < 0.15
    gaps = torch.where(broken & (rough < 0.22), 0.25, 1.0)
    soft = fn.avg_pool2d(pictures, 3, stride=1, padding=1, count_include_pad=False)
    blur = torch.rand((n, 1, 1, 1), generator=generator)
    blur = torch.where(torch.rand((n, 1, 1, 1), generator=generator) < 0.25, blur, 0.0)
    gain = 1 + 0.25 * _uniform((n, 1, 1, 1), generator)
    softened = (pictures * gaps * (1 - blur) + soft * blur) * gain
    noise = torch.randn(pictures.shape, generator=generator)
    level = 0.06 * torch.rand((n, 1, 1, 1), generator=generator)
    level = torch.where(torch.rand((n, 1, 1, 1), generator=generator) < 0.3, level, 0.0)
    return (softened + level * noise).clamp(0, 1)
