"""`evaluate`: what a recognition figure is worth, measured on labelled data; one kind a file."""

import argparse

from recognition.commands.evaluate import (
    faces,
    handwritten_digits,
    keypoints,
    sign_digits,
    sign_letters,
)

# Each adds its own arguments under its kind.
_KINDS = (faces, sign_digits, handwritten_digits, sign_letters, keypoints)


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add this command's kinds."""
    parser = commands.add_parser(
        "evaluate",
        help="measure how well faces are told apart, digits, letters and keypoints read",
        description="Measure error rates on labelled data.",
    )
    kinds = parser.add_subparsers(required=True, metavar="KIND")
    for kind in _KINDS:
        kind.add_parser(kinds)
