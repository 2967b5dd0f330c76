"""The example units and proxy say what the programs understand."""

import configparser
import re
import shlex
import shutil
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

from config.environment import Environment
from kiosk.options import parse_options
from tests.proxy import proxy_settings
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
    sites_own = "--ca /etc/lintel-kiosk/ca.pem --language zh"
    filled_in = call.replace("${LINTEL_SERVER}", "https://lintel.example")
    words = shlex.split(filled_in.replace("$LINTEL_KIOSK_OPTIONS", sites_own))
    assert words[1:3] == ["-m", "kiosk"]
    arguments = words[3:]
    arguments[arguments.index("--door") + 1] = "log"
    options = parse_options(arguments, {})
    assert options.health_port
    assert options.server == "https://lintel.example/"
    assert (options.authorities, options.language) == (Path("/etc/lintel-kiosk/ca.pem"), "zh")


def test_the_kiosk_is_watched_and_always_started_again() -> None:
    service = unit("lintel-kiosk.service")["Service"]
    assert (service["Type"], service["Restart"]) == ("notify", "always")
    assert int(service["WatchdogSec"]) >= 10


def test_the_servers_unit_sets_what_is_read() -> None:
    names = re.findall(r"(\w+)=", unit("lintel.service")["Service"]["Environment"])
    known = {field.validation_alias for field in Environment.model_fields.values()}
    assert set(names) <= {*known, "LINTEL_CACHE"}


@pytest.mark.parametrize("name", ["lintel", "lintel-kiosk"])
def test_what_a_unit_lets_be_written_is_what_it_says_is_written(name: str) -> None:
    """The rest of the disk is read-only, and the homes of users are hidden."""
    service = unit(f"{name}.service")["Service"]
    assert (service["ProtectSystem"], service["ProtectHome"]) == ("strict", "true")
    folders = {f"/var/lib/{service['StateDirectory']}", f"/var/cache/{service['CacheDirectory']}"}
    text = f"{service['Environment']} {service['ExecStart']} {service['WorkingDirectory']}"
    written = set(re.findall(r"/var/(?:lib|cache)/[\w-]+", text))
    assert written == folders


def program(name: str) -> str:
    """The path of a program; skip, loudly, where it is not there."""
    path = shutil.which(name, path="/usr/sbin:/usr/bin:/sbin:/bin")
    if path is None:
        warnings.warn(f"NOT TRIED: {name} is not on this machine", stacklevel=1)
        pytest.skip(f"{name} is not on this machine")
    return path


def test_systemd_finds_nothing_wrong_with_the_units(tmp_path: Path) -> None:
    verify = [program("systemd-analyze"), "verify"]
    for path in UNITS:
        text = path.read_text().replace("/opt/lintel/.venv/bin/python", sys.executable)
        (tmp_path / path.name).write_text(text)
        verify.append(str(tmp_path / path.name))
    done = subprocess.run(verify, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_nginx_takes_the_proxys_file(tmp_path: Path) -> None:
    settings = proxy_settings(tmp_path, port=8000)
    own_log = f"{tmp_path}/start.log"
    call = [program("nginx"), "-t", "-q", "-e", own_log, "-c", str(settings.file)]
    done = subprocess.run(call, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_proxys_file_needs_no_newer_nginx_than_debian_12_has() -> None:
    """`http2 on` came with 1.25.1; with 1.22 the whole file would be refused."""
    text = (REPOSITORY / "deploy" / "nginx" / "lintel.conf").read_text()
    assert not re.search(r"^\s*http2\s", text, re.MULTILINE)


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
