"""The net that looks for any face in a small copy of a frame, whatever its size.

Three maps of the frame say in each of their places how much it looks like a face: one for faces
of 32 to 60 pixels, one for those up to 130, one for larger ones. A frame is as likely to show a
face as its likeliest place.
"""

import torch
from torch import nn

STRIDES = (8, 16, 32)
"""Pixels of the copy from one place of a map to the next."""
_WIDTHS = ((20.0, 64.0), (48.0, 132.0), (100.0, 400.0))
# A face has to be seen from a place this near to its middle, in its widths or in places.
_NEAR_WIDTHS, _NEAR_PLACES = 0.25, 0.75
# Of a frame without a face, so many places of each map are held to it: those that look most so.
_WORST = 4


class PrescreenNet(nn.Module):
    """Takes (n, 1, height, width), gives (n, places): all maps, one after another."""

    def __init__(self) -> None:
        super().__init__()
        self.fine = nn.Sequential(
            # A quarter of the size at once: most of the time goes into the first layers.
            _convolution(1, 24, side=5, stride=4),
            _convolution(24, 24),
            _convolution(24, 40, stride=2),
            _convolution(40, 40),
            _convolution(40, 40),
        )
        self.middle = nn.Sequential(
            _convolution(40, 48, stride=2), _convolution(48, 48), _convolution(48, 48)
        )
        self.coarse = nn.Sequential(
            _convolution(48, 48, stride=2), _convolution(48, 48), _convolution(48, 48)
        )
        self.heads = nn.ModuleList(nn.Conv2d(given, 1, 1) for given in (40, 48, 48))

    def forward(self, copies: torch.Tensor) -> torch.Tensor:
        """Logits of every place."""
        fine = self.fine(copies)
        middle = self.middle(fine)
        maps = (fine, middle, self.coarse(middle))
        return torch.cat(
            [head(one).flatten(1) for head, one in zip(self.heads, maps, strict=True)], 1
        )


class Likeliest(nn.Module):
    """A trained net that gives the logit of the likeliest place alone, (n, 1)."""

    def __init__(self, net: nn.Module) -> None:
        super().__init__()
        self.net = net

    def forward(self, copies: torch.Tensor) -> torch.Tensor:
        """The largest logit of each copy."""
        return torch.amax(self.net(copies), dim=1, keepdim=True)


class PrescreenLoss:
    """Cross entropy of the likeliest place near a face, and of the worst ones of empty frames."""

    def __init__(self, height: int, width: int) -> None:
        """For copies of this size."""
        places = [_places(height, width, stride) for stride in STRIDES]
        self._at = torch.cat(places)
        self._stride = torch.cat(
            [torch.full((len(p),), float(s)) for p, s in zip(places, STRIDES, strict=True)]
        )
        bounds = [torch.tensor(w).expand(len(p), 2) for p, w in zip(places, _WIDTHS, strict=True)]
        self._bounds = torch.cat(bounds)
        self._lengths = [len(one) for one in places]

    def __call__(self, outputs: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        """`targets`, float32 (n, 3): x, y and width of the face, NaN in a frame without one."""
        shown = torch.isfinite(targets[:, 0])
        losses = outputs.new_zeros(len(outputs))
        losses[shown] = self._of_faces(outputs[shown], targets[shown])
        losses[~shown] = self._of_none(outputs[~shown])
        return losses.mean()

    def _of_faces(self, outputs: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        far = (self._at[None] - targets[:, None, :2]).abs().amax(dim=2)
        width = targets[:, 2:]
        reach = torch.maximum(_NEAR_WIDTHS * width, _NEAR_PLACES * self._stride[None])
        meant = (width >= self._bounds[None, :, 0]) & (width <= self._bounds[None, :, 1])
        best = outputs.masked_fill(~((far <= reach) & meant), -60.0).amax(dim=1)
        return nn.functional.softplus(-best)

    def _of_none(self, outputs: torch.Tensor) -> torch.Tensor:
        worst = [
            nn.functional.softplus(one.topk(_WORST, dim=1).values).mean(dim=1)
            for one in outputs.split(self._lengths, dim=1)
        ]
        return torch.stack(worst).sum(dim=0)


def _places(height: int, width: int, stride: int) -> torch.Tensor:
    """Middles of a map's places, x and y in pixels, row by row."""
    rows, columns = (-(-side // stride) for side in (height, width))
    y, x = torch.meshgrid(torch.arange(rows), torch.arange(columns), indexing="ij")
    return torch.stack([x.flatten(), y.flatten()], 1).float() * stride


def _convolution(given: int, made: int, *, side: int = 3, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(given, made, side, stride=stride, padding=side // 2, bias=False),
        nn.BatchNorm2d(made),
        nn.ReLU(),
    )
