"""A capture's way through web server, queue and worker, as a kiosk waits for it.

A whole installation of its own is started with 10,000 people enrolled; one kiosk sends bursts of
three frames one after the other, then four kiosks do so at once, then one sends numbers and PINs.
"""

import shutil
import statistics
import subprocess
import sys
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import httpx
import numpy as np

from benchmarks.figures import Http
from benchmarks.timing import median_ms
from kiosk.trust import Identity
from recognition import Gallery, decode, encode_jpeg, load_engine, probe_from_images
from tests.people import PEOPLE, draw, synthetic_vectors, write_pictures
from tests.stack import REPOSITORY, Stack
from tests.trusting import Signing, provisioned

PEOPLE_ENROLLED = 10_000
KIOSKS = 4
_FACE_PX = 200
_FRAMES = 3
# Below the 120 captures a minute that a kiosk may send.
_CAPTURES = 60
_ENTRIES = 40
_PIN = "8305"
_STARTS = 3
_WORKER_PROCESSES = 2
_READY = "ready: "


def measure() -> tuple[Http, float]:
    """Measure request to decision with one kiosk and with four, and the recognition in it.

    The second value is a worker's start in seconds.
    """
    var = REPOSITORY / "var" / "bench"
    shutil.rmtree(var, ignore_errors=True)
    var.mkdir(parents=True)
    stack = Stack(var)
    frames = [
        encode_jpeg(draw(PEOPLE[0].identity, variation, face_px=_FACE_PX))
        for variation in range(_FRAMES)
    ]
    try:
        kiosks = _installation(stack, var)
        _send(stack.address, kiosks[0], frames, 5)
        alone = _send(stack.address, kiosks[0], frames, _CAPTURES)
        together = _together(stack.address, kiosks[1:], frames)
        entries = _enter(stack, kiosks[1], _ENTRIES)
        start_s = statistics.median(_worker_start_s(stack) for _ in range(_STARTS))
    finally:
        stack.close()
        shutil.rmtree(var, ignore_errors=True)
    http = Http(
        p50_ms=float(np.percentile(alone, 50)),
        p95_ms=float(np.percentile(alone, 95)),
        compute_ms=_recognition_ms(frames),
        four_p50_ms=float(np.percentile(together, 50)),
        four_p95_ms=float(np.percentile(together, 95)),
        entry_p50_ms=float(np.percentile(entries, 50)),
        entry_p95_ms=float(np.percentile(entries, 95)),
    )
    return http, start_s


def _installation(stack: Stack, var: Path) -> list[Identity]:
    """Start everything and return the identities of five kiosks."""
    stack.prepare()
    write_pictures(var / "people", PEOPLE[:3])
    stack.manage("enroll", str(var / "people"))
    subprocess.run(
        [sys.executable, "-m", "benchmarks.enrol_synthetic", str(PEOPLE_ENROLLED)],
        cwd=REPOSITORY,
        env=stack.environment,
        check=True,
    )
    names = [f"Kiosk {number}" for number in range(KIOSKS + 1)]
    codes = [stack.manage("kiosk", "create", name).stdout.strip() for name in names]
    stack.start("web", "worker", "beat")
    return [provisioned(stack.address, code) for code in codes]


def _worker_start_s(stack: Stack) -> float:
    """Start the worker anew; give the seconds until both of its processes say they are ready."""
    stack.stop("worker")
    before = stack.log("worker").count(_READY)
    began_s = time.perf_counter()
    stack.start("worker")
    while stack.log("worker").count(_READY) < before + _WORKER_PROCESSES:
        time.sleep(0.005)
        assert time.perf_counter() - began_s < 60, stack.log("worker")
    return time.perf_counter() - began_s


def _send(address: str, kiosk: Identity, frames: list[bytes], count: int) -> list[float]:
    """Send captures one after the other; return each one's milliseconds to its decision."""
    times = []
    with httpx.Client(base_url=address, auth=Signing(kiosk), timeout=20) as client:
        for _ in range(count):
            started = time.perf_counter()
            answer = client.post(
                "/api/v1/captures",
                data={"id": str(uuid.uuid4()), "captured_at": datetime.now(UTC).isoformat()},
                files=[("frames", ("frame.jpg", frame, "image/jpeg")) for frame in frames],
            )
            times.append((time.perf_counter() - started) * 1000)
            assert answer.status_code == 200, answer.text
            assert answer.json()["accepted"], answer.text
    return times


def _enter(stack: Stack, kiosk: Identity, count: int) -> list[float]:
    """Send number and PIN again and again; return each one's milliseconds to its decision."""
    who = f"Person.objects.get(full_name={PEOPLE[0].name!r})"
    lines = (
        "from attendance.models import Person",
        "from attendance.pins.typed import TypedPin",
        "from attendance.services.pins import set_pin",
        f"set_pin(person={who}, pin=TypedPin({_PIN!r}), by='benchmark')",
    )
    stack.manage("shell", "--no-imports", "-c", "; ".join(lines))
    given = {"employee_number": stack.query(f"{who}.employee_number"), "pin": _PIN}
    times = []
    with httpx.Client(base_url=stack.address, auth=Signing(kiosk), timeout=20) as client:
        for _ in range(count):
            now = datetime.now(UTC).isoformat()
            entry = {**given, "id": str(uuid.uuid4()), "how": ["sign"], "entered_at": now}
            started = time.perf_counter()
            answer = client.post("/api/v1/entries", json=entry)
            times.append((time.perf_counter() - started) * 1000)
            assert answer.status_code == 200, answer.text
            assert answer.json()["accepted"], answer.text
    return times


def _together(address: str, kiosks: list[Identity], frames: list[bytes]) -> list[float]:
    with ThreadPoolExecutor(len(kiosks)) as pool:
        each = pool.map(lambda kiosk: _send(address, kiosk, frames, _CAPTURES // 2), kiosks)
        return [time for times in each for time in times]


def _recognition_ms(frames: list[bytes]) -> float:
    """The same work in this process alone: decode, find, align, embed, fuse, search."""
    engine = load_engine()
    vectors = synthetic_vectors(PEOPLE_ENROLLED)
    gallery = Gallery(engine.id, [str(row) for row in range(len(vectors))], vectors)

    def work() -> object:
        probe = probe_from_images([decode(frame) for frame in frames], engine=engine)
        return gallery.search_probe(probe)

    return median_ms(work, rounds=_CAPTURES)
