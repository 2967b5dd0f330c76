"""The console's style sheet: one class, one meaning."""

import re
from collections import Counter
from pathlib import Path

import pytest

SHEETS = sorted((Path(__file__).resolve().parents[3] / "static").glob("*.css"))


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_no_selector_is_given_a_ground_twice(sheet: Path) -> None:
    """A second one turns the first one's words invisible wherever it is still used."""
    text = re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.DOTALL)
    text = re.sub(r"@media[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", "", text)
    grounds = Counter(
        selector.strip()
        for selectors, body in re.findall(r"([^{}]+)\{([^{}]*)\}", text)
        if "background" in body
        for selector in selectors.split(",")
    )
    assert [selector for selector, count in grounds.items() if count > 1] == []
