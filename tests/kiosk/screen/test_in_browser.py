"""Tests the screen in a real browser, in all its states, sizes and languages.

Leaves a picture of each in var/screenshots/kiosk-*.png.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Browser, Page, expect, sync_playwright

from kiosk.pin import EntryView, Field, Ring
from kiosk.prompt import Prompt, State
from recognition import Box, Side
from tests.kiosk.stage import Stage, stage
from tests.people.scene import corridor
from tests.people.video import visit_frames

pytestmark = pytest.mark.slow

AT = datetime(2026, 3, 1, 7, 58, tzinfo=UTC)
SIZES = [(800, 480), (1920, 1080), (480, 800), (1080, 1920), (360, 640)]
ENHANCED_CONTRAST = 7.0
"""WCAG 2.2, success criterion 1.4.6."""
NORMAL_SIGHT = 5.0
"""Minutes of arc: the height of the smallest letter that normal sight reads (ISO 8596)."""
CAPITAL = 0.7
"""The height of a capital letter, in shares of the type size."""
FAR, NEAR = 12, 24
"""Numbers of frames at which the drawn visitor is still far away, and stands before the door."""
BOXES = {FAR: Box(0.7, 0.33, 0.82, 0.49), NEAR: Box(0.36, 0.3, 0.66, 0.7)}

NUMBER = EntryView(Field.NUMBER, 6, shown="E-0417", left_s=48, can_send=True)
PIN = EntryView(Field.PIN, 2, left_s=27, other_way=True)
CHALLENGE = EntryView(Field.CHALLENGE, 1, left_s=20, challenge="472", other_way=True)
PROMPTS = {
    "starting": Prompt(State.STARTING),
    "idle": Prompt(State.IDLE),
    "come-closer": Prompt(State.COME_CLOSER),
    "hold-still": Prompt(State.HOLD_STILL, reason="face_turned"),
    "cut-off": Prompt(State.HOLD_STILL, reason="cut_off"),
    "side-light": Prompt(State.HOLD_STILL, reason="uneven_light", toward=Side.RIGHT),
    "tilted": Prompt(State.HOLD_STILL, reason="face_tilted", toward=Side.RIGHT),
    "covered": Prompt(State.HOLD_STILL, reason="covered"),
    "looking": Prompt(State.LOOKING),
    "number": Prompt(State.PIN, entry=NUMBER),
    "pin": Prompt(State.PIN, entry=PIN),
    "pin-held": Prompt(State.PIN, entry=replace(PIN, typed=3, ring=Ring.HOLD, progress=0.65)),
    "pin-deleting": Prompt(State.PIN, entry=replace(PIN, ring=Ring.DELETE, progress=0.4)),
    "pin-wrong": Prompt(State.PIN, entry=replace(PIN, typed=0, hint="wrong_pin")),
    "pin-not-read": Prompt(State.PIN, entry=replace(PIN, hint="not_read")),
    "pin-sent": Prompt(State.PIN, entry=replace(PIN, typed=8, hint="checking")),
    "pin-line-cut": Prompt(State.PIN, entry=replace(PIN, typed=4, hint="still_trying")),
    "challenge": Prompt(State.PIN, entry=CHALLENGE),
    "welcome": Prompt(State.WELCOME, name="Ada Lovelace", at=AT),
    "welcome-again": Prompt(State.WELCOME, name="王小明", at=AT, repeat=True),
    "first-in": Prompt(State.WELCOME, name="Ada Lovelace", at=AT, first_today=True),
    "goodbye": Prompt(State.WELCOME, name="Ada Lovelace", at=AT, direction="out"),
    "locked": Prompt(State.REFUSED, reason="pin_locked", retry_after_s=60),
    "outside-hours": Prompt(State.REFUSED, reason="outside_hours"),
    "lockdown": Prompt(State.LOCKDOWN),
    "emergency": Prompt(State.EMERGENCY),
    "door-stuck": Prompt(State.DOOR_STUCK),
    "refused": Prompt(State.REFUSED, reason="not_recognised"),
    "several": Prompt(State.REFUSED, reason="several_faces"),
    "offline": Prompt(State.OFFLINE),
    "offline-pins": Prompt(State.OFFLINE, reason="pins_offline"),
    "number-offline-wrong": Prompt(State.PIN, entry=replace(NUMBER, hint="offline_pin")),
    "no-pin": Prompt(State.REFUSED, reason="no_pin"),
    "camera-lost": Prompt(State.CAMERA_LOST),
    "clock-wrong": Prompt(State.CLOCK_WRONG),
    "out-of-service": Prompt(State.OUT_OF_SERVICE),
}
WITH_PERSON = {
    *("pin", "pin-held", "pin-deleting", "pin-wrong", "pin-not-read", "pin-sent", "challenge"),
    *("pin-line-cut", "first-in", "goodbye", "locked", "outside-hours", "no-pin"),
    "number-offline-wrong",
    "hold-still",
    "cut-off",
    "side-light",
    "tilted",
    "covered",
    "looking",
    "welcome",
    "welcome-again",
    "refused",
    "several",
}
NAMES = [
    "Al",
    "María-Fernanda Wolfeschlegelsteinhausenbergerdorff",
    "欧阳娜娜",
    "فاطمة الزهراء",
    "Олександра Ковальчук",
    "สมชาย ใจดี",
    "अनन्या शर्मा",
]


@dataclass(frozen=True)
class Scenes:
    """What the camera sees."""

    empty: NDArray[np.uint8]
    far: NDArray[np.uint8]
    near: NDArray[np.uint8]

    def show(self, on: Stage, name: str) -> None:
        """Put the picture that belongs to a prompt before the camera."""
        if name == "come-closer":
            on.picture(self.far, (BOXES[FAR],))
        elif name in WITH_PERSON:
            on.picture(self.near, (BOXES[NEAR],))
        else:
            on.picture(self.empty)


@pytest.fixture(scope="module")
def scenes() -> Scenes:
    """An empty corridor, somebody in it, and the same person right before the door."""
    frames = list(islice(visit_frames(2, seconds=3.2, fps=15, size=(480, 640)), NEAR + 1))
    return Scenes(np.ascontiguousarray(corridor(480, 640)), frames[FAR], frames[NEAR])


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """A Chromium."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        yield started
        started.close()


