"""The example units and proxy say what the programs understand."""

import configparser
import re
import shlex
import subprocess
import sys

import pytest

from config.environment import Environment
from kiosk.options import parse_options
from tests.stack import REPOSITORY

UNITS = sorted((REPOSITORY / "deploy" / "systemd").glob("*.service"))


def unit(name: str) -> configparser.ConfigParser:
    """Read a unit; of keys that come twice the last counts, which none here does."""
    parser = configparser.ConfigParser(interpolation=None, strict=True)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    text = (REPOSITORY / "deploy" / "systemd" / name).read_text()
    parser.read_string(text.replace("\\\n", " "))
    return parser


def test_the_kiosks_unit_calls_it_as_it_may_be_called(tmp_path: object) -> None:
    call = unit("lintel-kiosk.service")["Service"]["ExecStart"]
    words = shlex.split(call.replace("${LINTEL_SERVER}", "https://lintel.example"))
    assert words[1:3] == ["-m", "kiosk"]
    arguments = words[3:]
    arguments[arguments.index("--door") + 1] = "log"
    options = parse_options(arguments, {})
    assert options.health_port
    assert options.server == "https://lintel.example/"


def test_the_kiosk_is_watched_and_always_started_again() -> None:
    service = unit("lintel-kiosk.service")["Service"]
    assert (service["Type"], service["Restart"]) == ("notify", "always")
    assert int(service["WatchdogSec"]) >= 10


def test_the_servers_unit_sets_what_is_read() -> None:
    names = re.findall(r"(\w+)=", unit("lintel.service")["Service"]["Environment"])
    known = {field.validation_alias for field in Environment.model_fields.values()}
    assert set(names) <= known


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_the_modules_that_units_start_are_there(path: object) -> None:
    text = unit(path.name)["Service"]["ExecStart"]  # type: ignore[attr-defined]
    (module,) = re.findall(r"-m (\w+)", text)
    found = subprocess.run(
        [sys.executable, "-c", f"import importlib.util as u; assert u.find_spec('{module}')"],
        cwd=REPOSITORY,
        check=False,
    )
    assert found.returncode == 0
