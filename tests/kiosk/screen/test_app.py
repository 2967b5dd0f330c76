"""Tests what the screen answers over HTTP."""

import json
from collections.abc import Iterator

import httpx
import numpy as np
import pytest

from kiosk.errors import StartError
from kiosk.prompt import Prompt, State
from kiosk.screen.server import claim_port
from recognition import Box, decode
from tests.kiosk.stage import Stage, stage

PICTURE = np.full((480, 640, 3), (200, 100, 50), np.uint8)


@pytest.fixture(scope="module")
def shown() -> Iterator[Stage]:
    """A running screen."""
    with stage() as made:
        yield made


@pytest.fixture
def browser(shown: Stage) -> Iterator[httpx.Client]:
    """Something that asks it."""
    with httpx.Client(base_url=shown.address, trust_env=False, timeout=10) as client:
        yield client


def test_the_page_has_the_words_of_the_moment_in_it(shown: Stage, browser: httpx.Client) -> None:
    page = browser.get("/")
    assert page.status_code == 200
    assert "<h1 id=" in page.text
    assert 'lang="en"' in page.text
    assert 'lang="zh"' in browser.get("/?lang=zh").text


def test_a_name_cannot_break_out_of_the_page(shown: Stage, browser: httpx.Client) -> None:
    shown.show(Prompt(State.WELCOME, name='<script>"&'))
    with browser.stream("GET", "/events") as stream:
        next(stream.iter_lines())
    text = browser.get("/").text
    assert "<script>&quot;" not in text
    assert "&lt;script&gt;&quot;&amp;" in text


def test_everything_is_sent_with_strict_headers(shown: Stage, browser: httpx.Client) -> None:
    shown.picture(PICTURE)
    for path in ("/", "/static/kiosk.js", "/static/kiosk.css", "/preview.jpg", "/none"):
        headers = browser.get(path).headers
        assert headers["cache-control"] == "no-store", path
        assert "default-src 'none'" in headers["content-security-policy"], path
        assert headers["cross-origin-resource-policy"] == "same-origin", path
        assert headers["x-frame-options"] == "DENY", path


def test_a_page_from_elsewhere_that_calls_us_by_its_own_name_gets_nothing(
    shown: Stage, browser: httpx.Client
) -> None:
    for path in ("/", "/preview.jpg", "/events"):
        answer = browser.get(path, headers={"Host": "evil.example"})
        assert answer.status_code == 400


def test_the_page_loads_nothing_from_elsewhere(browser: httpx.Client) -> None:
    for path in ("/", "/static/kiosk.js", "/static/kiosk.css"):
        assert "http://" not in browser.get(path).text.replace("http://www.w3.org", "")
        assert "https://" not in browser.get(path).text


def test_the_newest_picture_comes_small_and_with_the_places_of_faces(
    shown: Stage, browser: httpx.Client
) -> None:
    shown.picture(np.full((1080, 1920, 3), 90, np.uint8), (Box(0.25, 0.5, 0.5, 0.75),))
    answer = browser.get("/preview.jpg")
    assert decode(answer.content).shape == (360, 640, 3)
    assert json.loads(answer.headers["X-Faces"]) == [[0.25, 0.5, 0.5, 0.75]]
    assert int(answer.headers["X-Frame"]) >= 1


def test_a_picture_is_sent_once(shown: Stage, browser: httpx.Client) -> None:
    shown.picture(PICTURE)
    number = browser.get("/preview.jpg").headers["X-Frame"]
    assert browser.get("/preview.jpg", params={"after": number}).status_code == 204


def test_a_page_older_than_the_kiosk_gets_pictures_again(
    shown: Stage, browser: httpx.Client
) -> None:
    shown.picture(PICTURE)
    assert browser.get("/preview.jpg", params={"after": "999999"}).status_code == 200


@pytest.mark.parametrize("after", ["-1", "x", "", "1e9", "٣"])
def test_a_number_that_is_none_is_taken_for_the_first(
    shown: Stage, browser: httpx.Client, after: str
) -> None:
    shown.picture(PICTURE)
    assert browser.get("/preview.jpg", params={"after": after}).status_code == 200


def test_events_say_what_is_true_now_and_then_each_change(
    shown: Stage, browser: httpx.Client
) -> None:
    shown.show(Prompt(State.IDLE))
    with browser.stream("GET", "/events?lang=zh") as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        views = (json.loads(line[6:]) for line in stream.iter_lines() if line.startswith("data: {"))
        first = next(views)
        if first["state"] != "idle":
            first = next(views)
        assert (first["state"], first["headline"]) == ("idle", "请看这里")
        shown.show(Prompt(State.WELCOME, name="Ada"))
        assert next(views)["name"] == "Ada"


def test_only_what_concerns_the_person_is_sent(shown: Stage, browser: httpx.Client) -> None:
    with browser.stream("GET", "/events") as stream:
        line = next(line for line in stream.iter_lines() if line.startswith("data: {"))
    assert set(json.loads(line[6:])) == {"state", "headline", "name", "detail", "zone", "entry"}


def test_a_port_that_is_taken_is_said_in_a_sentence(shown: Stage) -> None:
    with pytest.raises(StartError, match=rf"port {shown.port} .* --port"):
        claim_port(shown.port)
