"""What `make run` runs: the steps before, and the programs that stay."""

import hashlib
import sys
from dataclasses import dataclass, replace
from pathlib import Path

from config.children import Program
from config.environment import Environment

PASSWORD = "admin-password"  # noqa: S105 - the file's name
KIOSK_TOKEN = "demo-kiosk-code"  # noqa: S105 - the file's name
KIOSK_NAME = "Front door"

# Seconds that open pages (the live page's stream never ends by itself) may take to go.
WEB_GRACE_S = 3


@dataclass(frozen=True)
class Step:
    """A program that runs to its end before others start.

    `done` is a file that says it was done before; `vital` that nothing works without it.
    """

    program: Program
    failed: str
    vital: bool = True
    done: Path | None = None


def web_address(environment: Environment) -> str:
    """Where a browser on this machine finds the site."""
    return f"http://{_reachable(environment.host)}:{environment.port}"


def kiosk_address(environment: Environment) -> str:
    """Where a browser on this machine finds the demo kiosk's screen."""
    return f"http://127.0.0.1:{environment.kiosk_port}"


def with_kiosk(environment: Environment) -> bool:
    """Whether a kiosk is started: for the demo, or for the camera that was named."""
    return environment.demo or environment.camera is not None


def first_steps(environment: Environment, *, password: str) -> list[Step]:
    """What the web server needs: the database's tables, the first account, the kiosk's code."""
    prepare = ["prepare_site"]
    if with_kiosk(environment):
        token = environment.state.secrets / KIOSK_TOKEN
        prepare += ["--kiosk", KIOSK_NAME, "--kiosk-token-file", str(token)]
    account = {"LINTEL_ADMIN_PASSWORD": password}
    return [
        Step(_manage("migrate", "--no-input", "--verbosity", "0"), "the database is not ready"),
        Step(replace(_manage(*prepare), environment=account), "the site is not ready"),
    ]


def demo_steps(environment: Environment) -> list[Step]:
    """The synthetic people and the video in which they walk up, drawn once and enrolled once."""
    if not environment.demo:
        return []
    demo = environment.var / "demo"
    draw = _python("demo", "-m", "tests.people", "demo", str(demo))
    enrol = ["enroll", str(demo / "people"), "--recorded-by", "demo: nobody's face"]
    return [
        # Looks for itself what is drawn already, and by which version.
        Step(draw, "the demo people could not be drawn", vital=False),
        Step(
            # Kept, so that another engine, or another version of this one, knows them as well.
            replace(_manage(*enrol, "--keep-pictures"), name="demo"),
            "some demo people were not enrolled, see above",
            vital=False,
            done=demo / f"enrolled-kept-{_mark(environment)}",
        ),
        # Looks for itself whether it was done.
        Step(
            replace(_manage("demo_access"), name="demo"),
            "the demo has no groups and hours",
            vital=False,
        ),
    ]


def service_programs(environment: Environment) -> list[Program]:
    """Web server, worker and scheduler, in the order they start."""
    web = [*("-m", "uvicorn", "config.asgi:application"), "--no-access-log", "--lifespan", "off"]
    listen = ["--host", environment.host, "--port", str(environment.port)]
    grace = ["--timeout-graceful-shutdown", str(WEB_GRACE_S)]
    # Celery's advice against root, eight lines of it at each start, is for the manual.
    quiet = ["-W", "ignore:You're running the worker with superuser"]
    celery = [*quiet, "-m", "celery", "--app", "config.celery", "--quiet"]
    pool = ["--pool", "prefork", "--concurrency", str(environment.workers)]
    alone = ["--without-gossip", "--without-mingle", "--hostname", "worker@lintel"]
    schedule = ["--schedule", str(environment.state.run / "beat-schedule"), "--pidfile="]
    return [
        _python("web", *web, *listen, *grace, "--log-level", "warning"),
        _python("worker", *celery, "worker", *pool, *alone, "--queues", "captures,default"),
        _python("beat", *celery, "beat", *schedule),
    ]


def kiosk_program(environment: Environment, *, token: str) -> Program:
    """The kiosk at the demo's video or at the named camera."""
    camera = environment.camera or str(environment.var / "demo" / "door.mp4")
    where = ["--server", web_address(environment), "--port", str(environment.kiosk_port)]
    state = ["--state", str(environment.var / "kiosk")]
    # A full-screen window over the terminal is nothing to start a demonstration with.
    program = _python("kiosk", "-m", "kiosk", *where, *state, "--camera", camera, "--no-open")
    # Whoever lists processes sees command lines; the environment is the owner's alone.
    return replace(program, environment={"LINTEL_KIOSK_TOKEN": token})


def _reachable(host: str) -> str:
    """The name by which this machine reaches a server that listens on `host`."""
    if host in {"0.0.0.0", "::", ""}:  # noqa: S104 - compared, not listened on
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host


def _python(name: str, *arguments: str) -> Program:
    return Program(name, (sys.executable, *arguments))


def _manage(*arguments: str) -> Program:
    return _python("setup", "manage.py", *arguments)


def _mark(environment: Environment) -> str:
    """Tells one database from another."""
    url = environment.database_url
    return hashlib.sha256((url.get_secret_value() if url else "").encode()).hexdigest()[:12]
