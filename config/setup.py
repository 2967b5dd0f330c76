"""`make setup`: from a bare Python to everything in place; what is already done is left alone.

Runs before any package is installed, so it and what it imports need the standard library only.
"""

import argparse
import fcntl
import hashlib
import importlib.util
import json
import os
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from config.faults import SetupError, one_line_faults
from config.servers.plan import missing_redis
from config.state import REPOSITORY, make_folder, require_free_space

RUNTIME = "requirements.txt"
# Names everything of RUNTIME as well.
DEVELOPMENT = "requirements-dev.txt"

# Measured: 1.0 GB with the tools of development, and pip's copies of the wheels beside it.
ENVIRONMENT_BYTES = 2 * 1024**3
FULL_BYTES = 50 * 1024**2

MACHINES = frozenset({"x86_64", "aarch64"})
# Where a wheel brings `redis-server`, as pyproject.toml has it.
REDIS_MACHINE, REDIS_PYTHON_BELOW = "x86_64", (3, 13)

Stamp = dict[str, str]


def set_up(repository: Path = REPOSITORY, *, requirements: str = RUNTIME) -> None:
    """Put everything in place under `repository`; raises SetupError."""
    begun = time.monotonic()
    check_machine(platform.system(), platform.machine())
    check_redis(platform.machine(), sys.version_info[:2])
    with _alone(repository):
        python = make_environment(repository)
        worked = install(repository, python, requirements)
        run(
            repository,
            [str(python), "-m", "recognition", "prepare"],
            "the networks cannot be prepared",
        )
        worked |= prepare_state(repository, python)
    if worked:
        print(f"lintel: set up in {time.monotonic() - begun:.0f} s", flush=True)


def check_machine(system: str, machine: str) -> None:
    """Raise SetupError where the packages' wheels do not exist."""
    if system != "Linux" or machine not in MACHINES:
        raise SetupError(
            f"{system} on {machine} is not supported: Lintel runs on Linux, x86_64 or aarch64"
        )


def check_redis(machine: str, python: tuple[int, int]) -> None:
    """Raise SetupError where there will be no Redis, before anything is downloaded."""
    from_wheel = machine == REDIS_MACHINE and python < REDIS_PYTHON_BELOW
    if not (from_wheel or os.environ.get("REDIS_URL") or shutil.which("redis-server")):
        raise missing_redis()


def make_environment(repository: Path) -> Path:
    """Make `.venv` unless it works already; return its Python.

    One that was made by another version of Python than this, or was left half made, is made anew.
    """
    environment = repository / ".venv"
    python = environment / "bin" / "python"
    if Path(sys.prefix) == environment or _works(python):
        return python
    for module in ("venv", "ensurepip"):
        if importlib.util.find_spec(module) is None:
            version = f"{sys.version_info.major}.{sys.version_info.minor}"
            raise SetupError(
                f"this Python has no {module}, which makes .venv:"
                f" install it (Debian: apt install python{version}-venv) and try again"
            )
    make_folder(environment, mode=0o755)
    require_free_space(environment, least_bytes=ENVIRONMENT_BYTES)
    print(f"lintel: making .venv with Python {platform.python_version()}", flush=True)
    call = [sys.executable, "-m", "venv", "--clear", str(environment)]
    run(repository, call, f"{environment} cannot be made")
    return python


def _works(python: Path) -> bool:
    """Whether the environment's Python starts, is of this version and has pip."""
    question = "import sys, pip; print(*sys.version_info[:3], sep='.')"
    try:
        answer = subprocess.run([python, "-c", question], capture_output=True, check=False)
    except OSError:
        return False
    return answer.stdout.decode().strip() == platform.python_version()


def install(repository: Path, python: Path, requirements: str) -> bool:
    """Install the locked packages unless they are there; return whether there was work."""
    path = repository / ".venv" / "lintel-packages.json"
    stamp = _read_stamp(path)
    wanted = {
        name: _digest([repository / name])
        for name in (RUNTIME, DEVELOPMENT)
        if name in {requirements, RUNTIME}
    }
    if all(stamp.get(name) == digest for name, digest in wanted.items()):
        return False
    path.unlink(missing_ok=True)
    print(f"lintel: installing {requirements}", flush=True)
    pip = [str(python), "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    call = [*pip, "--no-deps", "--require-hashes", "-r", requirements]
    run(repository, call, "pip could not install the packages, see above")
    _write_stamp(path, wanted)
    return True


@dataclass(frozen=True)
class Step:
    """A command of `manage.py` that need not be run again until its sources change.

    `made` is what it makes, `stamp` the file that remembers the sources it was run on.
    """

    command: str
    sources: list[Path]
    made: Path
    stamp: Path
    salt: str = ""


def state_steps(repository: Path) -> list[Step]:
    """The database's tables, and the static files, which belong to the checkout."""
    state = Path(os.environ.get("LINTEL_VAR") or repository / "var").expanduser().absolute()
    own = repository / "var"
    packages = repository / RUNTIME
    database = os.environ.get("DATABASE_URL", "")
    migrations = sorted(repository.glob("*/migrations/*.py"))
    # A database of the site's is taken to be there.
    cluster = repository if database else state / "postgresql" / "data"
    tables = Step("migrate", [packages, *migrations], cluster, state / "setup.json", database)
    sheets = sorted(path for path in (repository / "static").rglob("*") if path.is_file())
    static = Step("collectstatic", [packages, *sheets], own / "static", own / "setup.json")
    return [tables, static]


def prepare_state(repository: Path, python: Path) -> bool:
    """Take the steps that have not been taken; return whether there was work."""
    worked = False
    for step in state_steps(repository):
        stamp = _read_stamp(step.stamp)
        mark = _digest(step.sources, salt=step.salt)
        if stamp.get(step.command) == mark and step.made.exists():
            continue
        make_folder(step.stamp.parent, mode=0o755)
        call = [str(python), "manage.py", step.command, "--no-input", "--verbosity", "0"]
        run(repository, call, f"manage.py {step.command} failed, see above")
        _write_stamp(step.stamp, {**stamp, step.command: mark})
        worked = True
    return worked


def run(repository: Path, call: list[str], failed: str) -> None:
    """Run a program in the repository; raises SetupError with `failed` where it fails."""
    done = subprocess.run(call, cwd=repository, check=False)
    if done.returncode != 0:
        require_free_space(repository, least_bytes=FULL_BYTES)
        raise SetupError(failed)


@contextmanager
def _alone(repository: Path) -> Iterator[None]:
    """Keep a second set-up of the same folder waiting; the folder itself is the lock file."""
    descriptor = os.open(repository, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _digest(paths: Iterable[Path], *, salt: str = "") -> str:
    """A hash of the files' names and contents."""
    mark = hashlib.sha256(salt.encode())
    for path in paths:
        mark.update(str(path).encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return mark.hexdigest()


def _read_stamp(path: Path) -> Stamp:
    """What the stamp says was done; nothing where it is missing or damaged."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _write_stamp(path: Path, stamp: Stamp) -> None:
    draft = path.with_suffix(".new")
    draft.write_text(json.dumps(stamp, indent=1), encoding="utf-8")
    draft.replace(path)


def main() -> None:
    """Set up, as the command line says."""
    parser = argparse.ArgumentParser(prog="python -m config.setup", description=__doc__)
    parser.add_argument("--dev", action="store_true", help="with the tools of development")
    arguments = parser.parse_args()
    with one_line_faults():
        set_up(requirements=DEVELOPMENT if arguments.dev else RUNTIME)


if __name__ == "__main__":
    main()
