"""Lintel's real processes for a test: web, worker, beat, kiosk, each to be killed at will."""

import functools
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import psycopg
import redis

from kiosk.trust import Identity
from kiosk.trust.key_file import KeyFile
from kiosk.trust.private_file import make_private_folder
from tests.trusting import provisioned

REPOSITORY = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
ADMIN_PASSWORD = "correct horse battery"
SETTINGS = (
    "(lambda s: __import__('json').dumps([s.DATABASES['default'], s.REDIS_URL]))"
    "(__import__('django.conf').conf.settings)"
)


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for(condition: Callable[[], object], *, what: str, limit_s: float = 30) -> None:
    """Wait until a condition holds; fail with words where it does not in time."""
    end = time.monotonic() + limit_s
    while time.monotonic() < end:
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError(f"waited {limit_s} s in vain for {what}")


class Stack:
    """A whole installation under one folder, its processes started by name."""

    def __init__(self, var: Path) -> None:
        self.var = var
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.logs = var / "process-logs"
        self.logs.mkdir(parents=True)
        self.token_file = var / "kiosk-token"
        self.state = var / "kiosk-state"
        self.environment = {
            **os.environ,
            "LINTEL_VAR": str(var),
            "LINTEL_ENGINES": str(var / "engines"),
            "LINTEL_PORT": str(self.port),
            "LINTEL_ADMIN_PASSWORD": ADMIN_PASSWORD,
            "DJANGO_SETTINGS_MODULE": "config.settings",
        }
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    @property
    def code(self) -> str:
        """Return the kiosk's one-time code."""
        return self.token_file.read_text()

    @property
    def identity(self) -> Identity:
        """Return the kiosk's identity, made with its code the first time."""
        kept = KeyFile(self.state).load()
        if kept is not None:
            return kept
        make_private_folder(self.state)
        return provisioned(self.address, self.code, self.state)

    def prepare(self) -> None:
        """Make the tables, the account, the site and a kiosk."""
        self.manage("migrate", "--verbosity", "0")
        self.manage("prepare_site", "--kiosk-token-file", str(self.token_file))

    def manage(self, *arguments: str, check: bool = True) -> "subprocess.CompletedProcess[str]":
        """Run a management command to its end."""
        return subprocess.run(
            [PYTHON, "manage.py", *arguments],
            cwd=REPOSITORY,
            env=self.environment,
            check=check,
            capture_output=True,
            text=True,
        )

    def query(self, expression: str) -> str:
        """Evaluate an expression over the models in the stack's own database."""
        code = (
            f"import django; django.setup(); from attendance.models import *; print({expression})"
        )
        done = subprocess.run(
            [PYTHON, "-c", code],
            cwd=REPOSITORY,
            env=self.environment,
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout.strip()

    @functools.cached_property
    def _addresses(self) -> Any:
        return json.loads(self.query(SETTINGS))

    def database(self) -> "psycopg.Connection[Any]":
        """Return a new connection to the stack's own database."""
        at = self._addresses[0]
        return psycopg.connect(
            dbname=at["NAME"],
            user=at["USER"],
            password=at["PASSWORD"],
            host=at["HOST"],
            port=at["PORT"] or None,
            autocommit=True,
        )

    def redis(self) -> "redis.Redis":
        """Return a client of the stack's own Redis."""
        return redis.Redis.from_url(self._addresses[1])

    def commands(self) -> dict[str, list[str]]:
        """Return how each process is started."""
        celery = [PYTHON, "-m", "celery", "-A", "config.celery"]
        return {
            "web": [
                *(PYTHON, "-m", "uvicorn", "config.asgi:application"),
                *("--port", str(self.port), "--no-access-log"),
            ],
            "worker": [
                *(*celery, "worker", "--pool", "prefork", "--concurrency", "2"),
                *("-Q", "captures,default", "--without-gossip", "--without-mingle"),
            ],
            "beat": [*celery, "beat", "--schedule", str(self.var / "beat-schedule")],
        }

    def start(self, *names: str) -> None:
        """Start processes: web, worker, beat."""
        for name in names:
            self.run(name, self.commands()[name])
        if "web" in names:
            wait_for(lambda: self._answers("/healthz"), what="the web server")
        if {"worker", "beat"} & set(names) and {"web", "worker", "beat"} <= set(self._processes):
            wait_for(lambda: self._answers("/readyz"), what="the worker")

    def start_kiosk(self, camera: str, *options: str, server: str = "") -> None:
        """Start a kiosk on a camera source; `server` is where it finds this one, if not here."""
        command = [PYTHON, "-m", "kiosk", "--server", server or self.address, "--camera", camera]
        known = ["--token-file", str(self.token_file), "--state", str(self.state)]
        self.run("kiosk", [*command, *known, *options])

    def run(self, name: str, command: list[str]) -> "subprocess.Popen[bytes]":
        """Start a process of its own group, its output kept under its name."""
        with (self.logs / f"{name}.log").open("ab") as log:
            self._processes[name] = subprocess.Popen(
                command,
                cwd=REPOSITORY,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        return self._processes[name]

    def process(self, name: str) -> "subprocess.Popen[bytes]":
        """Return a process that was started."""
        return self._processes[name]

    def log(self, name: str) -> str:
        """Return what a process has written so far."""
        return (self.logs / f"{name}.log").read_text(errors="replace")

    def kill(self, name: str) -> None:
        """End a process and its children at once, as kill -9 does."""
        process = self._processes.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def stop(self, name: str) -> None:
        """Ask a process to end and wait for it."""
        process = self._processes.pop(name)
        process.terminate()
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def close(self) -> None:
        """Stop everything."""
        for name in list(self._processes):
            self.stop(name)

    def private_server_pids(self, name: str) -> list[int]:
        """Return the processes of this stack's own private server: postgres or redis-server."""
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                words = (folder / "cmdline").read_bytes().decode(errors="replace")
            except OSError:
                continue
            # The program itself, not its keeper, whose arguments name it as well.
            if re.match(rf"\S*\b{name}\s", words.replace("\0", " ")) and str(self.var) in words:
                found.append(int(folder.name))
        return found

    def _answers(self, path: str) -> bool:
        try:
            return httpx.get(self.address + path, timeout=2).status_code == 200
        except httpx.HTTPError:
            return False
