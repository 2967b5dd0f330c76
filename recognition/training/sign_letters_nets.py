"""The two nets that were compared for signed letters; both take (n, 1, 64, 64).

Source of the second: K. He, X. Zhang, S. Ren, J. Sun, Deep residual learning (2016).
"""

import torch
from torch import nn


class Plain(nn.Sequential):
    """Convolutions one after the other, each step half the side and more channels."""

    def __init__(self, classes: int) -> None:
        super().__init__(
            _convolution(1, 24, stride=2),
            _convolution(24, 48),
            nn.MaxPool2d(2),
            _convolution(48, 96),
            nn.MaxPool2d(2),
            _convolution(96, 160),
            _convolution(160, 160),
            *_head(160, classes),
        )


class Residual(nn.Sequential):
    """The same steps, two convolutions each with a way around them."""

    def __init__(self, classes: int) -> None:
        super().__init__(
            _convolution(1, 24, stride=2),
            _Block(24, 48, stride=2),
            _Block(48, 96, stride=2),
            _Block(96, 160, stride=1),
            *_head(160, classes),
        )


class _Block(nn.Module):
    """Two convolutions, and a way around them."""

    def __init__(self, given: int, made: int, *, stride: int) -> None:
        super().__init__()
        self.first = _convolution(given, made, stride=stride)
        self.second = nn.Sequential(
            nn.Conv2d(made, made, 3, padding=1, bias=False), nn.BatchNorm2d(made)
        )
        self.around = nn.Sequential(
            nn.Conv2d(given, made, 1, stride=stride, bias=False), nn.BatchNorm2d(made)
        )

    def forward(self, pictures: torch.Tensor) -> torch.Tensor:
        """Run both ways and add them."""
        return torch.relu(self.second(self.first(pictures)) + self.around(pictures))


def _convolution(given: int, made: int, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(given, made, 3, stride=stride, padding=1, bias=False),
        nn.BatchNorm2d(made),
        nn.ReLU(),
    )


def _head(channels: int, classes: int) -> tuple[nn.Module, ...]:
    """The mean alone forgets where a finger was; 2x2 means remember, with few weights."""
    return (
        nn.AdaptiveAvgPool2d(2),
        nn.Flatten(),
        nn.Dropout(0.3),
        nn.Linear(channels * 4, classes),
    )


NETS: dict[str, type[nn.Sequential]] = {"plain": Plain, "residual": Residual}
