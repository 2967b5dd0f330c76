"""The rules, one function each. A rule says pass, refuse or open; it knows nothing of the others.

Only the grant can let somebody in, only emergency open can cut the line short, and every other rule
can refuse or pass: so a rule more never lets anybody in who was refused without it.
"""

from collections.abc import Callable
from datetime import timedelta

from .factors import missing, mode_in_force, ways_in
from .reasons import AccessReason, AntiPassback, Direction, Effect, Factor, Outcome, Rule
from .schedule import NO_HOLIDAYS, holds
from .values import AccessQuestion, AccessRule, AreaFacts, Companion, Finding

PASSED = Finding()


def _refused(reason: AccessReason, name: str = "") -> Finding:
    return Finding(Outcome.REFUSED, reason, name)


def emergency_open(question: AccessQuestion) -> Finding:
    """A door that stands open in an emergency lets everybody through."""
    name = question.door.emergency_open
    return Finding(Outcome.OPENED, AccessReason.EMERGENCY_OPEN, name) if name else PASSED


def lockdown(question: AccessQuestion) -> Finding:
    """A door in lockdown lets nobody through."""
    name = question.door.lockdown
    return _refused(AccessReason.LOCKDOWN, name) if name else PASSED


def person(question: AccessQuestion) -> Finding:
    """The person is active, and their time has begun and is not over."""
    who = question.person
    if not who.active:
        return _refused(AccessReason.PERSON_INACTIVE)
    if who.valid_from is not None and question.moment < who.valid_from:
        return _refused(AccessReason.NOT_YET_VALID)
    if who.valid_until is not None and question.moment >= who.valid_until:
        return _refused(AccessReason.NO_LONGER_VALID)
    return PASSED


def visit(question: AccessQuestion) -> Finding:
    """A visitor has a pass for now, and its host is still active."""
    if not question.person.visitor:
        return PASSED
    current = [v for v in question.person.visits if v.begins <= question.moment < v.ends]
    if not current:
        return _refused(AccessReason.NO_VISIT)
    hosted = next((v for v in current if v.host_active), None)
    if hosted is None:
        return _refused(AccessReason.HOST_INACTIVE, current[0].host)
    return Finding(name=hosted.host)


def refusal(question: AccessQuestion) -> Finding:
    """No rule of this door refuses one of the person's groups now."""
    for rule in _rules(question, Effect.REFUSE):
        if holds(rule.schedule, question.at, question.holidays):
            return _refused(AccessReason.REFUSED_BY_RULE, rule.name)
    return PASSED


def grant(question: AccessQuestion) -> Finding:
    """A rule of this door grants one of the person's groups now. Without one: no."""
    grants = _rules(question, Effect.GRANT)
    for rule in grants:
        if holds(rule.schedule, question.at, question.holidays):
            return Finding(name=rule.name)
    for rule in grants:
        if holds(rule.schedule, question.at, NO_HOLIDAYS):
            return _refused(AccessReason.HOLIDAY, rule.name)
    if grants:
        return _refused(AccessReason.OUTSIDE_HOURS, grants[0].name)
    return _refused(AccessReason.NO_GRANT)


def anti_passback(question: AccessQuestion) -> Finding:
    """Nobody enters an area in which they are already. Leaving is never refused."""
    area = question.area
    if area is None or question.direction is Direction.OUT or not _inside(question, area):
        return PASSED
    if area.anti_passback is AntiPassback.HARD:
        return _refused(AccessReason.ANTI_PASSBACK, area.name)
    if area.anti_passback is AntiPassback.SOFT:
        return Finding(Outcome.NOTED, AccessReason.ANTI_PASSBACK, area.name)
    return PASSED


def occupancy(question: AccessQuestion) -> Finding:
    """There is room inside, for two where two must go in together."""
    area = question.area
    if area is None or area.limit is None or question.direction is Direction.OUT:
        return PASSED
    after = area.others_inside + (2 if _needs_second(question) else 1)
    if after > area.limit:
        return _refused(AccessReason.OCCUPANCY_FULL, area.name)
    return PASSED


def factors(question: AccessQuestion) -> Finding:
    """What was shown is what the door asks for at this time, of what the person can show."""
    mode = mode_in_force(question.door, question.at, question.holidays)
    ways = ways_in(mode, question.door.challenge, doubtful=question.doubtful)
    if not question.person.has_pin:
        ways = frozenset(way for way in ways if Factor.PIN not in way)
    if not ways:
        return _refused(AccessReason.NO_PIN, mode.value)
    wanted = missing(question.factors, ways)
    if wanted:
        return Finding(Outcome.REFUSED, AccessReason.FACTOR_MISSING, mode.value, wanted)
    return Finding(name=mode.value)


def two_person(question: AccessQuestion) -> Finding:
    """Somebody else came just before, where the door wants two."""
    if _needs_second(question) and companion(question) is None:
        return _refused(AccessReason.SECOND_PERSON, question.door.name)
    return PASSED


RULES: tuple[tuple[Rule, Callable[[AccessQuestion], Finding]], ...] = (
    (Rule.EMERGENCY_OPEN, emergency_open),
    (Rule.LOCKDOWN, lockdown),
    (Rule.PERSON, person),
    (Rule.VISIT, visit),
    (Rule.REFUSAL, refusal),
    (Rule.GRANT, grant),
    (Rule.ANTI_PASSBACK, anti_passback),
    (Rule.OCCUPANCY, occupancy),
    # Behind all that asking for a PIN could not change, before the one that makes somebody wait.
    (Rule.FACTORS, factors),
    (Rule.TWO_PERSON, two_person),
)


def companion(question: AccessQuestion) -> Companion | None:
    """The one who waited longest of those who came soon enough before, if two must go in."""
    within = question.door.two_person_within
    if within is None or question.direction is Direction.OUT:
        return None
    soon = [
        other
        for other in question.companions
        if other.key != question.person.key and abs(question.moment - other.at) <= within
    ]
    return min(soon, key=lambda other: other.at, default=None)


def _needs_second(question: AccessQuestion) -> bool:
    return question.door.two_person_within is not None and question.direction is Direction.IN


def _rules(question: AccessQuestion, effect: Effect) -> list[AccessRule]:
    return [
        rule
        for rule in question.door.rules
        if rule.effect is effect and rule.group in question.person.groups
    ]


def _inside(question: AccessQuestion, area: AreaFacts) -> bool:
    last = area.last
    if last is None or last.direction is Direction.OUT:
        return False
    if area.forgiven_at is not None and last.at <= area.forgiven_at:
        return False
    since: timedelta = question.moment - last.at
    return area.reset_after is None or since < area.reset_after
