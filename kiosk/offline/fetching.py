"""Brings what a door may go by offline up to date, for as long as the kiosk runs."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from kiosk.errors import SealError, ServerError, SpoolError, StartError
from kiosk.link import Link, LinkState

log = logging.getLogger(__name__)

EVERY_S = 300.0
RETRY_S = 15.0
FIRST_S = 3.0
"""While there is nothing yet to go by."""


async def keep_fetching(
    what: str, fetch: Callable[[], Awaitable[None]], has: Callable[[], bool], link: Link
) -> None:
    """Fetch again and again until cancelled; `has` says whether there is something already."""
    while True:
        fetched = False
        if link.state is LinkState.ONLINE:
            try:
                await fetch()
                fetched = True
            except (ServerError, SealError, SpoolError, StartError) as error:
                log.warning("%s: not brought up to date. %s", what, error)
        await asyncio.sleep(EVERY_S if fetched else RETRY_S if has() else FIRST_S)
