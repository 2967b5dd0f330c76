"""Commands about the synthetic people: draw the demonstration, find identities, look at them."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from tests.people.drawing import draw
from tests.people.pictures import write_demo, write_jpeg
from tests.people.roster import IDENTITIES

SHEET_COLUMNS = 7
TILE_PX = 240


def _tell(message: str) -> None:
    print(f"people: {message}", file=sys.stderr, flush=True)


def _demo(arguments: argparse.Namespace) -> int:
    write_demo(arguments.folder, tell=_tell)
    return 0


def _separate(arguments: argparse.Namespace) -> int:
    from recognition import load_engine
    from tests.people.separation import confirmed, sample_many, separated

    def seen(identity: int) -> None:
        if identity % 50 == 49:
            _tell(f"drew {identity + 1} of {arguments.draw} people")

    engine = load_engine()
    samples = sample_many(range(arguments.draw), engine, seen)
    chosen = separated(samples, kept=IDENTITIES)
    found = confirmed(chosen, engine, kept=IDENTITIES)
    print(" ".join(map(str, found)))
    _tell(f"{len(found)} of {arguments.draw} people lie far enough from one another")
    return 0 if len(found) >= arguments.count else 1


def _many(arguments: argparse.Namespace) -> int:
    arguments.folder.mkdir(parents=True, exist_ok=True)
    for identity in range(arguments.first, arguments.first + arguments.count):
        for variation, face_px in enumerate((150, 200, 250)):
            picture = draw(identity, variation, face_px=face_px)
            write_jpeg(arguments.folder / f"{identity}_{variation}.jpg", picture)
    return 0


def _sheet(arguments: argparse.Namespace) -> int:
    identities = arguments.identities or IDENTITIES
    tiles = [
        cv2.resize(draw(i)[:, 80:560], (TILE_PX, TILE_PX), interpolation=cv2.INTER_AREA)
        for i in identities
    ]
    tiles += [np.full_like(tiles[0], 255)] * (-len(tiles) % SHEET_COLUMNS)
    rows = [np.hstack(tiles[i : i + SHEET_COLUMNS]) for i in range(0, len(tiles), SHEET_COLUMNS)]
    write_jpeg(arguments.file, np.vstack(rows).astype(np.uint8))
    return 0


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return the exit status: 0 done, 1 the work failed, 2 a wrong call."""
    parser = argparse.ArgumentParser(prog="python -m tests.people", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    demo = commands.add_parser("demo", help="write the demonstration's pictures and door video")
    demo.add_argument("folder", type=Path)
    demo.set_defaults(run=_demo)
    separate = commands.add_parser("separate", help="find identities far from one another")
    separate.add_argument("--count", type=int, default=24, help="how many are needed")
    separate.add_argument("--draw", type=int, default=500, help="how many are looked at")
    separate.set_defaults(run=_separate)
    many = commands.add_parser("many", help="draw further people, to train networks with")
    many.add_argument("folder", type=Path)
    many.add_argument("--first", type=int, default=1000, help="seed of the first")
    many.add_argument("--count", type=int, default=100, help="how many people")
    many.set_defaults(run=_many)
    sheet = commands.add_parser("sheet", help="draw many people onto one JPEG")
    sheet.add_argument("file", type=Path)
    sheet.add_argument("identities", type=int, nargs="*")
    sheet.set_defaults(run=_sheet)
    arguments = parser.parse_args(argv)
    try:
        return int(arguments.run(arguments))
    except OSError as error:
        _tell(str(error))
        return 1


if __name__ == "__main__":
    sys.exit(main())
