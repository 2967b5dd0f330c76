"""Kiosk, server, Redis and worker killed at random moments: nothing is lost, nothing doubled."""

import ast
import multiprocessing
import os
import random
import signal
import sqlite3
import time
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import pytest

from kiosk.trust.private_file import make_private_folder
from tests.attendance.pictures import no_face
from tests.end_to_end import feeder
from tests.stack import Stack, wait_for
from tests.trusting import provisioned

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

SEED = 20_261_121
ROUNDS = 200
# A kiosk and Redis are back in a moment; web server and worker take seconds to start, and a
# system that only ever starts would show nothing.
VICTIMS = {"front": 55, "back": 55, "redis": 40, "worker's child": 26, "worker": 10, "web": 14}
LONGEST_PEACE_S = 0.6
# Kiosks are forked from a process that has read all modules: they are there in a moment, and what
# is killed is their work and not their start.
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["tests.end_to_end.feeder"])


class Kiosk:
    """One feeder with its state, journal and process."""

    def __init__(self, stack: Stack, name: str) -> None:
        self.name = name
        self.state = stack.var / f"kiosk-{name}"
        self.journal = stack.var / f"journal-{name}"
        self.journal.touch()
        make_private_folder(self.state)
        code = stack.manage("kiosk", "create", name).stdout.strip()
        self.number = provisioned(stack.address, code, self.state).kiosk
        self._stack = stack

    def start(self) -> None:
        """Start it."""
        words = (self._stack.address, self.state, self.journal, no_face())
        self._process = PROCESSES.Process(target=feeder.run, args=words, daemon=True)
        self._process.start()

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()
        self._process.join()

    def promised(self) -> set[str]:
        """The times of all captures that its spool said are kept."""
        return set(self.journal.read_text().split())

    def waiting(self) -> int:
        """How many entries its spool has."""
        with sqlite3.connect(f"file:{self.state}/spool.sqlite?mode=ro", uri=True) as spool:
            return int(spool.execute("SELECT count(*) FROM entry").fetchone()[0])


def kill(stack: Stack, victim: str) -> None:
    """End a part at once, and start it again where nobody else does."""
    if victim == "redis":
        for pid in stack.private_server_pids("redis-server"):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
    elif victim == "worker's child":
        main = stack.process("worker").pid
        children = Path(f"/proc/{main}/task/{main}/children").read_text().split()
        with suppress(ProcessLookupError, IndexError):
            os.kill(int(children[-1]), signal.SIGKILL)
    else:
        stack.kill(victim)
        stack.run(victim, stack.commands()[victim])


def keep_up(stack: Stack) -> None:
    """Start again what has ended by itself, as the supervisor does.

    A worker that finds no Redis when it starts ends at once.
    """
    for name in ("web", "worker", "beat"):
        if stack.process(name).poll() is not None:
            stack.run(name, stack.commands()[name])


def emptied(stack: Stack, kiosks: Iterable[Kiosk]) -> bool:
    """Whether nothing waits any more."""
    keep_up(stack)
    return not any(kiosk.waiting() for kiosk in kiosks)


def events(stack: Stack, kiosk: Kiosk) -> Counter[str]:
    """How many check-ins there are for each time of capture."""
    rows = stack.query(
        "[t.isoformat() for t in CheckIn.objects.filter(capture__kiosk_id="
        f"{kiosk.number}).values_list('capture__captured_at', flat=True)]"
    )
    return Counter(ast.literal_eval(rows))


def test_nothing_is_lost_and_nothing_doubled_whatever_is_killed(stack: Stack) -> None:
    kiosks = {name: Kiosk(stack, name) for name in ("front", "back")}
    for kiosk in kiosks.values():
        kiosk.start()
    chance = random.Random(SEED)
    victims = [victim for victim, times in VICTIMS.items() for _ in range(times)]
    assert len(victims) == ROUNDS
    chance.shuffle(victims)
    for victim in victims:
        time.sleep(chance.random() * LONGEST_PEACE_S)
        if victim in kiosks:
            kiosks[victim].kill()
            kiosks[victim].start()
        else:
            kill(stack, victim)
        keep_up(stack)
    for kiosk in kiosks.values():
        (kiosk.state / "enough").touch()
    wait_for(
        lambda: emptied(stack, kiosks.values()),
        what="the spools to empty",
        limit_s=300,
    )
    for kiosk in kiosks.values():
        kiosk.kill()
        happened = events(stack, kiosk)
        promised = kiosk.promised()
        assert len(promised) > 20
        assert not promised - set(happened), "lost"
        assert set(happened.values()) == {1}, "doubled"
