"""Says what runs a site's network here: the libraries, and the machine as far as it shows."""

import json
import platform
from pathlib import Path

# Of Linux's list, what names a processor and what it can do: kernels are chosen by that.
_TELLING = frozenset(
    {
        *("vendor_id", "cpu family", "model", "model name", "stepping", "flags"),
        *("CPU implementer", "CPU architecture", "CPU variant", "CPU part", "CPU revision"),
        *("Features", "isa", "uarch", "cpu"),
    }
)
# Bytes; one processor of the list has less.
_FIRST = 16_384


def runtime() -> str:
    """Return one line of JSON that is the same where the same code runs a network.

    The libraries are those that this process has loaded, whatever lies on the disk by now.
    """
    import cv2
    import google.protobuf  # type: ignore[import-untyped]
    import onnx
    import onnxruntime

    return json.dumps(
        {
            "onnxruntime": onnxruntime.__version__,
            "opencv": cv2.__version__,
            "onnx": onnx.__version__,
            "protobuf": google.protobuf.__version__,
            "system": platform.system(),
            "machine": platform.machine(),
            "processor": _processor(),
        },
        sort_keys=True,
    )


def _processor(listed: Path = Path("/proc/cpuinfo")) -> str:
    """The first processor, without what changes from one moment to the next."""
    try:
        with listed.open("rb") as file:
            first = file.read(_FIRST).split(b"\n\n", 1)[0].decode(errors="replace")
    except OSError:
        return platform.processor()
    return "\n".join(
        line for line in first.splitlines() if line.partition(":")[0].strip() in _TELLING
    )
