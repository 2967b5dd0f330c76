"""Files that appear whole or not at all."""

import os
from pathlib import Path

from recognition.errors import TrainingError


def write_whole(path: Path, content: bytes) -> None:
    """Write beside the target, then take its place in one step. Raises TrainingError."""
    scratch = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with scratch.open("wb") as handle:
            handle.write(content)
            handle.flush()
            os.fsync(handle.fileno())
        scratch.replace(path)
    except OSError as error:
        scratch.unlink(missing_ok=True)
        raise TrainingError(f"{path} cannot be written: {error.strerror}.") from error
