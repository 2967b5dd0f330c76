"""The example proxy, as nginx runs it, in front of a real server."""

import http.client
import re
import shutil
import ssl
import subprocess
import warnings
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import numpy as np
import pytest

from tests.people.video import VideoFile
from tests.proxy import ProxySettings, make_certificate, proxy_settings
from tests.stack import ADMIN_PASSWORD, PYTHON, Stack, free_port, wait_for

pytestmark = pytest.mark.slow

IN_TOUCH = "In touch with the server"
MIB = 2**20


def answers(address: str) -> bool:
    """Whether somebody listens there."""
    try:
        return httpx.get(address, follow_redirects=False).status_code == 301
    except httpx.HTTPError:
        return False


@pytest.fixture(scope="module")
def proxy(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ProxySettings]:
    """nginx at work; the test is skipped, loudly, where there is none."""
    path = shutil.which("nginx", path="/usr/sbin:/usr/bin:/sbin:/bin")
    if path is None:
        warnings.warn("NO PROXY: install nginx to try the example", stacklevel=1)
        pytest.skip("no nginx on this machine")
    folder = tmp_path_factory.mktemp("nginx")
    settings = proxy_settings(folder, port=stack.port)
    call = [path, "-e", str(folder / "error.log"), "-c", str(settings.file)]
    running = subprocess.Popen(call)
    wait_for(lambda: answers(settings.plain_address), what="nginx")
    yield settings
    running.terminate()
    running.wait(20)


@pytest.fixture
def browser(proxy: ProxySettings) -> Iterator[httpx.Client]:
    """A browser that believes the proxy's certificate."""
    verify = ssl.create_default_context(cafile=proxy.certificate)
    with httpx.Client(base_url=proxy.address, verify=verify, timeout=30, trust_env=False) as made:
        yield made


def sign_in(browser: httpx.Client) -> httpx.Response:
    """Sign in as the first account, as the page's form does."""
    browser.get("/admin/login/")
    form = {
        "username": "admin",
        "password": ADMIN_PASSWORD,
        "csrfmiddlewaretoken": browser.cookies["csrftoken"],
    }
    origin = str(browser.base_url).rstrip("/")
    return browser.post("/admin/login/", data=form, headers={"Origin": origin})


def test_plain_http_is_sent_to_tls(proxy: ProxySettings) -> None:
    answer = httpx.get(f"{proxy.plain_address}/people/", follow_redirects=False)
    assert answer.status_code == 301
    assert answer.headers["Location"].startswith("https://")


def test_somebody_signs_in_over_tls_and_the_cookies_stay_on_it(browser: httpx.Client) -> None:
    answer = sign_in(browser)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert "max-age" in answer.headers["Strict-Transport-Security"]
    assert all(cookie.secure for cookie in browser.cookies.jar)
    assert browser.get("/").status_code == 200


def test_pages_come_with_their_style_sheets(browser: httpx.Client) -> None:
    page = browser.get("/admin/login/").text
    sheets = re.findall(r'href="(/static/[^"]+\.css)"', page)
    assert sheets
    for sheet in sheets:
        answer = browser.get(sheet)
        assert answer.status_code == 200
        assert answer.headers["Content-Type"].startswith("text/css")


def test_the_live_stream_is_passed_on_as_it_comes(browser: httpx.Client) -> None:
    sign_in(browser)
    with browser.stream("GET", "/live/events") as events:
        assert events.headers["Content-Type"].startswith("text/event-stream")
        assert next(events.iter_lines()) == "retry: 1000"


def test_large_pictures_reach_lintel_and_larger_ones_are_refused(
    proxy: ProxySettings, browser: httpx.Client
) -> None:
    unsigned = browser.post("/api/v1/captures", content=bytes(20 * MIB))
    assert unsigned.headers["Content-Type"] == "application/problem+json"
    assert unsigned.status_code == 401
    where = urlsplit(proxy.address)
    verify = ssl.create_default_context(cafile=proxy.certificate)
    caller = http.client.HTTPSConnection(where.hostname or "", where.port, context=verify)
    caller.putrequest("POST", "/people/")
    caller.putheader("Content-Length", str(102 * MIB))
    caller.endheaders()
    assert caller.getresponse().status == 413
    caller.close()


@pytest.fixture
def empty_room(tmp_path: Path) -> Path:
    """A film in which nobody comes."""
    path = tmp_path / "room.mp4"
    with VideoFile(path, fps=15, size=(480, 640)) as film:
        for _ in range(30):
            film.write(np.full((480, 640, 3), 120, np.uint8))
    return path


def start_kiosk(
    stack: Stack, name: str, proxy: ProxySettings, authorities: Path, room: Path
) -> None:
    """Start a kiosk that believes these certificates alone, with a one-time code of its own."""
    code = stack.manage("kiosk", "create", name).stdout.strip()
    stack.run(
        name,
        [
            *(PYTHON, "-m", "kiosk", "--server", proxy.address, "--ca", str(authorities)),
            *("--token", code, "--state", str(stack.var / name), "--camera", str(room)),
            *("--loop", "--headless", "--health-port", str(free_port())),
        ],
    )


def test_a_kiosk_that_believes_this_certificate_alone_is_in_touch(
    stack: Stack, proxy: ProxySettings, empty_room: Path
) -> None:
    start_kiosk(stack, "believing", proxy, proxy.certificate, empty_room)
    wait_for(lambda: IN_TOUCH in stack.log("believing"), what="the kiosk", limit_s=90)
    stack.stop("believing")


def test_a_kiosk_that_believes_another_certificate_says_nothing_to_whoever_answers(
    stack: Stack, proxy: ProxySettings, empty_room: Path, tmp_path: Path
) -> None:
    other, _ = make_certificate(tmp_path, "other")
    start_kiosk(stack, "doubting", proxy, other, empty_room)
    wait_for(lambda: "CERTIFICATE" in stack.log("doubting"), what="the refusal", limit_s=90)
    stack.stop("doubting")
    assert IN_TOUCH not in stack.log("doubting")
    assert stack.query("Kiosk.objects.get(name='doubting').last_seen_at") == "None"
