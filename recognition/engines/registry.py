"""Gives engines by name, each loaded once a process."""

import threading

from recognition.engines.dlib_resnet.engine import DlibResnetEngine
from recognition.engines.dlib_resnet.manifest import NAME
from recognition.engines.protocol import Engine
from recognition.errors import EngineError

BUILT_IN = NAME

_loaded: dict[tuple[str, int], Engine] = {}
_lock = threading.Lock()


def load_engine(name: str = NAME, threads: int = 1) -> Engine:
    """Give the engine of this name; the same object each time it is asked for in one process.

    `threads` is how many the network runs on. Safe to call from several threads at once; call it
    after a fork, not before. Raises EngineError for a name that no engine has.
    """
    if name != NAME:
        raise EngineError(f"There is no engine {name!r}; built in is {NAME!r}.")
    with _lock:
        engine = _loaded.get((name, threads))
        if engine is None:
            engine = _loaded[name, threads] = DlibResnetEngine(threads=threads)
        return engine


def engine_names() -> tuple[str, ...]:
    """The names that `load_engine` takes, the built-in engine's first."""
    return (BUILT_IN,)
