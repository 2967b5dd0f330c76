"""How a kiosk introduces itself to its server: the one-time code against a key of its own."""

import logging
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from urllib.parse import urljoin

import httpx

from kiosk.errors import ProvisioningError, ServerAwayError
from kiosk.exchange import Reply, exchange
from kiosk.trust.canonical import answer_message, provision_message
from kiosk.trust.code import Code
from kiosk.trust.identity import Identity, fingerprint, new_seed, public_key, sign
from kiosk.trust.key_file import KeyFile
from kiosk.trust.signing import SERVER_SIGNATURE, is_signed, new_nonce

log = logging.getLogger(__name__)

PATH = "api/v1/kiosk/provision"
NEWCOMER = "new"
"""Stands in place of a kiosk's number until it has one."""
DRAFT = "key.new.json"


async def provision(http: httpx.AsyncClient, server: str, code: Code, folder: Path) -> Identity:
    """Exchange the code for an identity, and keep it in place of any other.

    The key is on the disk before the server hears of it, and the same code with the same key is
    answered alike again: a power cut at any moment costs nothing but another try. Raises
    ProvisioningError when the server will not, ServerAwayError when it does not answer, or is not
    the one that made the code.
    """
    drafts = KeyFile(folder, DRAFT)
    draft = drafts.load()
    if draft is None or draft.code_name != code.name:
        draft = Identity(seed=new_seed(), code_name=code.name)
        drafts.keep(draft)
    identity = await _introduce(http, server, code, draft)
    KeyFile(folder).keep(identity)
    drafts.remove()
    log.info("Provisioned as kiosk %s.", identity.kiosk)
    return identity


async def _introduce(http: httpx.AsyncClient, server: str, code: Code, draft: Identity) -> Identity:
    nonce, key = new_nonce(), public_key(draft.seed)
    message = provision_message(code_name=code.name, public_key=key, nonce=nonce)
    said = {
        "code_name": code.name,
        "public_key": key,
        "nonce": nonce,
        "proof": code.proof(message),
        "signature": sign(draft.seed, message),
    }
    headers = {"Lintel-Kiosk": NEWCOMER, "Lintel-Nonce": nonce}
    address = urljoin(server, PATH)
    reply = await exchange(http, http.build_request("POST", address, json=said, headers=headers))
    fields = reply.json()
    if not isinstance(fields, Mapping):
        raise ServerAwayError("The server's answer cannot be read.", reached=True)
    if reply.status in {403, 409}:
        raise ProvisioningError(str(fields.get("detail", "The server does not take this code.")))
    if reply.status != 200:
        raise ServerAwayError(f"The server answered {reply.status}.", reached=True)
    ours, number = fields.get("server_key"), fields.get("kiosk")
    if not (
        isinstance(ours, str) and isinstance(number, str) and _is_ours(reply, ours, nonce, code)
    ):
        raise ServerAwayError("Whoever answered is not the server that made this code.")
    return replace(draft, kiosk=number, server_key=ours)


def _is_ours(reply: Reply, key: str, nonce: str, code: Code) -> bool:
    """Whether the answer is signed with the key whose fingerprint is in the code."""
    try:
        known = fingerprint(key) == code.server_fingerprint
    except ValueError:
        return False
    signed = answer_message(kiosk=NEWCOMER, nonce=nonce, status=reply.status, body=reply.body)
    return known and is_signed(key, reply.headers.get(SERVER_SIGNATURE, ""), signed)
