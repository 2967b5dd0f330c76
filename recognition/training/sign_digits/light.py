"""Light and lens: what lamps, sensors and compression do to a picture. Seeded throughout."""

import cv2
import numpy as np
import torch

from recognition.values import Image

Random = np.random.Generator


def relit(pictures: torch.Tensor, random: Random, *, strong: float = 1.0) -> torch.Tensor:
    """Gamma, colour cast, saturation, and light from a side; float32 (n, 3, h, w) of 0..1."""
    count, _, high, wide = pictures.shape
    gamma = np.exp(random.uniform(-0.5, 0.5, count) * strong)
    gain = np.exp(random.uniform(-0.18, 0.18, (count, 3)) * strong)
    gain *= np.exp(random.uniform(-0.35, 0.2, (count, 1)) * strong)
    out = pictures.clamp(1e-4, 1) ** _column(gamma)
    grey = out.mean(1, keepdim=True)
    out = grey + (out - grey) * _column(random.uniform(1 - 0.4 * strong, 1 + 0.3 * strong, count))
    y, x = torch.meshgrid(torch.linspace(-1, 1, high), torch.linspace(-1, 1, wide), indexing="ij")
    turn, depth = random.uniform(0, 2 * np.pi, count), random.uniform(0, 0.4, count) * strong
    ramp = 1 + _column(depth * np.cos(turn)) * x + _column(depth * np.sin(turn)) * y
    return out * torch.from_numpy(gain.astype(np.float32))[:, :, None, None] * ramp


def shadowed(pictures: torch.Tensor, random: Random) -> torch.Tensor:
    """A soft-edged shadow over a part of some pictures; float32 (n, 3, h, w)."""
    count, _, high, wide = pictures.shape
    y, x = torch.meshgrid(torch.linspace(-1, 1, high), torch.linspace(-1, 1, wide), indexing="ij")
    turn, edge = random.uniform(0, 2 * np.pi, count), random.uniform(-0.5, 0.7, count)
    across = _column(np.cos(turn)) * x + _column(np.sin(turn)) * y - _column(edge)
    deep = random.uniform(0.25, 0.65, count) * (random.random(count) < 0.2)
    return pictures * (
        1 - _column(deep) * torch.sigmoid(across * _column(random.uniform(4, 30, count)))
    )


def photographed(picture: Image, random: Random) -> Image:
    """Blur, few pixels, sensor noise and JPEG, each on some pictures; RGB in and out."""
    side = picture.shape[0]
    if random.random() < 0.25:
        picture = _smeared(picture, random)
    if random.random() < 0.2:
        few = int(random.integers(36, 72))
        small = cv2.resize(picture, (few, few), interpolation=cv2.INTER_AREA)
        large = cv2.resize(small, (side, side), interpolation=cv2.INTER_LINEAR)
        picture = np.asarray(large, np.uint8)
    if random.random() < 0.35:
        spread = random.uniform(2, 14) * side / 96
        grain = random.normal(0, spread, picture.shape).astype(np.float32)
        picture = np.clip(picture + grain, 0, 255).astype(np.uint8)
    if random.random() < 0.4:
        quality = [cv2.IMWRITE_JPEG_QUALITY, int(random.integers(25, 95))]
        _, data = cv2.imencode(".jpg", picture, quality)
        picture = np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)
    return np.asarray(picture, np.uint8)


def _smeared(picture: Image, random: Random) -> Image:
    side = picture.shape[0]
    if random.random() < 0.6:
        reach = random.uniform(0.3, 1.3) * side / 96
        return np.asarray(cv2.GaussianBlur(picture, (0, 0), reach), np.uint8)
    long = int(random.integers(2, 6)) | 1
    kernel = np.zeros((long, long), np.float32)
    kernel[long // 2] = 1 / long
    turn = cv2.getRotationMatrix2D((long // 2, long // 2), random.uniform(0, 180), 1)
    line = np.asarray(cv2.warpAffine(kernel, turn, (long, long)), np.float32)
    return np.asarray(cv2.filter2D(picture, -1, line / max(line.sum(), 1e-3)), np.uint8)


def _column(values: np.ndarray) -> torch.Tensor:
    """(n,) as float32 (n, 1, 1, 1)."""
    return torch.from_numpy(np.asarray(values, np.float32))[:, None, None, None]
