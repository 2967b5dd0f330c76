"""What a gallery of a million people takes, in a process that holds nothing else.

`python -m benchmarks.gallery_memory N` prints it as JSON: resident memory as the system counts it,
since memory that Python did not allocate itself is seen by no tool inside it.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from benchmarks.figures import GalleryMemory
from benchmarks.search import ENGINE, person_labels
from recognition import Gallery
from tests.people import synthetic_vectors
from tests.people.vectors import DIMENSION

# Enrolled in small portions, so that neither the vectors nor the texts they come from are ever all
# there, nor what an allocator keeps of them.
_PORTION = 4_096
_MIB = 2**20


def measure(people: int = 1_000_000) -> GalleryMemory:
    """Measure in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.gallery_memory", str(people)],
        check=True,
        capture_output=True,
        text=True,
    )
    return GalleryMemory(**json.loads(done.stdout))


def _measure_here(people: int) -> GalleryMemory:
    _enrol(_PORTION)  # what is loaded once is loaded now
    before = _status("VmRSS")
    gallery = _enrol(people)
    matrix = people * DIMENSION * 4 / _MIB
    over = (_status("VmRSS") - before - matrix) / matrix
    somebody = person_labels(1, seed=people // 2 // _PORTION * _PORTION)[0]
    newcomer = synthetic_vectors(1, seed=7)
    add_ms, added = _most(lambda: gallery.with_templates(["somebody new"], newcomer))
    remove_ms, removed = _most(lambda: gallery.without_people([somebody]))
    return GalleryMemory(people, matrix, over, add_ms, added / matrix, remove_ms, removed / matrix)


def _enrol(people: int) -> Gallery:
    gallery = Gallery(ENGINE, [], synthetic_vectors(0))
    for at in range(0, people, _PORTION):
        part = min(_PORTION, people - at)
        gallery = gallery.with_templates(
            person_labels(part, seed=at), synthetic_vectors(part, seed=at)
        )
    return gallery


def _most(work: Callable[[], Gallery]) -> tuple[float, float]:
    """Milliseconds, and the most memory in MiB that was taken meanwhile."""
    Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
    before = _status("VmRSS")
    started = time.perf_counter()
    changed = work()
    took = (time.perf_counter() - started) * 1000
    assert len(changed) > 1
    return took, max(0.0, _status("VmHWM") - before)


def _status(key: str) -> float:
    """A figure of this process in MiB."""
    lines = Path(f"/proc/{os.getpid()}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(key))


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asdict(_measure_here(int(sys.argv[1])))))
