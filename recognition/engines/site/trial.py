"""Tries an engine's folder out before anything else loads it: in a process of its own."""

from pathlib import Path

from recognition.engines.site.apart import Bounds, run_apart
from recognition.engines.site.folder import MANIFEST_FILE, InstalledEngine
from recognition.engines.site.manifest import read_manifest
from recognition.engines.site.runtime import runtime
from recognition.engines.site.self_test import self_test
from recognition.errors import ModelError

_GIB = 2**30
# The largest model allowed (512 MiB) is held three times while it is loaded, its constants and what
# it works on may take 1 GiB each, the detector's as much; the rest is Python's.
# The time is that of the largest on a slow machine with other things to do.
BOUNDS = Bounds(seconds=300, memory_bytes=6 * _GIB)


def try_out(folder: Path, name: str, *, by: str) -> None:
    """Read, load and run what lies in a folder as a worker would. Raises ModelError.

    `by` is the `runtime` of the process that asks, for which nothing else would speak.
    """
    run_apart(_trial, str(folder), by, bounds=BOUNDS, name=f"The engine {name}")


def _trial(folder: str, by: str) -> None:
    path = Path(folder) / MANIFEST_FILE
    manifest = read_manifest(path.read_bytes(), source=str(path))
    if runtime() != by:
        raise ModelError(
            f"The engine {manifest.name} cannot be tried out: ONNX Runtime, OpenCV or ONNX were "
            "changed under a running process. Start it anew."
        )
    self_test(InstalledEngine(manifest, Path(folder)).load(), manifest)
