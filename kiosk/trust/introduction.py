"""Who this kiosk is when it starts: the identity kept, or a new one for its one-time code."""

import asyncio
import logging
from pathlib import Path

import httpx

from kiosk.backoff import Backoff
from kiosk.errors import CallError, ProvisioningError, ServerAwayError
from kiosk.trust.code import Code
from kiosk.trust.identity import Identity
from kiosk.trust.key_file import KeyFile
from kiosk.trust.provisioning import provision

log = logging.getLogger(__name__)

FIRST_RETRY_S = 0.3
LONGEST_RETRY_S = 5.0


async def identify(
    http: httpx.AsyncClient, server: str, code: Code | None, folder: Path
) -> Identity:
    """The identity to work with; waits for the server where only it can give one.

    A code that is not the one this kiosk was provisioned with provisions it anew; while that does
    not work, the identity it has goes on serving. Raises CallError when there is neither identity
    nor code, ProvisioningError when the server does not take the code of a kiosk without identity.
    """
    kept = KeyFile(folder).load()
    if kept is not None and (code is None or code.name == kept.code_name):
        return kept
    if code is None:
        raise CallError(
            "This kiosk has no key yet: make a one-time code in the console and give it as --token."
        )
    backoff, said = Backoff(FIRST_RETRY_S, LONGEST_RETRY_S), ""
    while True:
        try:
            return await provision(http, server, code, folder)
        except (ServerAwayError, ProvisioningError) as error:
            if kept is not None:
                log.warning("The new code was not taken, the old key serves on: %s", error)
                return kept
            if isinstance(error, ProvisioningError):
                raise
            if str(error) != said:
                log.warning("%s Trying again until it does.", error)
            said = str(error)
            await asyncio.sleep(max(backoff.next_s(), error.retry_after_s))
