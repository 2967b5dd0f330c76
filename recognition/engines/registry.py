"""Gives engines by name, each loaded once a process."""

import threading
from collections.abc import Callable

from recognition.arguments import require_kind, require_threads
from recognition.engines.dlib_resnet.engine import DlibResnetEngine
from recognition.engines.dlib_resnet.manifest import NAME
from recognition.engines.protocol import Engine
from recognition.engines.site.folder import engines_folder, installed_engine, installed_names
from recognition.engines.site.proof import require_trial
from recognition.errors import EngineError
from recognition.values import EngineId

BUILT_IN = NAME

_loaded: dict[tuple[str, int, EngineId | None], Engine] = {}
_lock = threading.Lock()


def load_engine(name: str = NAME, threads: int = 1, *, patience_s: float | None = None) -> Engine:
    """Give the engine of this name; the same object each time it is asked for in one process.

    `threads` is how many the network runs on. An engine that was installed is given only where it
    has been tried out on this machine as it is, in a process of its own: where it has not, that is
    done now, and waited for `patience_s` seconds (None: as long as it takes, minutes at most). Safe
    to call from several threads at once; call it after a fork, not before. Raises EngineError for a
    name that no engine has, ModelError for an engine that failed, TrialUnderWay, ArgumentError for
    fewer threads than 1, or a name that is no text.
    """
    require_kind(name, str, "The name of an engine")
    require_threads(threads)
    if name == NAME:
        return _once((name, threads, None), DlibResnetEngine)
    if name not in engine_names():
        raise EngineError(
            f"There is no engine {name!r}; there is {', '.join(engine_names())} "
            f"(engines that were installed lie in {engines_folder()})."
        )
    installed = installed_engine(name)
    # By id as well: an engine that was taken away and put there anew is another one.
    key = (name, threads, installed.id)
    if key not in _loaded:
        require_trial(installed, patience_s=patience_s)
    return _once(key, installed.load)


def engine_names() -> tuple[str, ...]:
    """The names that `load_engine` takes, the built-in engine's first."""
    return (BUILT_IN, *installed_names())


def _once(key: tuple[str, int, EngineId | None], make: Callable[..., Engine]) -> Engine:
    """The engine of this key, made where there is none yet."""
    with _lock:
        engine = _loaded.get(key)
        if engine is None:
            engine = _loaded[key] = make(threads=key[1])
        return engine
