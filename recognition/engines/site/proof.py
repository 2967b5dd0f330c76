"""Lets an engine be loaded only where its trial has passed: this content, this code, this machine.

A network that went well when it was installed may end the process that loads it after an update of
ONNX Runtime or on another processor. So it is tried out apart once for each of these, and what has
passed is noted in the cache folder. A note that is gone or damaged costs another trial; whoever
forges one has gained nothing but the trial left out: files are held to their hashes all the same.
"""

import hashlib
import json
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

from recognition.cache import cache_folder, cached_bytes, forget_cached
from recognition.engines.site.folder import InstalledEngine
from recognition.engines.site.runtime import runtime
from recognition.engines.site.trial import BOUNDS, try_out
from recognition.errors import ModelError, TrialUnderWay

# Raised when a trial asks for more than before: what passed then has to pass anew.
_TRIAL = 1
# How long a process believes a trial that failed: it may have been for want of memory, and each
# capture asks again.
_FAILED_FOR_S = 600.0

_under_way: dict[Path, "Future[None]"] = {}
_failed: dict[Path, tuple[float, str]] = {}
_lock = threading.Lock()


def require_trial(installed: InstalledEngine, *, patience_s: float | None = None) -> None:
    """Return where the trial has passed; else wait for one, which is begun if nobody else has.

    After `patience_s` seconds (None: as long as it takes) TrialUnderWay is raised and the trial
    goes on in a thread, for whoever asks next. Processes that ask at the same time make one trial
    between them, unless it fails. Safe to call from several threads; call it after a fork, not
    before. Raises ModelError with what a trial said, for ten minutes without another one.
    """
    try:
        _trial_of(installed).result(patience_s)
    except TimeoutError as error:
        raise TrialUnderWay(
            f"The engine {installed.name} is being tried out on this machine before it is used, "
            f"which takes {BOUNDS.seconds // 60} minutes at most. Ask again in a moment."
        ) from error


def try_anew(installed: InstalledEngine) -> None:
    """Try an engine out, whatever is known of it, and note that it passed. Raises ModelError."""
    by = runtime()
    said = _statement(installed, by)
    note = _note(said)
    forget_cached(note)
    try_out(installed.folder, installed.name, by=by)
    cached_bytes(note, lambda: said)


def _trial_of(installed: InstalledEngine) -> "Future[None]":
    """The outcome of a trial, of one that is under way or of a new one."""
    by = runtime()
    said = _statement(installed, by)
    note = _note(said)

    def tried() -> bytes:
        _still_failed(note)
        # What is no fault of the network's is told at once, and as soon as it is mended forgotten.
        installed.check_files()
        try:
            try_out(installed.folder, installed.name, by=by)
        except ModelError as error:
            _failed[note] = (time.monotonic(), str(error))
            raise
        return said

    with _lock:
        outcome = _under_way.get(note)
        if outcome is None:
            outcome = _under_way[note] = Future()
            # No process waits at its end for a trial that nobody asks about any more.
            threading.Thread(target=_settle, args=(outcome, note, tried), daemon=True).start()
        return outcome


def _settle(outcome: "Future[None]", note: Path, tried: Callable[[], bytes]) -> None:
    """Give a trial its outcome, by what is noted or else by making it."""
    failure: BaseException | None = None
    try:
        cached_bytes(note, tried)
    except BaseException as error:  # noqa: BLE001 - raised again by whoever waits
        failure = error
    # Before anybody is told: who asks after that asks anew.
    with _lock:
        del _under_way[note]
    if failure:
        outcome.set_exception(failure)
    else:
        outcome.set_result(None)


def _still_failed(note: Path) -> None:
    at, said = _failed.get(note, (-_FAILED_FOR_S, ""))
    if said and time.monotonic() - at < _FAILED_FOR_S:
        raise ModelError(said)


def _statement(installed: InstalledEngine, by: str) -> bytes:
    """What a pass says: everything that it hangs on."""
    manifest, detector = installed.manifest, installed.manifest.detector_model
    return json.dumps(
        {
            "trial": _TRIAL,
            "engine": str(installed.id),
            "manifest": hashlib.sha256(manifest.text.encode()).hexdigest(),
            "model": manifest.model.sha256,
            "detector": detector and detector.sha256,
            "runtime": by,
        }
    ).encode()


def _note(said: bytes) -> Path:
    return cache_folder() / "trials" / f"{hashlib.sha256(said).hexdigest()}.json"