@pytest.fixture
def shown() -> Iterator[Stage]:
    """A running screen."""
    with stage() as made:
        yield made


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page that must not complain, nor ask anybody but the kiosk."""
    opened = browser.new_page(viewport={"width": 800, "height": 480})
    complaints: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on(
        "console",
        lambda said: (
            complaints.append(said.text) if "Content Security Policy" in said.text else None
        ),
    )
    opened.on(
        "request",
        lambda request: (
            None
            if request.url.startswith(("http://127.0.0.1:", "blob:"))
            else complaints.append(request.url)
        ),
    )
    yield opened
    opened.close()
    assert complaints == []


def open_screen(page: Page, on: Stage, language: str = "en") -> None:
    """Open the screen."""
    page.goto(f"{on.address}?lang={language}", wait_until="domcontentloaded")


def wait_for_state(page: Page, state: str) -> None:
    """Wait until the page shows a state."""
    page.locator(f'html[data-state="{state}"]').wait_for()


def overlaps(page: Page) -> list[str]:
    """What does not fit: parts that overlap or stick out of the window."""
    found: list[str] = page.evaluate(
        """() => {
          const place = (what) => document.querySelector(what).getBoundingClientRect();
          const parts = ["#headline", "#name", "#detail", "#challenge", "#typed", ".keys"];
          const shown = parts.map((what) => [what, place(what)])
            .filter(([, box]) => box.height > 0);
          const faults = [];
          let above = Math.max(place(".badge").bottom, place(".panel").top);
          for (const [what, box] of shown) {
            if (box.top < above - 1) faults.push(what + " overlaps what is above it");
            if (box.left < 0 || box.right > innerWidth + 1) faults.push(what + " sticks out");
            above = box.bottom;
          }
          if (above > place("footer").top + 1) faults.push("the words overlap the footer");
          if (place("footer").bottom > innerHeight + 1) faults.push("the footer sticks out");
          let left = place(".panel").left;
          const most = place(".panel").right - 4;  // beyond that, a round button is cut
          for (const part of document.querySelectorAll("footer > *")) {
            const box = part.getBoundingClientRect();
            if (box.width && (box.left < left - 1 || box.right > most)) {
              faults.push(part.id + part.tagName + " in the footer overlaps or sticks out");
            }
            if (box.width) left = box.right;
          }
          if (document.documentElement.scrollWidth > innerWidth) faults.push("too wide");
          return faults;
        }"""
    )
    return found


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_every_state_fits_every_screen_in_every_language(
    page: Page, shown: Stage, scenes: Scenes, screenshots: Path, width: int, height: int
) -> None:
    page.set_viewport_size({"width": width, "height": height})
    faults = []
    for language in ("en", "zh"):
        open_screen(page, shown, language)
        for name, prompt in PROMPTS.items():
            scenes.show(shown, name)
            shown.show(prompt)
            wait_for_state(page, prompt.state.value)
            page.wait_for_timeout(150)  # for the picture and the change of colours
            picture = f"kiosk-{name}-{width}x{height}-{language}.png"
            page.screenshot(path=screenshots / picture)
            faults += [f"{picture}: {fault}" for fault in overlaps(page)]
    assert faults == []


@pytest.mark.parametrize("size", [(800, 480), (360, 640)])
def test_names_in_any_script_and_of_any_length_fit(
    page: Page, shown: Stage, scenes: Scenes, screenshots: Path, size: tuple[int, int]
) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    open_screen(page, shown)
    scenes.show(shown, "welcome")
    for number, name in enumerate(NAMES):
        shown.show(Prompt(State.WELCOME, name=name, at=AT))
        expect(page.locator("#name")).to_have_text(name)
        assert overlaps(page) == [], name
        page.screenshot(path=screenshots / f"kiosk-name-{number}-{size[0]}x{size[1]}.png")


def test_the_words_can_be_read_on_their_ground(page: Page, shown: Stage) -> None:
    open_screen(page, shown)
    for prompt in PROMPTS.values():
        shown.show(prompt)
        wait_for_state(page, prompt.state.value)
        colours = page.evaluate(
            """() => {
              const style = getComputedStyle(document.documentElement);
              return [style.getPropertyValue("--ink"), style.getPropertyValue("--panel")];
            }"""
        )
        assert contrast(*colours) >= ENHANCED_CONTRAST, (prompt.state, colours)


@pytest.mark.parametrize(("size", "inches"), [((800, 480), 7.0), ((1920, 1080), 15.6)])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_stands_large_can_be_read_at_two_metres(
    page: Page, shown: Stage, language: str, size: tuple[int, int], inches: float
) -> None:
    """On the smallest panels that are sold for this, in every state but those in which somebody
    types or signs, within reach of it."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    open_screen(page, shown, language)
    mm_a_pixel = inches * 25.4 / math.hypot(*size)
    for name, prompt in PROMPTS.items():
        if prompt.state is State.PIN:
            continue
        shown.show(prompt)
        wait_for_state(page, prompt.state.value)
        large, small = page.evaluate(
            """() => {
              const em = (what) => {
                const part = document.querySelector(what);
                const seen = part.getBoundingClientRect().height > 0;
                return seen ? parseFloat(getComputedStyle(part).fontSize) : 0;
              };
              return [Math.max(em("#headline"), em("#name")), em("#detail")];
            }"""
        )
        assert arc_minutes(large * mm_a_pixel) >= 1.6 * NORMAL_SIGHT, name
        assert not small or arc_minutes(small * mm_a_pixel) >= NORMAL_SIGHT, name


