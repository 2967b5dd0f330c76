"""`python -m benchmarks [--docs]`: measures, prints tables, and writes JSON where BENCH_JSON says.

With `--docs` the figures and plots of docs/benchmarks.md are made anew.
"""

import os
import platform
import sys
from pathlib import Path

from benchmarks import (
    gallery_memory,
    http,
    keypoints,
    kiosk,
    pin,
    scaling,
    search,
    small_networks,
    tracking,
    vision,
)
from benchmarks.documents import write_documents
from benchmarks.figures import Figures
from benchmarks.report import print_tables, write_json

_ROUNDS = 25
_FEW_ROUNDS = 9
# Three PINs each; all 29 of them would take longer than everything else.
_SIGNERS = 10


def main(arguments: list[str]) -> int:
    """Run everything; exit status 0, 2 for an unknown option."""
    if set(arguments) - {"--docs"}:
        sys.stderr.write("usage: python -m benchmarks [--docs]\n")
        return 2
    figures = measure()
    print_tables(figures, machine())
    target = os.environ.get("BENCH_JSON")
    if target:
        write_json(figures, Path(target))
        sys.stderr.write(f"Written to {target}\n")
    if arguments:
        write_documents(figures, machine())
    return 0


def measure() -> Figures:
    """All of one run: what is compared most closely first, while nothing else is loaded."""
    pairs = {**vision.measure(rounds=_ROUNDS), **keypoints.measure(rounds=_ROUNDS)}
    searches = search.measure(rounds=_FEW_ROUNDS)
    curves = scaling.measure(searches, rounds=_FEW_ROUNDS, threads=vision.threads())
    decided, worker_start_s = http.measure()
    return Figures(
        pairs=pairs,
        http=decided,
        search=searches,
        memory=gallery_memory.measure(),
        tracking=tracking.measure(),
        worker_start_s=worker_start_s,
        curves=curves,
        networks=small_networks.measure(),
        kiosk=kiosk.measure(),
        pin=pin.measure(most_signers=_SIGNERS),
    )


def machine() -> str:
    """The processor and how much of it is used."""
    name = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.is_file():
        models = [line for line in cpuinfo.read_text().splitlines() if "model name" in line]
        name = models[0].split(":", 1)[1].strip() if models else name
    return f"{name}, {vision.threads()} threads, Python {platform.python_version()}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
