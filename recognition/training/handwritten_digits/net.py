"""The net for handwritten digits: plain 3x3 convolutions."""

import torch
from torch import nn

# Channels of each stage; the first layer of the second and third halves the picture.
_STAGES = ((32, 1), (64, 2), (128, 3))


class DigitNet(nn.Module):
    """Pictures float32 (n, 1, 28, 28) to logits (n, classes)."""

    def __init__(self, classes: int, dropout: float = 0.3) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        before = 1
        for stage, (channels, depth) in enumerate(_STAGES):
            for layer in range(depth):
                stride = 2 if stage and not layer else 1
                layers += _layer(before, channels, stride)
                before = channels
        self.features = nn.Sequential(*layers)
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.head = nn.Sequential(nn.Flatten(), nn.Dropout(dropout), nn.Linear(before, classes))

    def forward(self, pictures: torch.Tensor) -> torch.Tensor:
        """Give the logits."""
        return self.head(self.pool(self.features(pictures)))


def _layer(before: int, after: int, stride: int) -> list[nn.Module]:
    return [
        nn.Conv2d(before, after, 3, stride=stride, padding=1, bias=False),
        nn.BatchNorm2d(after),
        nn.ReLU(inplace=True),
    ]
