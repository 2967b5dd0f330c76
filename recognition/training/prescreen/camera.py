"""What a door's light and camera do to a grey frame. Seeded throughout."""

import math

import cv2
import numpy as np

from recognition.prescreen.preprocess import Grey

Random = np.random.Generator


def photographed(frame: Grey, random: Random, *, scale: float) -> Grey:
    """A frame, uint8 (height, width), in other light, blurred, noisy, compressed, or none.

    `scale` is its size beside that of 640x480: what a camera does to pixels is less in a copy.
    """
    if random.random() < 0.25:
        reach = scale * random.uniform(0.5, 3.0)
        frame = np.asarray(cv2.GaussianBlur(frame, (0, 0), reach), np.uint8)
    frame = _lit(frame, random)
    if random.random() < 0.5:
        grain = random.standard_normal(frame.shape, np.float32)
        noisy = frame + np.float32(scale**0.5 * random.uniform(0.5, 11)) * grain
        frame = np.asarray(np.clip(noisy, 0, 255), np.uint8)
    if random.random() < 0.4:
        quality = [cv2.IMWRITE_JPEG_QUALITY, int(random.integers(25, 95))]
        _, data = cv2.imencode(".jpg", frame, quality)
        frame = np.asarray(cv2.imdecode(data, cv2.IMREAD_GRAYSCALE), np.uint8)
    return frame


def _lit(frame: Grey, random: Random) -> Grey:
    """Exposure, contrast, and light that falls off to one side."""
    levels = np.linspace(0, 1, 256, dtype=np.float32) ** math.exp(random.normal(0, 0.3))
    levels = 0.5 + (levels - 0.5) * math.exp(random.normal(0, 0.3)) + random.normal(0, 0.08)
    if random.random() < 0.12:
        levels = levels * random.uniform(0.12, 0.5)  # hardly any light
    if random.random() < 0.08:
        middle = random.uniform(0.3, 0.8)
        levels = middle + (levels - middle) * random.uniform(0.1, 0.4)  # fog, a misted lens
    lit = levels[frame]
    if random.random() < 0.35:
        high, wide = frame.shape
        angle, strength = random.uniform(0, 2 * math.pi), random.uniform(0.2, 0.8)
        down = np.linspace(-1, 1, high, dtype=np.float32)[:, np.newaxis]
        across = np.linspace(-1, 1, wide, dtype=np.float32)[np.newaxis]
        lit = lit * (1 + strength * (math.cos(angle) * across + math.sin(angle) * down))
    return np.asarray(np.clip(lit * 255, 0, 255), np.uint8)
