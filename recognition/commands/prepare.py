"""`prepare`: makes the engine's files before anybody waits for them."""

import argparse
import sys

from recognition.engines.dlib_resnet.frontal_detector import frontal_detector
from recognition.engines.dlib_resnet.network import MAX_DIFFERENCE, load_network
from recognition.engines.dlib_resnet.projection import committed_projection


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add this command's arguments."""
    parser = commands.add_parser(
        "prepare",
        help="make the engine's files",
        description="Convert dlib's descriptor network into the cache folder and check it against "
        "dlib. Does nothing where that is already done.",
    )
    parser.set_defaults(run=run)


def run(_: argparse.Namespace) -> int:
    """Make and check the network.

    Raises EngineError where a weight file is missing or damaged, or where the network does not
    give dlib's descriptors on this machine.
    """
    frontal_detector()
    committed_projection()
    network = load_network()
    done = "Made and checked" if network.made_now else "Already made"
    sys.stderr.write(
        f"{done}: the descriptor network, within {MAX_DIFFERENCE:.0e} of dlib, {network.path}\n"
    )
    return 0
