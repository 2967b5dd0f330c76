"""`evaluate handwritten-digits`: how well digits on paper and boards are found and read."""

import argparse

from recognition.commands import options
from recognition.commands.evaluate.symbols import add_symbol_options, show
from recognition.commands.progress import counting_bar
from recognition.datasets.handwritten_digits import DigitPictures
from recognition.evaluation.handwritten_digits import read_all
from recognition.evaluation.symbols import symbol_figures
from recognition.handwritten_digits.reader import HandwrittenDigitReader


def add_parser(kinds: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add this kind's arguments."""
    parser = kinds.add_parser(
        "handwritten-digits",
        help="digits written by hand, in crops or whole photographs",
        description="DIR holds DIR/<digit>/<picture> with none/ for no digit, or pictures named by "
        "their digit (1.jpg, 1_blue.jpg); an .npz like MNIST's (x uint8 (n, 28, 28), y) will do.",
    )
    parser.add_argument("data", type=options.existing_path, metavar="DIR")
    add_symbol_options(parser)
    parser.set_defaults(run=run, fail=parser.error)


def run(chosen: argparse.Namespace) -> int:
    """Measure, write and print; exit status 0 whatever the figures are."""
    reader = HandwrittenDigitReader(weights=chosen.weights)
    pictures = DigitPictures(chosen.data)
    with counting_bar("Pictures", len(pictures)) as done:
        answers, seconds = read_all(reader, pictures, on_picture=lambda: done(1))
    figures = symbol_figures(answers, seconds=seconds)
    show(chosen, f"Handwritten digits of {chosen.data}", figures, answers, pictures.skipped)
    return 0
