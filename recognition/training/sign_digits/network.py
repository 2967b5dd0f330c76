"""The net that tells signs apart: a small residual net of plain 3x3 convolutions.

Sources: K. He, X. Zhang, S. Ren, J. Sun, Deep residual learning (2016); T. He and others, Bag of
tricks for image classification (2019), for the averaging before a shortcut's 1x1 convolution.
"""

import torch
from torch import nn
from torch.nn import functional

from recognition.sign_digits.preprocess import CLASSES

# The full-size maps cost most of the time and carry edges alone: few of them, and wide ones later.
_STEM = 24
_WIDTHS = (64, 128, 192)
_BLOCKS = (1, 3, 1)
_DROPPED = 0.1
_MOVED = 2


class Block(nn.Module):
    """Two convolutions beside a shortcut."""

    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.first_norm = nn.BatchNorm2d(outputs)
        self.second = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.second_norm = nn.BatchNorm2d(outputs)
        steps: list[nn.Module] = []
        if stride == 2:
            steps.append(nn.AvgPool2d(2, ceil_mode=True, count_include_pad=False))
        if stride == 2 or inputs != outputs:
            steps += [nn.Conv2d(inputs, outputs, 1, bias=False), nn.BatchNorm2d(outputs)]
        self.shortcut = nn.Sequential(*steps)

    def forward(self, pictures: torch.Tensor) -> torch.Tensor:
        """(n, inputs, h, w) to (n, outputs, h / stride, w / stride)."""
        inner = functional.relu(self.first_norm(self.first(pictures)))
        return functional.relu(self.second_norm(self.second(inner)) + self.shortcut(pictures))


class SignNet(nn.Module):
    """Prepared pictures (n, 3, side, side) to logits (n, 11)."""

    def __init__(self) -> None:
        super().__init__()
        layers: list[nn.Module] = [
            nn.Conv2d(3, _STEM, 5, 2, 2, bias=False),
            nn.BatchNorm2d(_STEM),
            nn.ReLU(),
        ]
        before = _STEM
        for width, blocks in zip(_WIDTHS, _BLOCKS, strict=True):
            for number in range(blocks):
                layers.append(Block(before, width, 1 if number else 2))
                before = width
        self.body = nn.Sequential(*layers)
        self.dropout = nn.Dropout(_DROPPED)
        self.head = nn.Linear(before, len(CLASSES))

    def forward(self, pictures: torch.Tensor) -> torch.Tensor:
        """Mean over the last maps, then one linear layer."""
        return self.head(self.dropout(self.body(pictures).mean((2, 3))))


class Looks(nn.Module):
    """Looks four times, and gives the mean logits: at each picture and at its mirror image, as
    they are and two pixels further to the right and up.

    A hand mirrored or moved shows the same digit, so the looks are right or wrong for reasons of
    their own. The net halves its maps four times: two pixels on, other pixels come together.
    """

    def __init__(self, net: nn.Module) -> None:
        super().__init__()
        self.net = net

    def forward(self, pictures: torch.Tensor) -> torch.Tensor:
        """(n, 3, side, side) to (n, 11)."""
        edges = (_MOVED, 0, 0, _MOVED)
        moved = functional.pad(pictures, edges, "replicate")[:, :, _MOVED:, :-_MOVED]
        both = torch.cat([pictures, moved])
        first, second, third, fourth = self.net(torch.cat([both, both.flip(3)])).chunk(4)
        return (first + second + third + fourth) / 4
