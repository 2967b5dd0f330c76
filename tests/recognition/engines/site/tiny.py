"""A network of a few weights and its manifest, made on the spot."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

SIDE_PX = 16
DIMENSION = 4


def weights(columns: int = DIMENSION) -> Any:
    """Weights that add up parts of a picture: float32 (3 * 4 * 4, columns)."""
    drawn = np.random.default_rng(5).normal(size=(3 * 4 * 4, columns))
    return numpy_helper.from_array(drawn.astype(np.float32), "weights")


def nodes() -> list[Any]:
    """Mean of squares of 4 by 4 pixels, then one matrix product."""
    return [
        helper.make_node("AveragePool", ["data"], ["small"], kernel_shape=[4, 4], strides=[4, 4]),
        helper.make_node("Flatten", ["small"], ["flat"]),
        helper.make_node("MatMul", ["flat", "weights"], ["vector"]),
    ]


def network(
    *,
    operators: list[Any] | None = None,
    initializers: list[Any] | None = None,
    batch: int | str = "n",
    side: int = SIDE_PX,
    opsets: dict[str, int] | None = None,
    inputs: tuple[str, ...] = ("data",),
) -> Any:
    """A whole model; what is not given makes it a good one."""
    graph = helper.make_graph(
        nodes() if operators is None else operators,
        "tiny",
        [
            helper.make_tensor_value_info(name, TensorProto.FLOAT, [batch, 3, side, side])
            for name in inputs
        ],
        [helper.make_tensor_value_info("vector", TensorProto.FLOAT, [batch, "d"])],
        [weights()] if initializers is None else initializers,
    )
    asked = {"": 17} if opsets is None else opsets
    imports = [helper.make_opsetid(domain, version) for domain, version in asked.items()]
    return helper.make_model(graph, opset_imports=imports, ir_version=8)


@dataclass(frozen=True, slots=True)
class Tiny:
    """An engine's files, as a site would hand them over."""

    model: Path
    manifest: Path

    def write_model(self, content: bytes, **changes: Any) -> None:
        """Write another model, and a manifest that names it."""
        self.model.write_bytes(content)
        self.write_manifest(**changes)

    def write_manifest(self, **changes: Any) -> None:
        """Write the manifest anew; keys with the value None are left out."""
        self.manifest.write_text(json.dumps(self.values(**changes)))

    def values(self, **changes: Any) -> dict[str, Any]:
        """A manifest that fits the model file, changed as told."""
        digest = hashlib.sha256(self.model.read_bytes()).hexdigest()
        values = {
            "schema": 1,
            "name": "tiny",
            "version": "1",
            "licence": "anybody's",
            "model": {"file": self.model.name, "sha256": digest},
            "input": {
                "name": "data",
                "side_px": SIDE_PX,
                "colours": "rgb",
                "subtract": [127.5, 127.5, 127.5],
                "divide": [128, 128, 128],
            },
            "output": "vector",
            "dimension": DIMENSION,
            "metric": "cosine",
            "alignment": "arcface-112",
            "detector": {"kind": "built-in"},
            **changes,
        }
        return {key: value for key, value in values.items() if value is not None}


def make_tiny(folder: Path, **changes: Any) -> Tiny:
    """Put a good model and its manifest into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    tiny = Tiny(folder / "tiny.onnx", folder / "tiny.json")
    tiny.write_model(network().SerializeToString(), **changes)
    return tiny


def checked(model: Any) -> bytes:
    """The bytes of a model that ONNX itself finds in order."""
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString())
