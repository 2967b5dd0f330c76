"""Every text of server and console has a Chinese one, and what is installed is what is written."""

import ast
import gettext
import re
from pathlib import Path

import pytest
from django.utils import translation

from attendance.choices import CaptureFailure, ReasonCode
from attendance.messages import message_for

CATALOGUE = Path(__file__).parents[1] / "attendance/locale/zh_Hans/LC_MESSAGES/django.po"
ENTRY = re.compile(
    r"^msgid (?P<id>(?:\".*\"\n)+)(?:msgid_plural (?:\".*\"\n)+)?"
    r"msgstr(?:\[0\])? (?P<text>(?:\".*\"\n?)+)",
    re.MULTILINE,
)


def entries() -> dict[str, str]:
    """Read the written catalogue: text by message."""
    found = {}
    for match in ENTRY.finditer(CATALOGUE.read_text(encoding="utf-8")):
        message, text = (
            "".join(ast.literal_eval(line) for line in match[part].strip().splitlines())
            for part in ("id", "text")
        )
        found[message] = text
    del found[""]
    return found


def test_no_text_is_left_untranslated_or_guessed() -> None:
    assert len(entries()) > 200
    assert [message for message, text in entries().items() if not text] == []
    assert "#, fuzzy" not in CATALOGUE.read_text(encoding="utf-8")


def test_the_compiled_catalogue_is_the_written_one() -> None:
    with CATALOGUE.with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for message, text in entries().items():
        assert text in (compiled.gettext(message), compiled.pgettext("date format", message)) or (
            compiled.ngettext(message, message, 2) == text
        ), message


def test_placeholders_survive_translation() -> None:
    for message, text in entries().items():
        names = re.findall(r"%\(\w+\)s|%[sd]", message)
        assert sorted(names) == sorted(re.findall(r"%\(\w+\)s|%[sd]", text)), message


@pytest.mark.parametrize(
    "code", [*ReasonCode, *(failure for failure in CaptureFailure if failure)], ids=str
)
def test_every_reason_is_told_in_both_languages(code: ReasonCode | CaptureFailure) -> None:
    english = message_for(code)
    with translation.override("zh-hans"):
        chinese = message_for(code)
    assert english
    assert re.search(r"[\u4e00-\u9fff]", chinese)
