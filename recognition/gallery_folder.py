"""Makes a gallery of a folder of pictures: DIR/<person>/<picture>..."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from recognition.engines.protocol import Engine
from recognition.errors import DecodeError, GalleryError, ProbeRefused
from recognition.gallery import Gallery
from recognition.gates import LENIENT_GATES
from recognition.images import decode
from recognition.picture_cache import PictureCache
from recognition.picture_files import Skipped, list_files, read_picture
from recognition.probe import probe_from_images
from recognition.values import Vector

# Raised whenever the same picture and engine would give another template.
_FORMAT = "2"


@dataclass(frozen=True, slots=True, eq=False)
class FolderGallery:
    """The gallery of a folder, and the files that gave no template."""

    gallery: Gallery
    skipped: tuple[Skipped, ...]


def load_gallery_folder(
    folder: Path,
    *,
    engine: Engine,
    keep: bool = False,
    on_file: Callable[[int, int], None] = lambda _at, _of: None,
) -> FolderGallery:
    """Make one template of each picture in DIR/<person>/; a person may have several.

    A picture that lies in DIR itself stands for a person of its own name. `on_file` is told how
    many files of how many are done. With `keep` templates are kept in the cache folder, readable by
    their owner alone, and taken from there. Raises GalleryError where the folder is missing or no
    picture in it can be used.
    """
    if not folder.is_dir():
        raise GalleryError(f"There is no folder {folder} to take a gallery from.")
    files = list_files(folder)
    cache = PictureCache("gallery", engine.id, version=_FORMAT, keep=keep)
    labels: list[str] = []
    vectors = []
    skipped: list[Skipped] = []
    for done, path in enumerate(files, start=1):
        try:
            vector = _template(read_picture(path), engine, cache)
        except (DecodeError, ProbeRefused, OSError) as error:
            skipped.append(Skipped.because(path, error))
        else:
            labels.append(_person(folder, path))
            vectors.append(vector)
        on_file(done, len(files))
    if not labels:
        raise GalleryError(
            f"No picture in {folder} can be used: a gallery is DIR/<person>/<picture>."
        )
    return FolderGallery(Gallery(engine.id, labels, np.stack(vectors)), tuple(skipped))


def _template(content: bytes, engine: Engine, cache: PictureCache) -> Vector:
    """The template of a picture file. Raises DecodeError and ProbeRefused."""

    def make() -> bytes:
        probe = probe_from_images(
            [decode(content)], engine=engine, gates=LENIENT_GATES, thorough=True
        )
        return probe.vector.astype("<f4").tobytes()

    return np.frombuffer(cache.entry(content, make), "<f4").astype(np.float32)


def _person(folder: Path, path: Path) -> str:
    """The name of the folder right below DIR, or the file's own name without its ending."""
    parts = path.relative_to(folder).parts
    return parts[0] if len(parts) > 1 else path.stem
