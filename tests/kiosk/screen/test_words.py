"""Tests the screen's words in all its languages."""

from datetime import UTC, datetime

import pytest

from attendance.choices import ReasonCode
from kiosk.board import View
from kiosk.prompt import Prompt, State
from kiosk.screen.words import LANGUAGES, catalogue, choose_language, words_for
from recognition import Side

AT = datetime(2026, 3, 1, 7, 58, tzinfo=UTC)


def test_all_languages_say_the_same_things() -> None:
    books = [catalogue(language) for language in LANGUAGES]
    for part in ("texts", "states", "reasons"):
        keys = [set(getattr(book, part)) for book in books]
        assert all(found == keys[0] for found in keys), part


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_has_words(language: str) -> None:
    assert set(catalogue(language).states) == {state.value for state in State}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_says_what_is_the_matter_and_what_to_do(language: str) -> None:
    reasons = catalogue(language).reasons
    for code in set(ReasonCode.values) - {ReasonCode.MATCHED.value}:
        what, do = reasons[code]
        assert what
        assert do


def test_a_welcome_has_the_name_and_the_time_at_the_site() -> None:
    view = View(Prompt(State.WELCOME, name="Ada Lovelace", at=AT), "Asia/Shanghai")
    words = words_for(view, "en")
    assert (words.headline, words.name) == ("Welcome", "Ada Lovelace")
    assert words.detail == "Checked in at 15:58"
    assert words_for(view, "zh").detail == "签到时间 15:58"


def test_somebody_checked_in_already_is_told_so() -> None:
    view = View(Prompt(State.WELCOME, name="Ada", at=AT, repeat=True))
    assert "already" in words_for(view, "en").detail


def test_a_refusal_says_why_first_and_a_hint_says_what_to_do_first() -> None:
    refused = words_for(View(Prompt(State.REFUSED, reason="face_turned")), "en")
    hint = words_for(View(Prompt(State.HOLD_STILL, reason="face_turned")), "en")
    assert (refused.headline, refused.detail) == (hint.detail, hint.headline)


def test_a_hint_says_which_way_where_it_is_known() -> None:
    def hint(reason: str, toward: Side | None, language: str) -> str:
        prompt = Prompt(State.HOLD_STILL, reason=reason, toward=toward)
        return words_for(View(prompt), language).headline

    for reason in ("face_turned", "face_tilted", "uneven_light"):
        for language in LANGUAGES:
            said = {hint(reason, toward, language) for toward in (None, *Side)}
            assert len(said) == 3, (reason, language)
    assert hint("face_turned", Side.LEFT, "en") == "Turn to your left"
    assert hint("covered", None, "en") == "Uncover your face"


def test_a_reason_nobody_knows_is_told_in_the_servers_words() -> None:
    prompt = Prompt(
        State.REFUSED, reason="a_reason_of_next_year", message="Your shift begins at nine."
    )
    words = words_for(View(prompt), "en")
    assert words.headline == "Not this time"
    assert words.detail == "Your shift begins at nine."


def test_a_reason_nobody_knows_without_words_still_says_what_to_do() -> None:
    words = words_for(View(Prompt(State.REFUSED, reason="a_reason_of_next_year")), "en")
    assert "reception" in words.detail


def test_nobody_is_named_but_in_a_welcome() -> None:
    assert words_for(View(Prompt(State.REFUSED, reason="ambiguous")), "en").name == ""


@pytest.mark.parametrize(
    ("asked", "spoken"),
    [("zh", "zh"), ("zh-CN", "zh"), ("EN", "en"), (None, "en"), ("", "en"), ("../x", "en")],
)
def test_it_speaks_the_language_asked_for_if_it_can(asked: str | None, spoken: str) -> None:
    assert choose_language(asked, "en") == spoken
