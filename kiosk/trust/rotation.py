"""Changing keys: a new one is made, kept, handed in under the old one, and taken into use."""

import logging
from dataclasses import replace

from kiosk.client import Client
from kiosk.errors import CaptureRejectedError, OutOfServiceError
from kiosk.trust.canonical import rotation_message
from kiosk.trust.identity import new_seed, public_key, sign
from kiosk.trust.key_file import KeyFile

log = logging.getLogger(__name__)


async def change_keys(client: Client, key_file: KeyFile) -> None:
    """Change this kiosk's key. May be called again after it was cut off at any point.

    The next key is on the disk before the server hears of it. Raises ServerAwayError when the
    server does not answer: both keys stay, and the next call finds out which one is in force.
    """
    trust = client.trust
    identity = trust.identity
    if not identity.next_seed:
        identity = replace(identity, next_seed=new_seed())
        key_file.keep(identity)
        trust.identity = identity
    key = public_key(identity.next_seed)
    message = rotation_message(kiosk=identity.kiosk, public_key=key)
    try:
        await client.change_key({"public_key": key, "signature": sign(identity.next_seed, message)})
    except (OutOfServiceError, CaptureRejectedError) as refusal:
        # Refused with the old key: the change may have been taken and its answer lost.
        trust.identity = replace(identity, seed=identity.next_seed, next_seed=b"")
        try:
            await client.greet()
        except OutOfServiceError:
            trust.identity = identity
            raise refusal from None
        except BaseException:
            # Nobody has said which of the two is in force: both stay.
            trust.identity = identity
            raise
    identity = replace(identity, seed=identity.next_seed, next_seed=b"")
    key_file.keep(identity)
    trust.identity = identity
    log.info("The key was changed; its fingerprint is %s.", trust.fingerprint)
