"""The folder that a site's engines lie in: one folder each, named as the engine."""

import os
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import platformdirs

from recognition.engines.site.engine import SiteEngine
from recognition.engines.site.manifest import EngineManifest, ModelFile, read_manifest
from recognition.engines.site.model_file import read_model
from recognition.engines.site.yunet import check_detector
from recognition.errors import EngineError, ManifestError
from recognition.values import EngineId

MANIFEST_FILE = "manifest.json"
MODEL_FILE = "model.onnx"
DETECTOR_FILE = "detector.onnx"


def engines_folder() -> Path:
    """The folder named by LINTEL_ENGINES, or else the user's data folder; it may not exist yet."""
    chosen = os.environ.get("LINTEL_ENGINES")
    if chosen:
        return Path(chosen).expanduser()
    return platformdirs.user_data_path("lintel") / "engines"


@dataclass(frozen=True, slots=True)
class InstalledEngine:
    """An engine that lies in the engines' folder."""

    manifest: EngineManifest
    folder: Path

    @property
    def name(self) -> str:
        """Its name, and its folder's."""
        return self.manifest.name

    @property
    def id(self) -> EngineId:
        """Name and version of the vectors it makes."""
        return self.manifest.id

    def load(self, *, threads: int = 1) -> SiteEngine:
        """Make the engine; its files are read and held to their hashes when first used."""
        expected = self.manifest.detector_model
        read_detector = None if expected is None else partial(self._read_detector, expected)
        return SiteEngine(
            self.manifest,
            read_model=partial(read_model, self.folder / MODEL_FILE, self.manifest.model),
            read_detector=read_detector,
            threads=threads,
        )

    def check_files(self) -> None:
        """Hold all files to their hashes. Raises ModelError, naming the file that differs."""
        read_model(self.folder / MODEL_FILE, self.manifest.model)
        if self.manifest.detector_model is not None:
            read_model(self.folder / DETECTOR_FILE, self.manifest.detector_model)

    def _read_detector(self, expected: ModelFile) -> bytes:
        content = read_model(self.folder / DETECTOR_FILE, expected)
        check_detector(content, name=f"The detector of {self.name}")
        return content


def installed_names() -> tuple[str, ...]:
    """The names of all engines in the folder, sorted; whether they are whole is not looked at."""
    folder = engines_folder()
    if not folder.is_dir():
        return ()
    found = (path.parent.name for path in folder.glob(f"*/{MANIFEST_FILE}"))
    return tuple(sorted(name for name in found if not name.startswith(".")))


def installed_engine(name: str) -> InstalledEngine:
    """The engine of this name. Raises EngineError where it is missing, ManifestError if damaged."""
    folder = engines_folder() / name
    if name not in installed_names():
        raise EngineError(f"There is no engine {name!r} in {engines_folder()}.")
    path = folder / MANIFEST_FILE
    try:
        manifest = read_manifest(path.read_bytes(), source=str(path))
    except OSError as error:
        raise EngineError(f"{path} cannot be read: {error.strerror}.") from error
    if manifest.name != name:
        raise ManifestError(f"{path} is the manifest of {manifest.name}, not of {name}.")
    return InstalledEngine(manifest, folder)
