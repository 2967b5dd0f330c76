"""`python -m benchmarks`: measures, prints a table, and writes JSON where BENCH_JSON says."""

import os
import platform
import sys
from pathlib import Path

from benchmarks import http, keypoints, small_networks, vision
from benchmarks.figures import Figures
from benchmarks.report import print_table, write_json

_ROUNDS = 25


def main() -> int:
    """Run everything; exit status 0."""
    pairs = {**vision.measure(rounds=_ROUNDS), **keypoints.measure(rounds=_ROUNDS)}
    figures = Figures(pairs, http.measure(), small_networks.measure())
    print_table(figures, machine())
    small_networks.print_speeds(figures.networks)
    target = os.environ.get("BENCH_JSON")
    if target:
        write_json(figures, Path(target))
        sys.stderr.write(f"Written to {target}\n")
    return 0


def machine() -> str:
    """The processor and how much of it is used."""
    name = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.is_file():
        models = [line for line in cpuinfo.read_text().splitlines() if "model name" in line]
        name = models[0].split(":", 1)[1].strip() if models else name
    return f"{name}, {vision.threads()} threads, Python {platform.python_version()}"


if __name__ == "__main__":
    sys.exit(main())
