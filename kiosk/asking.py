"""What becomes of a question to the server: a decision, a further question, or nothing."""

import logging
from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kiosk.answers import Decided, NeedsPin
from kiosk.errors import (
    CaptureRejectedError,
    OutOfServiceError,
    ServerAwayError,
    SpoolError,
    SpoolFullError,
    UndecidedError,
)
from kiosk.prompt import Result
from kiosk.visits import Outcome

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Lost:
    """A question that came to nothing, and what the person is told."""

    outcome: Outcome
    result: Result | None


async def answer_to(
    name: UUID, deciding: Awaitable[Decided | NeedsPin], *, undelivered: str
) -> Decided | NeedsPin | Lost:
    """Wait for the answer to a capture or an entry, whatever comes of it.

    `undelivered` is what the person is told while the server is away.
    """
    try:
        return await deciding
    except OutOfServiceError as error:
        log.warning("capture %s: %s", name, error)
        return Lost(Outcome.UNDELIVERED, None)
    except CaptureRejectedError as error:
        log.warning("capture %s: %s", name, error)
        return Lost(Outcome.UNDELIVERED, Result(accepted=False, reason=error.code))
    except ServerAwayError as error:
        log.warning("capture %s: left to the courier. %s", name, error)
        return Lost(Outcome.UNDELIVERED, Result(accepted=False, reason=undelivered))
    except SpoolError as error:
        log.critical("capture %s: not taken. %s", name, error)
        reason = "spool_full" if isinstance(error, SpoolFullError) else "undelivered"
        return Lost(Outcome.UNDELIVERED, Result(accepted=False, reason=reason))
    except UndecidedError as error:
        log.warning("capture %s: %s", name, error)
        return Lost(Outcome.UNDECIDED, Result(accepted=False, reason="undecided"))


def result_of(decided: Decided, at: datetime) -> Result:
    """What the person is told of a decision about something that happened at `at`."""
    return Result(
        accepted=decided.accepted,
        reason=decided.reason,
        message=decided.message,
        name=decided.name,
        at=decided.happened_at or at,
        repeat=decided.repeat,
        retry_after_s=decided.retry_after_s,
        first_today=decided.first_today,
        direction=decided.direction,
    )
