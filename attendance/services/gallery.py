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
from django.db.models import QuerySet
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


@dataclass(frozen=True)
class _Held:
    """A loaded gallery, and whose each of its templates is, those that do not open among them."""

    loaded: LoadedGallery
    person_of: dict[uuid.UUID, uuid.UUID]


class GalleryCache:
    """Holds the gallery of the engine in force, brought up to date when its version is not.

    Thread safe. Of people whose templates are the same as before nothing is read again, since a
    template never changes; the gallery of a change shares their rows with the one before it.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: _Held | None = None

    def current(self, *, now: datetime) -> LoadedGallery:
        """Return the gallery as the database has it at this moment."""
        with self._lock:
            held = self._held
            if held is None or self._outdated(held.loaded, now):
                held = self._held = self._load(now)
            return held.loaded

    def _outdated(self, loaded: LoadedGallery, now: datetime) -> bool:
        if loaded.valid_until is not None and now >= loaded.valid_until:
            return True
        return loaded.version != GalleryState.objects.values_list("version", flat=True).get()

    def _load(self, now: datetime) -> _Held:
        # One snapshot for all reads: the version then belongs to exactly these rows.
        with transaction.atomic(durable=True):
            _repeatable_read()
            version = GalleryState.objects.values_list("version", flat=True).get()
            policy = MatchPolicy.objects.latest()
            engine = engine_of(name=policy.engine_name)
            gallery, person_of = self._followed(engine, now)
            valid_until = next_consent_change(after=now)
        logger.debug("gallery version %d: %d templates", version, len(gallery))
        return _Held(LoadedGallery(version, valid_until, policy, engine, gallery), person_of)

    def _followed(
        self, engine: Engine, now: datetime
    ) -> tuple[Gallery, dict[uuid.UUID, uuid.UUID]]:
        """Return the gallery of this moment, made of the one before if the engine is the same."""
        held = self._held
        if held is not None and held.loaded.engine.id == engine.id:
            gallery, known = held.loaded.gallery, held.person_of
        else:
            nobody = np.empty((0, engine.dimension), np.float32)
            gallery, known = Gallery(engine.id, [], nobody), {}
        templates = Template.objects.filter(
            person__in=permitted_people(at=now),
            engine_name=engine.id.name,
            engine_version=engine.id.version,
        )
        wanted = dict(templates.values_list("id", "person_id"))
        changed = {person for _, person in wanted.items() ^ known.items()}
        if known:
            templates = templates.filter(person__in=changed)
        labels, vectors = open_templates(templates if changed else templates.none(), engine)
        rest = gallery.without_people(map(str, changed))
        return rest.with_templates(labels, vectors), wanted


def open_templates(
    templates: QuerySet[Template], engine: Engine
) -> tuple[list[str], NDArray[np.float32]]:
    """Return a label and a vector, float32 (n, dimension), of each template that opens."""
    labels: list[str] = []
    vectors: list[NDArray[np.float32]] = []
    rows = templates.values_list("id", "person_id", "sealed_vector")
    for template_id, person_id, sealed in rows.iterator(chunk_size=5000):
        try:
            vectors.append(_open(bytes(sealed), person_id, engine))
        except SealBroken:
            # Left out, so its person must enrol again; everybody else still gets in.
            logger.exception("template %s does not open and is left out", template_id)
        else:
            labels.append(str(person_id))
    return labels, np.stack(vectors) if vectors else np.empty((0, engine.dimension), np.float32)


def _open(sealed: bytes, person_id: uuid.UUID, engine: Engine) -> NDArray[np.float32]:
    vector = open_vector(sealed=sealed, person_id=person_id, engine=engine.id)
    if vector.shape != (engine.dimension,) or not np.isfinite(vector).all():
        raise SealBroken("A stored template holds no vector of its engine.")
    return vector


def _repeatable_read() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
