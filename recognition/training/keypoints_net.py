"""The net of the 68 points: a map of each point, and the mean place of each map.

Sources: K. He and others, Deep residual learning (2015); X. Sun and others, Integral human pose
regression (2018), for the mean place; A. Nibali and others, Numerical coordinate regression with
convolutional neural networks (2018), for keeping the maps narrow.
"""

import torch
from torch import nn

from recognition.keypoints.points import COUNT
from recognition.keypoints.preprocess import INPUT_PX

# Channels of the maps at a quarter, an eighth and a sixteenth of the crop's side.
_WIDTHS = (48, 96, 144)
_MAP_WIDTH = 56
_MAP_PX = 4
"""Pixels of the crop in one of a map."""
# Maps begin flat, and every mean place in the middle: steeper, they find their places sooner.
_STEEPNESS = 4.0


class KeypointNet(nn.Module):
    """float32 (n, 1, 96, 96) to (n, 205): 68 times x, y in crop pixels; 68 spreads; face or not."""

    def __init__(self) -> None:
        super().__init__()
        quarter, eighth, sixteenth = _WIDTHS
        # Each cell's pixels become its channels, which costs less than maps of half the side.
        self.to_quarter = nn.Sequential(
            nn.PixelUnshuffle(_MAP_PX), _convolution(_MAP_PX**2, quarter), _Block(quarter)
        )
        self.to_eighth = nn.Sequential(_convolution(quarter, eighth, stride=2), _Block(eighth))
        self.to_sixteenth = nn.Sequential(
            _convolution(eighth, sixteenth, stride=2), _Block(sixteenth), _Block(sixteenth)
        )
        self.back_to_eighth = nn.Conv2d(sixteenth, eighth, 1)
        self.join_eighth = _convolution(eighth, eighth)
        self.back_to_quarter = nn.Conv2d(eighth, _MAP_WIDTH, 1)
        self.beside_quarter = nn.Conv2d(quarter, _MAP_WIDTH, 1)
        self.join_quarter = _convolution(_MAP_WIDTH, _MAP_WIDTH)
        self.maps = nn.Conv2d(_MAP_WIDTH, COUNT, 1)
        self.face = nn.Linear(sixteenth, 1)
        self.register_buffer("places", _places(), persistent=False)

    def forward(self, crops: torch.Tensor) -> torch.Tensor:
        quarter = self.to_quarter(crops)
        eighth = self.to_eighth(quarter)
        sixteenth = self.to_sixteenth(eighth)
        joined = self.join_eighth(eighth + _doubled(self.back_to_eighth(sixteenth)))
        fine = self.beside_quarter(quarter) + _doubled(self.back_to_quarter(joined))
        maps = _STEEPNESS * self.maps(self.join_quarter(fine)).flatten(2).float()
        face = self.face(sixteenth.mean(dim=(2, 3)))
        # The places of sums are large against the differences that count: never in 8 bits.
        with torch.autocast("cpu", enabled=False):
            moments = torch.matmul(torch.softmax(maps, dim=2), self.places)
            middle = moments[:, :, :2]
            spread = (moments[:, :, 2] - (middle**2).sum(dim=2)).clamp(min=1e-3).sqrt()
            middle = middle * INPUT_PX + (INPUT_PX - 1) / 2
            return torch.cat([middle.flatten(1), spread * INPUT_PX, face.float()], dim=1)


class _Block(nn.Module):
    """Two convolutions beside a way past them."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.first = _convolution(width, width)
        self.second = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.scale = nn.BatchNorm2d(width)

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        changed: torch.Tensor = self.scale(self.second(self.first(values)))
        return torch.relu_(changed + values)


def _convolution(inside: int, outside: int, *, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inside, outside, 3, stride=stride, padding=1, bias=False),
        nn.BatchNorm2d(outside),
        nn.ReLU(inplace=True),
    )


def _doubled(values: torch.Tensor) -> torch.Tensor:
    return nn.functional.interpolate(values, scale_factor=2.0, mode="nearest")


def _places() -> torch.Tensor:
    """float32 (cells, 3): each cell's x, y around the crop's middle in its sides, and x² + y²."""
    cells = INPUT_PX // _MAP_PX
    along = (torch.arange(cells) + 0.5) / cells - 0.5
    y, x = torch.meshgrid(along, along, indexing="ij")
    return torch.stack([x, y, x**2 + y**2], dim=2).reshape(-1, 3)
