"""Puts a prompt into words, in the language of whoever stands before the screen."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from kiosk.board import View
from kiosk.pin.values import EntryView
from kiosk.prompt import Prompt, State
from recognition import Side

LANGUAGES = ("en", "zh")
DEFAULT_LANGUAGE = "en"
HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Words:
    """What stands on the screen."""

    state: str
    headline: str
    name: str
    """The person greeted; empty when nobody is."""
    detail: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All texts of one language; `messages_<language>.json` beside this file."""

    language: str
    texts: Mapping[str, str]
    """Texts of the page itself, by their names."""
    states: Mapping[str, tuple[str, str]]
    """Headline and detail of each state."""
    reasons: Mapping[str, tuple[str, str]]
    """What is the matter, and what to do, for each reason code."""
    sides: Mapping[tuple[str, str], str]
    """What to do where it is known which way to turn, for reason code and own side."""


@cache
def catalogue(language: str) -> Catalogue:
    """Read a language's texts. Raises KeyError for a language there is none of."""
    if language not in LANGUAGES:
        raise KeyError(language)
    raw = json.loads((HERE / f"messages_{language}.json").read_text(encoding="utf-8"))
    return Catalogue(
        language=language,
        texts=raw["texts"],
        states={name: (text["headline"], text["detail"]) for name, text in raw["states"].items()},
        reasons={code: (text["what"], text["do"]) for code, text in raw["reasons"].items()},
        sides={
            (code, side): text[side]
            for code, text in raw["reasons"].items()
            for side in Side
            if side in text
        },
    )


def choose_language(asked: str | None, default: str) -> str:
    """The language asked for, or the default where we do not speak it."""
    wanted = (asked or "").lower().split("-")[0]
    return wanted if wanted in LANGUAGES else default


def words_for(view: View, language: str) -> Words:
    """What the screen says about a view, in one language. Pure but for reading the catalogue."""
    prompt, book = view.prompt, catalogue(language)
    headline, detail = book.states[prompt.state.value]
    if prompt.state is State.WELCOME:
        headline, detail = _welcome(prompt, view.zone, book)
    elif prompt.state is State.HOLD_STILL and prompt.reason in book.reasons:
        # To somebody who can still put it right, what to do comes first.
        detail, headline = book.reasons[prompt.reason]
        headline = book.sides.get((prompt.reason, prompt.toward or ""), headline)
    elif prompt.state is State.REFUSED:
        headline, detail = _refusal(prompt, book)
    elif prompt.state is State.OFFLINE and prompt.reason in book.texts:
        detail = book.texts[prompt.reason]
    elif prompt.entry is not None:
        headline, detail = _entry(prompt.entry, book)
    return Words(prompt.state.value, headline, prompt.name or "", detail)


def _welcome(prompt: Prompt, zone: str, book: Catalogue) -> tuple[str, str]:
    leaving = prompt.direction == "out"
    headline = book.texts["goodbye"] if leaving else book.states[State.WELCOME.value][0]
    if prompt.repeat:
        return headline, book.texts["already"]
    if prompt.at is None:
        return headline, ""
    said = book.texts["checked_out" if leaving else "checked_in"].format(
        time=f"{prompt.at.astimezone(ZoneInfo(zone)):%H:%M}"
    )
    first = prompt.first_today and not leaving
    return headline, f"{said}\u00a0· {book.texts['first_today']}" if first else said


def _refusal(prompt: Prompt, book: Catalogue) -> tuple[str, str]:
    headline, detail = book.states[State.REFUSED.value]
    if prompt.reason in book.reasons:
        what, do = book.reasons[prompt.reason]
        return what, do.format(wait=_wait(prompt.retry_after_s, book))
    return headline, prompt.message or detail


def _wait(seconds: int, book: Catalogue) -> str:
    """How long to wait, rounded up to what people count in."""
    if seconds < 120:
        return book.texts["seconds"].format(n=max(1, seconds))
    return book.texts["minutes"].format(n=-(-seconds // 60))


def _entry(entry: EntryView, book: Catalogue) -> tuple[str, str]:
    """What is asked for, and what to do; never what was typed."""
    headline = book.texts[f"{entry.field.value}_headline"]
    if entry.hint in book.reasons:
        what, do = book.reasons[entry.hint]
        return headline, f"{what}. {do}" if what.isascii() else f"{what}。{do}"
    return headline, book.texts[entry.hint or f"{entry.field.value}_detail"]
