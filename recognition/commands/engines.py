"""`engines`: which engines there are, and what they are."""

import argparse
import sys

from rich.console import Console
from rich.table import Table
from rich.text import Text

from recognition.commands import json_output
from recognition.engines.registry import BUILT_IN, engine_names, load_engine
from recognition.engines.site.folder import engines_folder, installed_engine
from recognition.errors import EngineError

_BUILT_IN_LICENCE = "CC0-1.0 (weights), BSL-1.0 (dlib)"


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add this command's arguments."""
    parser = commands.add_parser(
        "engines",
        help="list the engines that --engine takes",
        description="List the built-in engine and those that were installed.",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object, nothing else")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """List them; exit status 1 where one is damaged."""
    listed: list[json_output.Json] = []
    status = 0
    for name in engine_names():
        try:
            listed.append(_form(name))
        except EngineError as error:
            sys.stderr.write(f"{error}\n")
            listed.append({"name": name, "fault": str(error)})
            status = 1
    if chosen.json:
        json_output.print_json({"folder": str(engines_folder()), "engines": listed})
    else:
        _print_table(listed)
    return status


def _form(name: str) -> json_output.Json:
    """What an engine is; files are held to their hashes, and what was not tried out here is now."""
    if name == BUILT_IN:
        engine = load_engine(name)
        kind = {"built_in": True, "detector": "hog", "metric": "euclidean"}
        rest = {"measured": True, "licence": _BUILT_IN_LICENCE, "folder": None}
    else:
        installed = installed_engine(name)
        installed.check_files()
        engine, manifest = load_engine(name), installed.manifest
        kind = {"built_in": False, "detector": manifest.detector, "metric": manifest.metric}
        rest = {
            "measured": manifest.measured,
            "licence": manifest.licence,
            "folder": str(installed.folder),
        }
    size = {"dimension": engine.dimension, "input_px": engine.chip_px}
    return {**json_output.engine_form(engine.id), **kind, **size, **rest}


def _print_table(listed: list[json_output.Json]) -> None:
    table = Table(title="Engines", caption=f"Installed engines lie in {engines_folder()}")
    for heading in ("Name", "Version", "Detector", "Metric", "Dimension", "Licence"):
        table.add_column(heading, overflow="fold")
    for one in listed:
        if "fault" in one:
            table.add_row(Text(str(one["name"])), Text(str(one["fault"]), style="red"))
            continue
        keys = ("name", "version", "detector", "metric", "dimension", "licence")
        table.add_row(*(Text(str(one[key])) for key in keys))
    Console().print(table)
