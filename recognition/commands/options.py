"""Options that several commands take, and checks of their values."""

import argparse
import os
from pathlib import Path

from recognition.engines.registry import BUILT_IN, engine_names

# More threads than this do not make one face quicker.
_MOST_THREADS = 4
# NumPy takes none below 0, PyTorch none beyond 64 bits, and an epoch's is a million times as large.
_SEEDS = 2**32


def add_engine_options(parser: argparse.ArgumentParser, *, min_face: int) -> None:
    """Add --engine, --min-face, --threads and --json."""
    add_engine_option(parser)
    parser.add_argument(
        "--min-face",
        type=positive,
        default=min_face,
        metavar="PX",
        help="width in pixels from which on faces are looked for (default: %(default)s)",
    )
    parser.add_argument(
        "--threads",
        type=positive,
        default=min(_MOST_THREADS, len(os.sched_getaffinity(0))),
        metavar="N",
        help="threads of the network (default: %(default)s)",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object, nothing else")


def add_cache_option(parser: argparse.ArgumentParser) -> None:
    """Add --no-cache."""
    parser.add_argument(
        "--no-cache",
        action="store_true",
        help="neither keep what is computed of known people's pictures nor use what was kept",
    )


def add_engine_option(parser: argparse.ArgumentParser) -> None:
    """Add --engine, whose value is a name that `load_engine` takes."""
    parser.add_argument(
        "--engine",
        type=engine_name,
        default=BUILT_IN,
        metavar="NAME",
        help="engine to use, see `python -m recognition engines` (default: %(default)s)",
    )


def engine_name(text: str) -> str:
    """The name of an engine that is built in or installed."""
    names = engine_names()
    if text not in names:
        raise argparse.ArgumentTypeError(f"there is no engine {text}; there is {', '.join(names)}")
    return text


def positive(text: str) -> int:
    """A whole number from 1 on."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"must be 1 or more, not {number}")
    return number


def seed(text: str) -> int:
    """A whole number that every generator of random numbers takes."""
    number = int(text)
    if not 0 <= number < _SEEDS:
        raise argparse.ArgumentTypeError(f"must be 0 to {_SEEDS - 1}, not {number}")
    return number


def distance(text: str) -> float:
    """A distance: 0 or more, and finite."""
    number = float(text)
    if not 0 <= number < float("inf"):
        raise argparse.ArgumentTypeError(f"must be a distance of 0 or more, not {text}")
    return number


def existing_file(text: str) -> Path:
    """A file that is there."""
    path = Path(text)
    if not path.is_file():
        raise argparse.ArgumentTypeError(f"there is no file {text}")
    return path


def new_file(text: str) -> Path:
    """A file that can be written, or written anew: said before the work, not after it."""
    path = Path(text)
    if path.is_dir():
        raise argparse.ArgumentTypeError(f"{text} is a folder")
    if not path.parent.is_dir():
        raise argparse.ArgumentTypeError(f"there is no folder {path.parent} to write {path.name}")
    if not os.access(path if path.exists() else path.parent, os.W_OK):
        raise argparse.ArgumentTypeError(f"{text} cannot be written: permission denied")
    return path


def existing_folder(text: str) -> Path:
    """A folder that is there; an empty text, as of a variable never set, names none."""
    path = Path(text)
    if not text or not path.is_dir():
        raise argparse.ArgumentTypeError(f"there is no folder {text}")
    return path


def existing_path(text: str) -> Path:
    """A file or folder that is there; an empty text names none."""
    path = Path(text)
    if not text or not path.exists():
        raise argparse.ArgumentTypeError(f"there is no file or folder {text}")
    return path


def seconds(text: str) -> float:
    """A time above 0, and finite."""
    number = float(text)
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError(f"must be a time above 0, not {text}")
    return number


def seconds_or_none(text: str) -> float:
    """A time of 0 or more, and finite."""
    number = float(text)
    if not 0 <= number < float("inf"):
        raise argparse.ArgumentTypeError(f"must be a time of 0 or more, not {text}")
    return number


def share(text: str) -> float:
    """A share above 0 and at most 1."""
    number = float(text)
    if not 0 < number <= 1:
        raise argparse.ArgumentTypeError(f"must be above 0 and at most 1, not {text}")
    return number
