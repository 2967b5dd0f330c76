"""ONNX Runtime as after an update: another version, which ends its process with one network.

In front of the real one on the path of a test's processes. `CRASHES_WITH` is a text in the network,
`LOADS_FOR_S` how many seconds any other takes to load.
"""

import os
import sys
import time
from pathlib import Path

_HERE = str(Path(__file__).resolve().parent.parent)
sys.path = [entry for entry in sys.path if os.path.realpath(entry or ".") != _HERE]
del sys.modules["onnxruntime"]
import onnxruntime as real  # noqa: E402 - the one behind this

# For processes that this one starts, which shall have the same.
sys.path.insert(0, _HERE)


class InferenceSession(real.InferenceSession):  # type: ignore[misc]
    """Ends the process where a network has the text in it, as a fault in native code does."""

    def __init__(self, model: bytes | str, *given: object, **named: object) -> None:
        content = model if isinstance(model, bytes) else Path(model).read_bytes()
        if os.environ["CRASHES_WITH"].encode() in content:
            os.write(2, b"Check failed: no kernel of that kind\n")
            os.abort()
        time.sleep(float(os.environ.get("LOADS_FOR_S", "0")))
        super().__init__(model, *given, **named)


real.InferenceSession = InferenceSession
real.__version__ = "999.0.0"
