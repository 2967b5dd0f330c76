"""May somebody enter here, now, with what they showed: the one place where that is decided."""

from .reasons import AccessReason, Outcome, Rule
from .rules import RULES, companion
from .values import AccessAnswer, AccessQuestion, Step


def decide_access(question: AccessQuestion) -> AccessAnswer:
    """Ask the rules in their order; the first that refuses, or opens in an emergency, decides.

    Pure. Whoever passes them all is let in by the grant. Fails closed: without a grant that holds
    now nobody passes. In short: emergency open beats lockdown, lockdown beats all else, a refusal
    beats a grant, and FACTOR_MISSING is a refusal that says what may still be shown.
    """
    steps: list[Step] = []
    for rule, look in RULES:
        step = Step(rule, look(question))
        steps.append(step)
        if step.finding.outcome in (Outcome.REFUSED, Outcome.OPENED):
            return _answer(step, steps)
    granted = next(step for step in steps if step.rule is Rule.GRANT)
    second = companion(question)
    return _answer(granted, steps, allowed=True, key=second.key if second else "")


def _answer(
    deciding: Step, steps: list[Step], *, allowed: bool = False, key: str = ""
) -> AccessAnswer:
    finding = deciding.finding
    return AccessAnswer(
        allowed=allowed or finding.outcome is Outcome.OPENED,
        reason=AccessReason.ALLOWED if allowed else finding.reason,
        rule=f"{deciding.rule}: {finding.name}" if finding.name else str(deciding.rule),
        wanted=finding.wanted,
        notes=tuple(s.finding.reason for s in steps if s.finding.outcome is Outcome.NOTED),
        steps=tuple(steps),
        companion=key,
    )
