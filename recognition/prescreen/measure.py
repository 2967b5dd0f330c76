"""Whether a frame may show a face, by a small network of our own."""

import math

import cv2
import numpy as np

from recognition.networks.network import SmallNetwork, load_small_network
from recognition.prescreen.preprocess import Grey, as_batch

NAME, VERSION = "prescreen", "1"
# Shorter side of the copies that the network was trained with.
_LEARNT_SIDE_PX = 192


def face_likelihood(copy: Grey, network: SmallNetwork | None = None) -> float:
    """How likely a face is in a small copy, uint8 (height, width) of any size, 0..1.

    `network` stands for another than the committed one. Safe to share between threads.
    Raises WeightFileError.
    """
    network = network or load_prescreen_network()
    logit = float(network.run(as_batch(copy))[0, 0])
    return 1 / (1 + math.exp(-max(-60.0, min(60.0, logit))))


def may_show_face(copy: Grey) -> bool:
    """Whether a frame is worth searching, by its small copy, uint8 (height, width).

    Of a large one halves are looked at as well, in which the largest faces are no larger than the
    network knows them. Raises WeightFileError.
    """
    network = load_prescreen_network()
    while face_likelihood(copy, network) < network.metadata.threshold:
        if min(copy.shape) <= _LEARNT_SIDE_PX:
            return False
        half = (copy.shape[1] // 2, copy.shape[0] // 2)
        copy = np.asarray(cv2.resize(copy, half, interpolation=cv2.INTER_AREA), np.uint8)
    return True


def load_prescreen_network() -> SmallNetwork:
    """The committed weights, loaded once a process. Raises WeightFileError."""
    return load_small_network(NAME, VERSION)
