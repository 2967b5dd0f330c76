"""Fetches the offline gallery, keeps it sealed, and decides by it while the server is away."""

import asyncio
import json
import logging
from pathlib import Path

from kiosk.answers import Decided
from kiosk.capture import Capture
from kiosk.client import Client
from kiosk.errors import SealError, StartError
from kiosk.link import Link
from kiosk.offline.fetching import keep_fetching
from kiosk.offline.pack import OfflinePack, OfflinePerson, parse_pack
from kiosk.spool import Vault
from kiosk.trust.private_file import read_private, write_private
from recognition import (
    DecodeError,
    Engine,
    Gates,
    ProbeRefused,
    decide,
    decode,
    probe_from_images,
)

log = logging.getLogger(__name__)

NAME = "offline.sealed"


class OfflineKeeper:
    """Holds the newest pack of this kiosk, on disk and in memory. Use in one event loop."""

    def __init__(
        self, client: Client, link: Link, engine: Engine, vault: Vault, folder: Path
    ) -> None:
        self._client = client
        self._link = link
        self._engine = engine
        self._vault = vault
        self._path = folder / NAME
        self._pack: OfflinePack | None = None

    def load(self) -> None:
        """Read what was kept before the kiosk was started; what does not open is left out."""
        try:
            sealed = read_private(self._path)
            if sealed:
                kept = json.loads(self._vault.open(sealed, NAME))
                self._pack = self._parsed(kept["pack"].encode(), kept["signature"])
        except (SealError, StartError, ValueError, KeyError) as error:
            log.warning("No offline gallery from before: %s", error)

    async def run(self) -> None:
        """Fetch again and again until cancelled."""
        await keep_fetching(
            "Offline gallery", self.fetch, lambda: self._pack is not None, self._link
        )

    async def fetch(self) -> None:
        """Have the newest pack, or none where the door may do nothing by itself.

        Raises ServerError, SealError or StartError, and leaves the one before as it is.
        """
        content, signature = await self._client.offline_pack()
        if not content:
            self._pack = None
            await asyncio.to_thread(self._path.unlink, missing_ok=True)
            return
        pack = await asyncio.to_thread(self._parsed, content, signature)
        kept = json.dumps({"pack": content.decode(), "signature": signature}).encode()
        sealed = self._vault.seal(kept, NAME)
        await asyncio.to_thread(write_private, self._path, sealed)
        self._pack = pack
        log.info("Offline gallery: %d people until %s", len(pack.people), pack.validity.end)

    def ready(self) -> bool:
        """Whether a decision can be made without the server now."""
        return (
            self._pack is not None
            # The last that was heard of the server: whoever cuts the line in a lockdown stays out.
            and not self._link.lockdown
            and self._pack.validity.holds(self._link.server_time())
            and self._pack.engine == self._engine.id
        )

    async def decide(self, capture: Capture) -> tuple[Decided, OfflinePerson] | None:
        """Let somebody in by the pack; None where it does not name them: then nobody is refused.

        The capture's own frames are looked at, the same way as the server will later.
        """
        pack = self._pack
        if pack is None or not self.ready():
            return None
        person = await asyncio.to_thread(self._match, pack, capture)
        if person is None or not person.windows.hold(self._link.server_time()):
            return None
        log.warning("capture %s: let in without the server", capture.id)
        decided = Decided(
            capture=capture.id,
            accepted=True,
            reason="matched",
            message="",
            name=person.name,
            repeat=False,
            open_door=True,
        )
        return decided, person

    def _match(self, pack: OfflinePack, capture: Capture) -> OfflinePerson | None:
        try:
            images = [decode(frame) for frame in capture.frames]
            gates = Gates(min_face_px=pack.min_face_px)
            probe = probe_from_images(images, engine=self._engine, gates=gates)
        except (DecodeError, ProbeRefused):
            return None
        decision = decide(pack.gallery.search_probe(probe), pack.rule)
        if not decision.accepted or decision.match is None or decision.match.label is None:
            return None
        return pack.people.get(decision.match.label)

    def _parsed(self, content: bytes, signature: str) -> OfflinePack:
        identity = self._client.trust.identity
        return parse_pack(content, signature, kiosk=identity.kiosk, server_key=identity.server_key)
