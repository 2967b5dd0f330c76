"""The gallery in a worker's memory, kept equal to the database by a version number.

Triggers raise the number with every change to people, consents, templates and policies, in the
same transaction; whoever reads the same number again holds the same gallery. What the clock alone
changes (a consent that ends) is known at loading and ends the gallery's validity.
"""

import logging
import threading
import uuid
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from django.db import connection, transaction
from numpy.typing import NDArray

from attendance.errors import SealBroken
from attendance.models import GalleryState, MatchPolicy, Template
from attendance.selectors.permitted import next_consent_change, permitted_people
from recognition import Engine, Gallery, MatchRule

from .engines import engine_of
from .sealing import open_vector

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class LoadedGallery:
    """A gallery with the rules in force beside it, all of one version."""

    version: int
    valid_until: datetime | None
    policy: MatchPolicy
    engine: Engine
    gallery: Gallery

    @property
    def rule(self) -> MatchRule:
        """Return threshold and margin as the matching library takes them."""
        return MatchRule(threshold=self.policy.threshold, margin=self.policy.margin)


class GalleryCache:
    """Holds the gallery of the engine in force, loaded again when its version is not the newest.

    Thread safe. Vectors once opened are kept by template id (a template never changes), so a
    change to one person costs one vector.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._vectors: dict[uuid.UUID, NDArray[np.float32]] = {}
        self._loaded: LoadedGallery | None = None

    def current(self, *, now: datetime) -> LoadedGallery:
        """Return the gallery as the database has it at this moment."""
        with self._lock:
            loaded = self._loaded
            if loaded is None or self._outdated(loaded, now):
                loaded = self._loaded = self._load(now)
            return loaded

    def _outdated(self, loaded: LoadedGallery, now: datetime) -> bool:
        if loaded.valid_until is not None and now >= loaded.valid_until:
            return True
        return loaded.version != GalleryState.objects.values_list("version", flat=True).get()

    def _load(self, now: datetime) -> LoadedGallery:
        # One snapshot for all reads: the version then belongs to exactly these rows.
        with transaction.atomic(durable=True):
            _repeatable_read()
            version = GalleryState.objects.values_list("version", flat=True).get()
            policy = MatchPolicy.objects.latest()
            engine = engine_of(name=policy.engine_name)
            rows = list(
                Template.objects.filter(
                    person__in=permitted_people(at=now),
                    engine_name=engine.id.name,
                    engine_version=engine.id.version,
                )
                .order_by("person_id", "created_at", "id")
                .values_list("id", "person_id")
            )
            self._fetch({template for template, _ in rows}, engine)
            valid_until = next_consent_change(after=now)
        known = [(self._vectors[key], str(person)) for key, person in rows if key in self._vectors]
        nobody = np.empty((0, engine.dimension), np.float32)
        vectors = np.stack([vector for vector, _ in known]) if known else nobody
        gallery = Gallery(engine.id, [label for _, label in known], vectors)
        logger.debug("gallery version %d: %d templates", version, len(known))
        return LoadedGallery(version, valid_until, policy, engine, gallery)

    def _fetch(self, wanted: set[uuid.UUID], engine: Engine) -> None:
        for gone in self._vectors.keys() - wanted:
            del self._vectors[gone]
        missing = wanted - self._vectors.keys()
        rows = Template.objects.filter(pk__in=missing).values_list(
            "id", "person_id", "sealed_vector"
        )
        for template_id, person_id, sealed in rows.iterator(chunk_size=5000):
            try:
                self._vectors[template_id] = _open(bytes(sealed), person_id, engine)
            except SealBroken:
                # Left out, so its person must enrol again; everybody else still gets in.
                logger.exception("template %s does not open and is left out", template_id)


def _open(sealed: bytes, person_id: uuid.UUID, engine: Engine) -> NDArray[np.float32]:
    vector = open_vector(sealed=sealed, person_id=person_id, engine=engine.id)
    if vector.shape != (engine.dimension,) or not np.isfinite(vector).all():
        raise SealBroken("A stored template holds no vector of its engine.")
    return vector


def _repeatable_read() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
