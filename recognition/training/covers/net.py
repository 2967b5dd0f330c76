"""The net that tells a hidden mouth and hidden eyes; takes (n, 1, 48, 48), gives (n, 2) logits."""

import torch
from torch import nn


class CoverNet(nn.Sequential):
    """Three steps of half the side each; means of 3x3 places remember what lies where."""

    def __init__(self, outputs: int) -> None:
        super().__init__(
            _convolution(1, 12, stride=2),
            _convolution(12, 24, stride=2),
            _convolution(24, 40, stride=2),
            _convolution(40, 48),
            nn.AvgPool2d(2),
            nn.Flatten(),
            nn.Dropout(0.3),
            nn.Linear(48 * 9, outputs),
        )


def cover_loss(outputs: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """Cross entropy of each output; targets that are no number hold it to nothing."""
    known = torch.isfinite(targets)
    wanted = torch.where(known, targets, torch.zeros_like(targets))
    each = nn.functional.binary_cross_entropy_with_logits(outputs, wanted, reduction="none")
    return (each * known).sum() / known.sum().clamp(min=1)


def _convolution(given: int, made: int, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(given, made, 3, stride=stride, padding=1, bias=False),
        nn.BatchNorm2d(made),
        nn.ReLU(),
    )
