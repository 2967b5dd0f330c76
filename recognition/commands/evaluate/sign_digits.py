"""`evaluate sign-digits`: how well digits shown by a hand are read."""

import argparse

from recognition.commands import options
from recognition.commands.evaluate.symbols import add_symbol_options, show
from recognition.evaluation.sign_digits import read_folder, sign_digit_figures
from recognition.sign_digits.reader import SignDigitReader


def add_parser(kinds: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add this kind's arguments."""
    parser = kinds.add_parser(
        "sign-digits",
        help="digits shown by a hand",
        description="DIR holds DIR/<0 to 9>/<picture>, with none/ for pictures without a digit. "
        "Accuracy counts a digit that is not accepted as not right.",
    )
    parser.add_argument("data", type=options.existing_folder, metavar="DIR")
    add_symbol_options(parser)
    parser.set_defaults(run=run, fail=parser.error)


def run(chosen: argparse.Namespace) -> int:
    """Measure, write and print; exit status 0 whatever the figures are."""
    reader = SignDigitReader(weights=chosen.weights)
    read = read_folder(reader, chosen.data)
    figures = sign_digit_figures(read.answers, seconds=read.seconds)
    show(chosen, f"Signed digits of {chosen.data}", figures, read.answers, read.skipped)
    return 0
