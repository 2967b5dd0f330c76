"""What the policy is asked about, and what it answers: plain frozen values.

Every time in here is aware. Names are for people: they appear in the answer as the rule that
decided, and decide nothing. Keys of people and groups are opaque and only compared.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from .reasons import (
    AccessReason,
    AntiPassback,
    ChallengeRule,
    Day,
    Direction,
    DoorMode,
    Effect,
    Factor,
    Outcome,
    Rule,
)


@dataclass(frozen=True, slots=True)
class WeeklyPeriod:
    """From one clock time to another, on one day of the week.

    An end at or before the beginning lies on the next day: 22:00 to 06:00 is a night, and 00:00 to
    00:00 a whole day.
    """

    day: Day
    begin: time
    end: time

    @property
    def crosses_midnight(self) -> bool:
        """Whether it ends on the next day."""
        return self.end <= self.begin


@dataclass(frozen=True, slots=True)
class Schedule:
    """The periods of a week. On a holiday only its periods for holidays count."""

    name: str
    periods: Sequence[WeeklyPeriod]
    minds_holidays: bool = True
    """False: a holiday is a day like any other."""


ALWAYS = Schedule(
    "Always",
    tuple(WeeklyPeriod(day, time(0), time(0)) for day in Day if day is not Day.HOLIDAY),
    minds_holidays=False,
)


@dataclass(frozen=True, slots=True)
class Holidays:
    """The holidays of a site, by its own calendar."""

    dates: frozenset[date] = frozenset()
    yearly: frozenset[tuple[int, int]] = frozenset()
    """Month and day of those that come every year."""

    def __contains__(self, day: date) -> bool:
        return day in self.dates or (day.month, day.day) in self.yearly


@dataclass(frozen=True, slots=True)
class Visit:
    """A visitor's pass."""

    host: str
    host_active: bool
    begins: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """Who asks."""

    key: str
    active: bool = True
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    """The first moment at which they are not valid any more."""
    groups: frozenset[str] = frozenset()
    visitor: bool = False
    """Visitors need a pass that is valid now."""
    visits: Sequence[Visit] = ()
    has_pin: bool = True


@dataclass(frozen=True, slots=True)
class AccessRule:
    """What a group may do at the door, and when."""

    name: str
    group: str
    schedule: Schedule
    effect: Effect = Effect.GRANT


@dataclass(frozen=True, slots=True)
class ModeRule:
    """What the door asks for while a schedule holds."""

    schedule: Schedule
    mode: DoorMode


@dataclass(frozen=True, slots=True)
class DoorFacts:
    """The door that is asked to open."""

    name: str
    mode: DoorMode = DoorMode.FACE
    """Where no mode rule holds."""
    mode_rules: Sequence[ModeRule] = ()
    """The first whose schedule holds decides."""
    rules: Sequence[AccessRule] = ()
    challenge: ChallengeRule = ChallengeRule.NEVER
    two_person_within: timedelta | None = None
    """How long before the second person the first may have come; None: one is enough."""
    lockdown: str = ""
    """What is locked down: the name of the site or the door; empty: nothing."""
    emergency_open: str = ""
    """What stands open, likewise."""


@dataclass(frozen=True, slots=True)
class Passage:
    """Somebody's way through a door."""

    direction: Direction
    at: datetime


@dataclass(frozen=True, slots=True)
class AreaFacts:
    """The area behind the door, with what its events say about it and the person."""

    name: str
    anti_passback: AntiPassback = AntiPassback.OFF
    reset_after: timedelta | None = None
    """Whoever entered longer ago is taken to have left."""
    limit: int | None = None
    others_inside: int = 0
    """How many are inside, the person not counted."""
    last: Passage | None = None
    """The person's own last way in or out."""
    forgiven_at: datetime | None = None
    """When a guard last forgave the person; entries before count no more."""


@dataclass(frozen=True, slots=True)
class Companion:
    """Somebody else who waits at this door for a second person."""

    key: str
    at: datetime


@dataclass(frozen=True, slots=True)
class AccessQuestion:
    """May this person enter here, now, with what they showed?

    ``at`` carries the site's zone: its clock is the one on the wall. Raises ValueError where it
    carries none.
    """

    person: PersonFacts
    door: DoorFacts
    at: datetime
    factors: frozenset[Factor]
    doubtful: bool = False
    """The face resembles the person, but not enough to go by it alone."""
    direction: Direction = Direction.IN
    holidays: Holidays = field(default_factory=Holidays)
    area: AreaFacts | None = None
    companions: Sequence[Companion] = ()

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError("The time of a question about access must carry the site's zone.")

    @property
    def moment(self) -> datetime:
        """The same time in UTC.

        To be compared with other times: two of one zone are compared by the clock on the wall,
        which shows an hour twice when it is set back.
        """
        return self.at.astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Finding:
    """How one rule ended."""

    outcome: Outcome = Outcome.PASSED
    reason: AccessReason = AccessReason.ALLOWED
    name: str = ""
    wanted: frozenset[Factor] = frozenset()


@dataclass(frozen=True, slots=True)
class Step:
    """One rule that was asked, with what it found."""

    rule: Rule
    finding: Finding


@dataclass(frozen=True, slots=True)
class AccessAnswer:
    """Allowed or not, why, and by which rule."""

    allowed: bool
    reason: AccessReason
    rule: str
    """The rule that decided, and its name in the console: ``grant: Staff, office hours``."""
    wanted: frozenset[Factor] = frozenset()
    """With FACTOR_MISSING: what may be asked for next. Each brings the person nearer; ask again
    with it. Empty otherwise."""
    notes: tuple[AccessReason, ...] = ()
    """What was let pass but is to be written down."""
    steps: tuple[Step, ...] = ()
    """The rules as they were asked, up to the one that decided."""
    companion: str = ""
    """The key of the person who waited for this one and goes in as well."""
