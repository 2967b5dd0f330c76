"""The table of questions and answers, row by row."""

import pytest

from attendance.access import AccessReason, Rule, decide_access
from tests.attendance.access.world import Case, read_cases

CASES = read_cases()
OPENING = {AccessReason.ALLOWED, AccessReason.EMERGENCY_OPEN}


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_door_answers_as_the_table_says(case: Case) -> None:
    answer = decide_access(case.question)
    assert (answer.reason, answer.rule) == (case.answer, case.rule)
    assert answer.wanted == case.wanted
    assert answer.allowed == (answer.reason in OPENING)


def test_the_table_is_long_and_numbered_without_gaps() -> None:
    assert len(CASES) >= 80
    assert [case.number for case in CASES] == [str(n + 1) for n in range(len(CASES))]


def test_every_reason_and_every_rule_has_a_row() -> None:
    assert {case.answer for case in CASES} == set(AccessReason)
    assert {case.rule.partition(":")[0] for case in CASES} == set(Rule)


def test_an_entry_let_pass_softly_is_noted() -> None:
    soft = next(case for case in CASES if case.title == "soft: let in")
    assert decide_access(soft.question).notes == (AccessReason.ANTI_PASSBACK,)


def test_the_answer_lists_the_rules_up_to_the_one_that_decided() -> None:
    for case in CASES:
        answer = decide_access(case.question)
        asked = [step.rule for step in answer.steps]
        last = Rule.TWO_PERSON if answer.reason == AccessReason.ALLOWED else asked[-1]
        assert asked == list(Rule)[: len(asked)]
        assert asked[-1] == last


def test_the_second_of_two_people_names_the_one_who_waited() -> None:
    second = next(case for case in CASES if case.title == "the second")
    assert decide_access(second.question).companion == "carl"
