"""Checks PINs while the server is away, where the door's policy lets it, and counts the wrong ones.

What PINs are checked against comes from the server, sealed to a key that lives for one answer, and
stays in memory: a kiosk that is unplugged has forgotten it. A try is in the spool, as a wrong one,
before it is looked at; so a power cut costs a try, and the server hears of each once.
"""

import asyncio
import base64
import logging
from collections import Counter
from dataclasses import replace

from argon2.exceptions import Argon2Error
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from kiosk.answers import Decided
from kiosk.client import Client
from kiosk.entry_request import EntryRequest
from kiosk.errors import SpoolError
from kiosk.link import Link
from kiosk.offline.fetching import keep_fetching
from kiosk.offline.pin_list import Listed, PinList, open_list, proof_of
from kiosk.pin import Digits
from kiosk.spool import Kind, LateEntry, Spool, entry_parcel, reading_of, unpacked_entry

log = logging.getLogger(__name__)

REFUSED = "offline_pin"
"""The one refusal there is: for a wrong PIN, an unknown number, other hours and too many tries."""
WRONG_PER_PERSON = 5
"""Wrong PINs for one number until the server is back; as many as the server allows in a row."""
WRONG_AT_KIOSK = 20
"""Wrong PINs for all numbers together: whoever pulls the cable out has no more than these."""


class OfflinePins:
    """Holds the newest list, in memory alone. Use in one event loop, one entry at a time."""

    def __init__(self, client: Client, link: Link, spool: Spool, live: set[int]) -> None:
        """`live` are the numbers in the spool that the courier leaves alone."""
        self._client = client
        self._link = link
        self._spool = spool
        self._live = live
        self._list: PinList | None = None
        self._wrong: Counter[str] = Counter()
        """Wrong ones that the list's own counts do not have in them, by number or person."""

    async def run(self) -> None:
        """Fetch again and again until cancelled."""
        await keep_fetching("Offline PINs", self.fetch, lambda: self._list is not None, self._link)

    async def fetch(self) -> None:
        """Have the newest list, or none where the door may not check PINs by itself.

        Raises ServerError, SealError or SpoolError, and leaves the one before as it is.
        """
        before = self._wrong.copy()
        # Read before the server counts: what is delivered meanwhile counts twice, never not.
        untold = await asyncio.to_thread(self._untold)
        key = X25519PrivateKey.generate()
        public = base64.b64encode(key.public_key().public_bytes_raw()).decode()
        sealed = await self._client.offline_pins(public)
        if not sealed:
            self._list = None
            return
        kiosk = self._client.trust.identity.kiosk
        listed = await asyncio.to_thread(open_list, sealed, key, kiosk=kiosk)
        wrong: Counter[str] = Counter()
        for number, count in untold.items():
            wrong[_who(listed.claimed(number), number)] += count
        self._wrong = wrong + (self._wrong - before)
        self._list = listed
        people = len({person.id for person in listed.people.values()})
        log.info("Offline PINs: %d people until %s", people, listed.validity.end)

    def ready(self) -> bool:
        """Whether number and PIN can be decided without the server now."""
        return (
            self._list is not None
            and self._list.validity.holds(self._link.server_time())
            # The last that was heard of the server, as for faces.
            and not self._link.lockdown
        )

    async def decide(self, entry: EntryRequest) -> Decided | None:
        """Decide about a number and its PIN; None where that cannot be done here.

        Raises SpoolError where the try cannot be kept, and therefore is none.
        """
        listed = self._list
        if listed is None or not self.ready():
            return None
        if entry.capture is not None or entry.number is None or entry.pin is None:
            return None
        number = entry.number.reveal().strip()
        claimed = listed.claimed(number)
        if self._spent(listed, claimed, _who(claimed, number)):
            # Looked at all the same: a door that answers sooner tells that it did not look.
            await asyncio.to_thread(_made, listed, entry.pin, claimed, number)
            log.warning("entry %s: no PIN is taken any more until the server is back", entry.id)
            return _decided(entry, None)
        reading = reading_of(entry.entered_at, entry.taken_s, self._link.measured_skew)
        noted = LateEntry(entry.id, number, entry.how, reading)
        place = await asyncio.to_thread(self._spool.add, entry.id, Kind.ENTRY, entry_parcel(noted))
        self._live.add(place)
        try:
            name = await self._checked(listed, entry.pin, place, noted)
        finally:
            self._live.discard(place)
        log.warning("entry %s: decided without the server", entry.id)
        return _decided(entry, name)

    async def _checked(
        self, listed: PinList, pin: Digits, place: int, noted: LateEntry
    ) -> str | None:
        """Look at a try that is in the spool; returns the name of whom it lets in."""
        claimed = listed.claimed(noted.number)
        who = _who(claimed, noted.number)
        self._wrong[who] += 1
        made, right = await asyncio.to_thread(_made, listed, pin, claimed, noted.number)
        if not right or claimed is None:
            return None
        kiosk, at = self._client.trust.identity.kiosk, noted.reading.captured_at
        proof = proof_of(made, kiosk=kiosk, person=claimed.id, entered_at=at)
        let_in = claimed.windows.hold(self._link.server_time())
        told = replace(
            noted,
            reading=replace(noted.reading, offline_person=claimed.id),
            let_in=let_in,
            proof=proof,
        )
        # On the disk before the door opens.
        await asyncio.to_thread(self._spool.replace, place, entry_parcel(told))
        del self._wrong[who]
        return claimed.name if let_in else None

    def _spent(self, listed: PinList, claimed: Listed | None, who: str) -> bool:
        """Whether there have been too many wrong ones for this number, or at this kiosk."""
        theirs = self._wrong[who] + (claimed.wrong if claimed else 0)
        return theirs >= WRONG_PER_PERSON or self._wrong.total() + listed.wrong >= WRONG_AT_KIOSK

    def _untold(self) -> Counter[str]:
        """Wrong ones in the spool, by number as it was typed. Raises SpoolError."""
        wrong: Counter[str] = Counter()
        for entry in self._spool.waiting(Kind.ENTRY):
            try:
                told = unpacked_entry(entry.id, entry.content)
            except SpoolError as error:
                log.warning("%s", error)
                continue
            if told.reading.offline_person is None:
                wrong[told.number] += 1
            else:
                wrong.pop(told.number, None)
        return wrong


def _made(listed: PinList, pin: Digits, claimed: Listed | None, number: str) -> tuple[bytes, bool]:
    try:
        return listed.made(pin, claimed, number)
    except Argon2Error as error:
        log.critical("A PIN could not be checked here (%s): not enough memory?", error)
        return b"", False


def _who(claimed: Listed | None, number: str) -> str:
    return number if claimed is None else str(claimed.id)


def _decided(entry: EntryRequest, name: str | None) -> Decided:
    return Decided(
        capture=entry.id,
        accepted=name is not None,
        reason=REFUSED if name is None else "matched",
        message="",
        name=name,
        repeat=False,
        open_door=name is not None,
    )
