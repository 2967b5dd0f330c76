"""What the manual says of rules and reasons is what there is."""

import re
from pathlib import Path

from attendance.access import AccessReason, Rule
from attendance.access.rules import RULES

MANUAL = (Path(__file__).parents[3] / "docs" / "access.md").read_text(encoding="utf-8")


def first_cells(heading: str) -> list[str]:
    """Return the codes in the first column of the table under a heading."""
    part = MANUAL.split(f"## {heading}\n")[1].split("\n## ")[0]
    return re.findall(r"^\| `(\w+)`", part, re.MULTILINE)


def test_the_manual_lists_the_rules_in_their_order() -> None:
    assert first_cells("The order of the rules") == [rule.value for rule, _ in RULES] == list(Rule)


def test_the_manual_explains_every_reason() -> None:
    assert first_cells("Reason codes") == list(AccessReason)
