"""Runs a site's network: aligned faces in, vectors out."""

import numpy as np

from recognition.engines.site.manifest import EngineManifest
from recognition.engines.site.model_file import check_model
from recognition.engines.site.model_memory import check_memory
from recognition.errors import ModelError
from recognition.values import Image, Vectors

# Chips in one run of the network: more do not get quicker, only need more memory.
_BATCH = 32
_FLOAT = "tensor(float)"


class SiteEmbedder:
    """A checked network; safe to share between threads."""

    def __init__(self, content: bytes, manifest: EngineManifest, *, threads: int) -> None:
        """Check and load a model. Raises ModelError."""
        import onnxruntime

        self._manifest = manifest
        self._name = f"The model of {manifest.name}"
        model = check_model(content, name=self._name)
        check_memory(model, (_BATCH, 3, manifest.side_px, manifest.side_px), name=self._name)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 4  # errors are raised; nothing is told twice
        try:
            self._session = onnxruntime.InferenceSession(
                content, options, providers=["CPUExecutionProvider"]
            )
        # ONNX Runtime's exceptions have no common root of their own.
        except Exception as error:
            raise ModelError(f"{self._name} does not load: {_first_line(error)}") from error
        self._batch = self._check_input()
        self._check_output()
        self._subtract = np.array(manifest.subtract, np.float32).reshape(3, 1, 1)
        self._divide = np.array(manifest.divide, np.float32).reshape(3, 1, 1)

    def embed(self, chips: Image) -> Vectors:
        """uint8 (n, side, side, 3) RGB to float32 (n, dimension), of length 1 where cosine.

        Raises ModelError where the network gives something else than finite vectors.
        """
        if not len(chips):
            return np.empty((0, self._manifest.dimension), np.float32)
        batches = (chips[at : at + self._batch] for at in range(0, len(chips), self._batch))
        return np.concatenate([self._run(batch) for batch in batches])

    def _run(self, chips: Image) -> Vectors:
        planes = self._prepared(chips)
        vectors = self._raw(planes)
        if self._manifest.flip:
            vectors += self._raw(np.ascontiguousarray(planes[:, :, :, ::-1]))
            vectors /= 2
        return self._scaled(vectors)

    def _raw(self, planes: Vectors) -> Vectors:
        """What the network itself gives, float32 (n, dimension)."""
        try:
            (vectors,) = self._session.run(
                [self._manifest.output_name], {self._manifest.input_name: planes}
            )
        except Exception as error:
            raise ModelError(f"{self._name} does not run: {_first_line(error)}") from error
        expected = (len(planes), self._manifest.dimension)
        if vectors.shape != expected:
            raise ModelError(f"{self._name} gives {vectors.shape}, not {expected}.")
        if not np.isfinite(vectors).all():
            raise ModelError(f"{self._name} gives numbers that are not finite.")
        return np.array(vectors, np.float32)

    def _prepared(self, chips: Image) -> Vectors:
        channels = chips if self._manifest.colours == "rgb" else chips[:, :, :, ::-1]
        planes = np.ascontiguousarray(channels.transpose(0, 3, 1, 2), np.float32)
        planes -= self._subtract
        planes /= self._divide
        return planes

    def _scaled(self, vectors: Vectors) -> Vectors:
        """Bring vectors to length 1 where only their direction counts.

        Then |a - b|² = 2 - 2 cos(a, b): the nearest by distance is the nearest by cosine.
        """
        if self._manifest.metric != "cosine":
            return vectors
        lengths = np.linalg.norm(vectors.astype(np.float64), axis=1, keepdims=True)
        if not (lengths > 0).all():
            raise ModelError(f"{self._name} gives a vector without a direction.")
        return np.asarray(vectors / lengths, np.float32)

    def _check_input(self) -> int:
        """How many chips go into one run."""
        side, name = self._manifest.side_px, self._manifest.input_name
        inputs = self._session.get_inputs()
        if [one.name for one in inputs] != [name]:
            raise ModelError(
                f"{self._name} has the inputs {[one.name for one in inputs]}, not only {name!r}."
            )
        one = inputs[0]
        if one.type != _FLOAT or not _fits(one.shape, (None, 3, side, side)):
            raise ModelError(
                f"{self._name} takes {one.type} {one.shape}, not float (n, 3, {side}, {side})."
            )
        if isinstance(one.shape[0], int) and one.shape[0] != 1:
            raise ModelError(f"{self._name} takes {one.shape[0]} faces at once: export it for n.")
        return 1 if one.shape[0] == 1 else _BATCH

    def _check_output(self) -> None:
        name, dimension = self._manifest.output_name, self._manifest.dimension
        outputs = {one.name: one for one in self._session.get_outputs()}
        if name not in outputs:
            raise ModelError(f"{self._name} has the outputs {sorted(outputs)}, none {name!r}.")
        one = outputs[name]
        if one.type != _FLOAT or not _fits(one.shape, (None, dimension)):
            raise ModelError(
                f"{self._name} gives {one.type} {one.shape}, not float (n, {dimension})."
            )


def _fits(shape: list[object], wanted: tuple[int | None, ...]) -> bool:
    """Whether a model's shape, where names and None stand for any number, can be the wanted one."""
    return len(shape) == len(wanted) and all(
        one == other or other is None or not isinstance(one, int)
        for one, other in zip(shape, wanted, strict=True)
    )


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n", 1)[0][:300]
