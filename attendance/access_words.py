"""The access policy's answers in words, for whoever asks why."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from attendance.access import AccessAnswer, AccessReason, Finding, Outcome, Rule
from attendance.access_choices import DoorMode, Factor
from attendance.choices import ReasonCode

_RULES: dict[Rule, Promise] = {
    Rule.EMERGENCY_OPEN: _("Emergency: does the door stand open?"),
    Rule.LOCKDOWN: _("Lockdown: is the door shut to everybody?"),
    Rule.PERSON: _("Is the person active, and within their dates?"),
    Rule.VISIT: _("Does a visitor have a pass for now?"),
    Rule.REFUSAL: _("Does a rule refuse one of their groups now?"),
    Rule.GRANT: _("Does a rule let one of their groups in now?"),
    Rule.ANTI_PASSBACK: _("Are they inside already?"),
    Rule.OCCUPANCY: _("Is there room inside?"),
    Rule.FACTORS: _("Is what they showed enough?"),
    Rule.TWO_PERSON: _("Must a second person come?"),
}
_REASONS: dict[AccessReason, Promise] = {
    AccessReason.ALLOWED: _("nothing against it"),
    AccessReason.EMERGENCY_OPEN: _("open for everybody"),
}
_MARKS = {
    Outcome.PASSED: "✓",
    Outcome.NOTED: "!",
    Outcome.REFUSED: "✕",
    Outcome.OPENED: "✓",
}


@dataclass(frozen=True)
class StepWords:
    """One rule, as the page shows it."""

    mark: str
    question: str
    finding: str
    decisive: bool
    asked: bool = True


def rule_in_words(answer: AccessAnswer) -> str:
    """Return the rule that decided, as its step asks it, with the name of what it went by."""
    rule, _colon, name = answer.rule.partition(": ")
    if name and rule == Rule.FACTORS:
        name = str(DoorMode(name).label)
    return " · ".join(filter(None, (str(_RULES[Rule(rule)]), name)))


def steps_in_words(answer: AccessAnswer) -> list[StepWords]:
    """Return every rule in its order with what it found, those that were not asked as well."""
    found = {step.rule: step.finding for step in answer.steps}
    deciding = Rule(answer.rule.partition(":")[0])
    return [
        StepWords(
            mark=_MARKS[found[rule].outcome],
            question=str(_RULES[rule]),
            finding=finding_in_words(rule, found[rule]),
            decisive=rule is deciding,
        )
        if rule in found
        else StepWords("·", str(_RULES[rule]), str(_("not asked any more")), False, False)
        for rule in Rule
    ]


def finding_in_words(rule: Rule, finding: Finding) -> str:
    """Return what a rule found, with the name of what it went by."""
    reason = reason_in_words(finding.reason)
    if rule is Rule.GRANT and finding.outcome is Outcome.PASSED:
        reason = str(_("yes"))
    if rule is Rule.FACTORS and finding.outcome is Outcome.PASSED:
        reason = str(_("enough"))
    if not finding.name:
        return reason
    name = str(DoorMode(finding.name).label) if rule is Rule.FACTORS else finding.name
    return f"{reason} · {name}"


def reason_in_words(reason: AccessReason) -> str:
    """Return a reason in a few words."""
    known = _REASONS.get(reason)
    return str(known) if known is not None else str(ReasonCode(reason.value).label)


def factors_in_words(answer: AccessAnswer) -> str:
    """Return what may be shown next, in words; empty where nothing would help."""
    wanted = [str(factor.label) for factor in Factor if factor.value in answer.wanted]
    return ", ".join(wanted)
