"""From a capture's frames to a decision: the worker's pipeline of named steps."""

import functools
import logging
import uuid

import numpy as np
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone
from redis import RedisError

from attendance.choices import CaptureFailure
from recognition import (
    Decision,
    DecodeError,
    Engine,
    EngineError,
    Gates,
    Probe,
    ProbeRefused,
    Reason,
    TrialUnderWay,
    decide,
    decode,
    load_engine,
    probe_from_images,
)

from . import captures, frames
from .captures import FRAME_LIMITS
from .check_ins import check_in_record
from .engine_faults import clear_fault, note_fault
from .gallery import GalleryCache, LoadedGallery
from .policies import current_policy

logger = logging.getLogger(__name__)


def engine() -> Engine:
    """Return the built-in engine of this process."""
    return load_engine()


@functools.cache
def gallery_cache() -> GalleryCache:
    """Return this process's gallery, with the engine in force beside it."""
    return GalleryCache()


def warm_up() -> None:
    """Load network and gallery, and run the network once, before the first capture comes."""
    try:
        loaded = gallery_cache().current(now=timezone.now())
        _run_once(loaded.engine)
        clear_fault(engine_name=loaded.engine.id.name)
        logger.info("ready: %d templates of %s", len(loaded.gallery), loaded.engine.id)
    except (OperationalError, InterfaceError):
        logger.warning("database away: the gallery is loaded with the first capture")
        _run_once(engine())  # which decides at most sites
    except TrialUnderWay as error:
        logger.warning("%s", error)
    except EngineError as error:
        # Whoever comes is refused until it is mended.
        _tell_of(error)
    finally:
        connection.close()


def _run_once(engine: Engine) -> None:
    engine.find(np.zeros((480, 640, 3), np.uint8))
    engine.embed_chips(np.full((1, engine.chip_px, engine.chip_px, 3), 127, np.uint8))


def _tell_of(error: EngineError) -> None:
    """Say what keeps the engine in force from being used, in the log and on the page Engines."""
    logger.error("the engine in force cannot be used: %s", error)
    note_fault(engine_name=current_policy().engine_name, fault=str(error))


def decide_capture(*, capture_id: uuid.UUID) -> None:
    """Decide an open capture and store the outcome; do nothing when it is closed.

    Fails closed: whatever goes wrong, the capture ends as failed and nobody is let in.
    """
    if not captures.begin_attempt(capture_id=capture_id):
        return
    pictures = frames.get_frames(capture_id=capture_id)
    if not pictures:
        captures.close_failed(capture_id=capture_id, failure=CaptureFailure.FRAMES_EXPIRED)
        return
    try:
        _decide_pictures(capture_id, pictures)
    except (OperationalError, InterfaceError, RedisError):
        # Database or Redis away: the capture stays open and is queued again.
        raise
    except EngineError as error:
        _tell_of(error)
        captures.close_failed(capture_id=capture_id, failure=CaptureFailure.NO_ENGINE)
    except Exception:
        captures.close_failed(capture_id=capture_id, failure=CaptureFailure.INTERNAL)
        frames.drop_frames(capture_id=capture_id)
        raise
    finally:
        del pictures
    frames.drop_frames(capture_id=capture_id)


def _decide_pictures(capture_id: uuid.UUID, pictures: list[bytes]) -> None:
    loaded = gallery_cache().current(now=timezone.now())
    probe = make_probe(pictures, min_face_px=loaded.policy.min_face_px, engine=loaded.engine)
    clear_fault(engine_name=loaded.engine.id.name)
    decision = match_probe(probe, loaded) if isinstance(probe, Probe) else probe
    check_in_record(
        capture_id=capture_id,
        decision=decision,
        probe=probe if isinstance(probe, Probe) else None,
        loaded=loaded,
        engine=loaded.engine.id,
    )


def make_probe(pictures: list[bytes], *, min_face_px: int, engine: Engine) -> Probe | Decision:
    """Return the probe of a burst, or the refusal that its pictures earn."""
    try:
        images = [decode(picture, limits=FRAME_LIMITS) for picture in pictures]
        return probe_from_images(images, engine=engine, gates=Gates(min_face_px=min_face_px))
    except DecodeError:
        return Decision(accepted=False, reason=Reason.UNDECODABLE, match=None)
    except ProbeRefused as refused:
        return Decision(accepted=False, reason=refused.reason, match=None)


def match_probe(probe: Probe, loaded: LoadedGallery) -> Decision:
    """Look a probe up among everyone and judge the nearest two by the policy in force."""
    return decide(loaded.gallery.search_probe(probe), loaded.rule)