def arc_minutes(em_mm: float) -> float:
    """The angle at which a capital letter of a type size is seen from two metres."""
    return 60 * math.degrees(math.atan(CAPITAL * em_mm / 2000))


def contrast(one: str, other: str) -> float:
    """WCAG's contrast of two colours written as #rrggbb, 1..21."""
    lights = sorted(luminance(colour.strip()) for colour in (one, other))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def luminance(colour: str) -> float:
    """WCAG's relative luminance, 0..1."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_a_screen_reader_is_told_of_each_change(page: Page, shown: Stage) -> None:
    open_screen(page, shown)
    status = page.get_by_role("status")
    expect(status).to_have_attribute("aria-live", "polite")
    shown.show(Prompt(State.WELCOME, name="Ada Lovelace", at=AT))
    expect(status).to_contain_text("Ada Lovelace")
    expect(status).to_contain_text("Checked in at 08:58")
    expect(page.get_by_role("img", name="Camera picture")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Welcome")


def test_the_language_is_changed_by_keyboard(page: Page, shown: Stage) -> None:
    shown.show(Prompt(State.IDLE))
    open_screen(page, shown)
    for _ in range(3):  # past number and PIN, and the sound
        page.keyboard.press("Tab")
    expect(page.locator("a:focus-visible")).to_have_text("中文")
    page.keyboard.press("Enter")
    expect(page.locator("#headline")).to_have_text("请看这里")
    expect(page.locator("html")).to_have_attribute("lang", "zh")


def test_the_picture_is_a_mirror(page: Page, shown: Stage) -> None:
    image = np.zeros((480, 640, 3), np.uint8)
    image[:, :320], image[:, 320:] = (220, 0, 0), (0, 0, 220)
    shown.picture(image)
    open_screen(page, shown)
    expect(page.locator("#preview")).to_be_visible()

    def mirrored() -> bool:
        shot = cv2.imdecode(np.frombuffer(page.screenshot(), np.uint8), cv2.IMREAD_COLOR)
        mirror = page.locator("#preview").bounding_box()
        assert shot is not None
        assert mirror is not None
        row = shot[int(mirror["y"] + mirror["height"] / 2)]
        left, right = (row[int(mirror["x"] + mirror["width"] * share)] for share in (0.25, 0.75))
        # OpenCV's order: blue first. The red half is at the camera's left, so on the right here.
        return bool(left[0] > 150 and left[2] < 80 and right[2] > 150 and right[0] < 80)

    for _ in range(100):
        if mirrored():
            return
        page.wait_for_timeout(50)
    raise AssertionError("the picture never came, or is no mirror")


def test_a_kiosk_that_stops_is_said_and_its_return_is_noticed(page: Page) -> None:
    with stage() as first:
        first.show(Prompt(State.IDLE))
        open_screen(page, first)
        wait_for_state(page, "idle")
        port = first.port
    wait_for_state(page, "no_kiosk")
    expect(page.locator("#headline")).to_have_text("The kiosk has stopped")
    with stage(port=port) as second:
        second.show(Prompt(State.WELCOME, name="Ada", at=AT))
        wait_for_state(page, "welcome")


def test_whoever_wants_no_motion_gets_none(browser: Browser, shown: Stage) -> None:
    page = browser.new_page(reduced_motion="reduce")
    shown.show(Prompt(State.LOOKING))
    open_screen(page, shown)
    wait_for_state(page, "looking")
    assert page.evaluate("document.getAnimations().length") == 0
    page.close()
