"""Installs a site's engine: checked, tried out, and then there whole or not at all."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from recognition.arguments import require_path
from recognition.engines.site.folder import (
    DETECTOR_FILE,
    MANIFEST_FILE,
    MODEL_FILE,
    InstalledEngine,
    engines_folder,
    installed_engine,
    installed_names,
)
from recognition.engines.site.manifest import (
    MAX_MANIFEST_BYTES,
    EngineManifest,
    ModelFile,
    read_manifest,
)
from recognition.engines.site.model_file import read_model
from recognition.engines.site.proof import try_anew
from recognition.errors import EngineError, ManifestError, ModelError


@dataclass(frozen=True, slots=True)
class _Files:
    """The content of an engine's files, held to their hashes."""

    manifest: EngineManifest
    model: bytes
    detector: bytes | None


def install_engine(model: Path, manifest: Path, detector: Path | None = None) -> InstalledEngine:
    """Check an engine's files, try it out, and put copies into the engines' folder.

    `detector` may be left out: a file of the name that the manifest gives is then looked for beside
    the model, and where there is none the built-in detector is used. The same engine again changes
    nothing; another one under a name that is taken is refused, as templates are bound to it.

    Raises ManifestError for a manifest, ModelError for a file, EngineError for a folder, and
    ArgumentError for what is no path.
    """
    require_path(model, "The model")
    require_path(manifest, "The manifest")
    if detector is not None:
        require_path(detector, "The detector")
    described = read_manifest(_read_manifest_file(manifest), source=str(manifest))
    found = _read_detector(described, model, detector)
    if found is None and described.detector_model is not None:
        described = described.with_built_in_detector()
    files = _Files(described, read_model(model, described.model), found)
    folder = engines_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        scratch = Path(tempfile.mkdtemp(dir=folder, prefix=".new-"))
        try:
            _write_all(files, scratch)
            try_anew(InstalledEngine(described, scratch))
            with _locked(folder / ".lock"):
                return _put(files, scratch, folder)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
    except OSError as error:
        raise EngineError(f"The engine cannot be kept in {folder}: {error.strerror}.") from error


def _read_manifest_file(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_MANIFEST_BYTES + 1)
    except OSError as error:
        raise ManifestError(f"{path} cannot be read: {error.strerror}.") from error


def _read_detector(manifest: EngineManifest, model: Path, detector: Path | None) -> bytes | None:
    expected: ModelFile | None = manifest.detector_model
    if expected is None:
        if detector is not None:
            raise ManifestError(f"The manifest of {manifest.name} asks for the built-in detector.")
        return None
    path = detector or model.parent / expected.file
    if detector is None and not path.exists():
        return None
    return read_model(path, expected)


def _put(files: _Files, scratch: Path, folder: Path) -> InstalledEngine:
    """Give the folder that was tried out its name, unless the engine is there already."""
    name = files.manifest.name
    if name in installed_names():
        there = installed_engine(name)
        if there.manifest == files.manifest and _is_whole(there):
            return there
        if there.id != files.manifest.id:
            raise EngineError(
                f"Another engine {name!r} is installed in {there.folder}. Give this one a name of "
                "its own: templates are bound to the engine that made them."
            )
    _take_place(scratch, folder / name)
    return installed_engine(name)


def _is_whole(there: InstalledEngine) -> bool:
    """Whether the files are still those that the manifest names."""
    try:
        there.check_files()
    except ModelError:
        return False
    return True


def _take_place(scratch: Path, target: Path) -> None:
    """Put the finished folder in place; an older one with the same vectors makes room first."""
    if not target.exists():
        scratch.rename(target)
        return
    old = Path(tempfile.mkdtemp(dir=target.parent, prefix=".old-"))
    target.rename(old / target.name)
    scratch.rename(target)
    shutil.rmtree(old)


def _write_all(files: _Files, folder: Path) -> None:
    _write(folder / MODEL_FILE, files.model)
    if files.detector is not None:
        _write(folder / DETECTOR_FILE, files.detector)
    _write(folder / MANIFEST_FILE, files.manifest.text.encode())
    folder.chmod(0o755)


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold a lock that the system frees when this process ends, however it ends."""
    with path.open("wb") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
