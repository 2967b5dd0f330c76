"""Turns faces into vectors: dlib's alignment, then the network by ONNX Runtime or by dlib."""

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np

from recognition.engines.dlib_resnet.files import DESCRIPTOR_FILE, weight_file
from recognition.engines.dlib_resnet.manifest import CHIP_PX, DIMENSION, PADDING
from recognition.values import Face, Image, Vectors

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


class Embedder(Protocol):
    """Turns aligned faces into vectors; safe to call from several threads at once."""

    def embed(self, chips: Image) -> Vectors:
        """uint8 (n, 150, 150, 3) to float32 (n, 128)."""
        ...


class OnnxEmbedder:
    """The network run by ONNX Runtime."""

    def __init__(self, content: bytes, *, threads: int) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            content, options, providers=["CPUExecutionProvider"]
        )

    def embed(self, chips: Image) -> Vectors:
        """uint8 (n, 150, 150, 3) to float32 (n, 128)."""
        parts = [
            self._session.run(None, {"chips": chips[at : at + _BATCH]})[0]
            for at in range(0, len(chips), _BATCH)
        ]
        return np.concatenate(parts) if parts else np.empty((0, DIMENSION), np.float32)


class DlibEmbedder:
    """The network run by dlib itself: the reference, and the way out where ONNX Runtime fails."""

    def __init__(self) -> None:
        import threading

        import dlib

        self._network = dlib.face_recognition_model_v1(str(weight_file(DESCRIPTOR_FILE)))
        self._lock = threading.Lock()

    def embed(self, chips: Image) -> Vectors:
        """uint8 (n, 150, 150, 3) to float32 (n, 128)."""
        if not len(chips):
            return np.empty((0, DIMENSION), np.float32)
        with self._lock:  # dlib keeps scratch memory in the network
            vectors = self._network.compute_face_descriptor(list(chips))
        return np.array(vectors, np.float32)
