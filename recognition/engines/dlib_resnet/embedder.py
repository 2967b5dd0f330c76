"""Turns faces into features: dlib's alignment, then the network by ONNX Runtime."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from recognition.engines.dlib_resnet.manifest import CHIP_PX, FEATURES, PADDING
from recognition.engines.dlib_resnet.projection import Features
from recognition.values import Face, Image

# Chips in one run of the network: more do not get quicker, only need more memory.
_BATCH = 32


def align(image: Image, faces: Sequence[Face]) -> Image:
    """Cut faces out upright at 150 pixels, as dlib does: uint8 (n, 150, 150, 3)."""
    import dlib

    if not faces:
        return np.empty((0, CHIP_PX, CHIP_PX, 3), np.uint8)
    shapes = dlib.full_object_detections([_shape(face) for face in faces])
    chips = dlib.get_face_chips(np.ascontiguousarray(image), shapes, CHIP_PX, PADDING)
    return np.stack(chips).astype(np.uint8, copy=False)


def _shape(face: Face) -> Any:
    """A face in dlib's words; its points are whole pixels, as dlib's predictor places them."""
    import dlib

    box = face.box
    rectangle = dlib.rectangle(
        round(box.left), round(box.top), round(box.right) - 1, round(box.bottom) - 1
    )
    points = [dlib.point(round(float(x)), round(float(y))) for x, y in face.landmarks]
    return dlib.full_object_detection(rectangle, points)


class OnnxEmbedder:
    """The network run by ONNX Runtime; safe to call from several threads at once."""

    def __init__(self, content: bytes, *, threads: int) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            content, options, providers=["CPUExecutionProvider"]
        )

    def features(self, chips: Image) -> Features:
        """uint8 (n, 150, 150, 3) to float32 (n, 384), dlib's descriptor first."""
        parts = [
            self._session.run(None, {"chips": chips[at : at + _BATCH]})[0]
            for at in range(0, len(chips), _BATCH)
        ]
        return np.concatenate(parts) if parts else np.empty((0, FEATURES), np.float32)
