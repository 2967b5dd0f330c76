"""`recognize`: what a picture, a folder, a video or a camera shows: people, symbols, points."""

import argparse
from pathlib import Path

from recognition.commands import options
from recognition.commands.recognize import faces, keypoints, symbols
from recognition.commands.recognize.running import INTERRUPTED, check_source
from recognition.engines.protocol import DEFAULT_MIN_FACE_PX

__all__ = ["INTERRUPTED", "add_parser", "run"]


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add this command's arguments."""
    parser = commands.add_parser(
        "recognize",
        help="say who is in a picture, folder, video or before a camera, or what it spells",
        description="Find every face in each frame of SOURCE and name those of the gallery; or "
        "read digits or letters, or place the points of every face.",
    )
    parser.add_argument(
        "source",
        metavar="SOURCE",
        help="picture, folder, video file, camera number, or RTSP or HTTP address",
    )
    mode = parser.add_mutually_exclusive_group(required=True)
    mode.add_argument(
        "--gallery",
        type=options.existing_folder,
        metavar="DIR",
        help="known people: DIR/<person>/<picture>...",
    )
    symbols.add_modes(mode)
    keypoints.add_mode(mode)
    parser.add_argument(
        "--out",
        type=Path,
        metavar="FILE",
        help="write the source here with what was found; a folder where the source is one",
    )
    parser.add_argument(
        "--every",
        type=options.positive,
        default=1,
        metavar="N",
        help="search every Nth frame only (default: each)",
    )
    faces.add_following_option(parser)
    faces.add_rule_options(parser)
    symbols.add_options(parser)
    options.add_cache_option(parser)
    options.add_engine_options(parser, min_face=DEFAULT_MIN_FACE_PX)
    parser.set_defaults(run=run, fail=parser.error)


def run(chosen: argparse.Namespace) -> int:
    """Go through all frames in the mode that was asked for, then print the result."""
    check_source(chosen)
    if chosen.gallery is not None:
        return faces.run(chosen)
    if chosen.keypoints:
        return keypoints.run(chosen)
    return symbols.run(chosen)
