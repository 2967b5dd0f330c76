"""`evaluate sign-letters`: how well signed letters are read."""

import argparse

from recognition.commands import options
from recognition.commands.evaluate.symbols import add_symbol_options, show
from recognition.datasets.sign_letters import read_letters
from recognition.evaluation.sign_letters import letter_figures, read_all
from recognition.sign_letters.reader import SignLetterReader


def add_parser(kinds: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add this kind's arguments."""
    parser = kinds.add_parser(
        "sign-letters",
        help="letters signed by a hand",
        description="FILE is an .npz (x uint8 (n, 64, 64), y text), Sign-MNIST's .csv, or a folder "
        "DIR/<letter>/<picture> with blank/ for no hand.",
    )
    parser.add_argument("data", type=options.existing_path, metavar="FILE")
    add_symbol_options(parser)
    parser.set_defaults(run=run, fail=parser.error)


def run(chosen: argparse.Namespace) -> int:
    """Measure, write and print; exit status 0 whatever the figures are."""
    reader = SignLetterReader(weights=chosen.weights)
    pictures = read_letters(chosen.data)
    answers, seconds = read_all(reader, pictures)
    figures = letter_figures(answers, seconds=seconds)
    show(chosen, f"Signed letters of {chosen.data}", figures, answers, pictures.skipped)
    return 0
