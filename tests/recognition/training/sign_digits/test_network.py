"""The net of sign digits looks at each picture four times."""

import pytest
import torch
from torch import nn

from recognition.sign_digits.preprocess import SIDE
from recognition.training.sign_digits.network import Looks

# PyTorch alone takes seconds to load.
pytestmark = pytest.mark.slow

ROW, COLUMN = 30, 50


class OnePixel(nn.Module):
    """Gives the value of one pixel."""

    def forward(self, pictures: torch.Tensor) -> torch.Tensor:
        return pictures[:, :1, ROW, COLUMN]


def test_looks_are_the_picture_and_the_picture_moved_each_mirrored_too() -> None:
    pictures = torch.rand(3, 3, SIDE, SIDE)
    opposite = SIDE - 1 - COLUMN

    seen = Looks(OnePixel())(pictures)[:, 0]

    grey = pictures[:, 0]
    expected = [
        grey[:, ROW, COLUMN],
        grey[:, ROW + 2, COLUMN - 2],
        grey[:, ROW, opposite],
        grey[:, ROW + 2, opposite - 2],
    ]
    torch.testing.assert_close(seen, torch.stack(expected).mean(0))


def test_a_picture_is_read_alike_alone_and_among_others() -> None:
    pictures = torch.rand(5, 3, SIDE, SIDE)
    looks = Looks(OnePixel())

    alone = torch.cat([looks(one[None]) for one in pictures])

    torch.testing.assert_close(looks(pictures), alone)
