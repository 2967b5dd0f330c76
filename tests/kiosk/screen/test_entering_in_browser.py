"""Tests in a real browser how digits are entered at the screen, and that none is shown."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from kiosk.pin import EntryView, Field
from kiosk.prompt import Prompt, State
from tests.kiosk.stage import Stage, stage

pytestmark = pytest.mark.slow

PIN = EntryView(Field.PIN, 0, left_s=27, other_way=True)


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """A Chromium that plays sounds unasked, as a kiosk's does."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=chromium,
            args=[
                *("--no-sandbox", "--disable-gpu"),
                "--autoplay-policy=no-user-gesture-required",
            ],
        )
        yield started
        started.close()


@pytest.fixture
def shown() -> Iterator[Stage]:
    """A running screen."""
    with stage() as made:
        yield made


@pytest.fixture
def page(browser: Browser, shown: Stage) -> Iterator[Page]:
    """The page of an idle screen."""
    opened = browser.new_page(viewport={"width": 800, "height": 480})
    complaints: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    shown.show(Prompt(State.IDLE))
    opened.goto(shown.address, wait_until="domcontentloaded")
    opened.locator('html[data-state="idle"]').wait_for()
    yield opened
    opened.close()
    assert complaints == []


def enter(page: Page, on: Stage, entry: EntryView) -> None:
    """Show an entry."""
    on.show(Prompt(State.PIN, reason=entry.hint, entry=entry))
    page.locator(f'html[data-field="{entry.field.value}"]').wait_for()


def pressed(page: Page, on: Stage, count: int) -> list[tuple[str, str]]:
    """Wait until so many keys have come, and return all."""
    for _ in range(200):
        if len(on.pressed) >= count:
            break
        page.wait_for_timeout(20)
    return on.pressed


def test_keypad_and_keyboard_go_to_the_kiosk(page: Page, shown: Stage) -> None:
    enter(page, shown, replace(PIN, typed=4, can_send=True))
    page.get_by_role("button", name="7", exact=True).click()
    page.keyboard.type("3")
    page.keyboard.press("Backspace")
    page.get_by_role("button", name="Delete the last digit").click()
    page.get_by_role("button", name="Send").click()
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    assert sorted(pressed(page, shown, 7)) == sorted(
        [
            ("7", "keypad"),
            ("3", "keyboard"),
            ("delete", "keyboard"),
            ("delete", "keypad"),
            ("enter", "keypad"),
            ("enter", "keyboard"),
            ("cancel", "keyboard"),
        ]
    )


def test_the_number_way_is_reached_from_the_idle_screen_by_touch_and_by_key(
    page: Page, shown: Stage
) -> None:
    page.get_by_role("button", name="Number and PIN").click()
    page.keyboard.press("4")
    assert sorted(pressed(page, shown, 2)) == [("4", "keyboard"), ("other_way", "keypad")]


def test_the_page_has_dots_and_never_a_digit(page: Page, shown: Stage) -> None:
    enter(page, shown, replace(PIN, typed=3))
    expect(page.locator("#typed i.full")).to_have_count(3)
    expect(page.locator("#typed")).to_have_attribute("aria-label", "3 digits")
    expect(page.locator("#typed")).to_have_text("")


def test_a_pin_that_is_too_short_cannot_be_sent(page: Page, shown: Stage) -> None:
    enter(page, shown, replace(PIN, typed=3))
    expect(page.get_by_role("button", name="Send")).to_be_disabled()
    enter(page, shown, replace(PIN, typed=4, can_send=True))
    expect(page.get_by_role("button", name="Send")).to_be_enabled()


def test_it_says_how_long_is_left_and_how_to_leave(page: Page, shown: Stage) -> None:
    enter(page, shown, PIN)
    expect(page.locator("#left")).to_have_text("27 s")
    page.get_by_role("button", name="Cancel").click()
    assert pressed(page, shown, 1) == [("cancel", "keypad")]


def test_sounds_tell_what_happens_until_they_are_turned_off(page: Page, shown: Stage) -> None:
    def cue() -> str | None:
        page.wait_for_timeout(150)
        return page.locator("body").get_attribute("data-cue")

    enter(page, shown, PIN)
    assert cue() == "ask"
    enter(page, shown, replace(PIN, typed=1))
    assert cue() == "digit"
    enter(page, shown, PIN)
    assert cue() == "delete"
    shown.show(Prompt(State.WELCOME, name="Ada"))
    assert cue() == "welcome"
    page.get_by_role("button", name="Sound").click()
    expect(page.get_by_role("button", name="Sound")).to_have_attribute("aria-pressed", "false")
    shown.show(Prompt(State.REFUSED, reason="not_recognised"))
    assert cue() == "welcome", "silence"


def test_another_sites_page_cannot_press_a_key(browser: Browser, shown: Stage) -> None:
    other = browser.new_page()
    other.goto("data:text/html,<title>elsewhere</title>")
    other.evaluate(
        """(address) => Promise.allSettled([
          fetch(address + "key", {method: "POST", mode: "no-cors",
            body: JSON.stringify({key: "7", source: "keypad"})}),
          fetch(address + "key", {method: "POST", headers: {"X-Lintel-Key": "1"},
            body: JSON.stringify({key: "7", source: "keypad"})}),
        ])""",
        shown.address,
    )
    other.close()
    assert shown.pressed == []
