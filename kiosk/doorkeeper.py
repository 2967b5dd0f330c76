"""Watches the camera, leads the visits, asks the server, opens the door, tells the screen."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ParamSpec, TypeVar
from uuid import UUID

from kiosk.answers import Decided, NeedsPin
from kiosk.asking import Lost, answer_to, result_of
from kiosk.board import Board
from kiosk.camera import Camera, CameraState
from kiosk.capture import Capture, make_capture
from kiosk.clock import running_s
from kiosk.delivery import Delivery
from kiosk.desk import Desk
from kiosk.doors import FRESH_S, Door, DoorEvent, EventKind, Report, may_open
from kiosk.doors.standing_open import Held, StandingOpen
from kiosk.entry_delivery import EntryDelivery
from kiosk.entry_request import EntryRequest
from kiosk.errors import (
    DoorError,
    OutOfServiceError,
    ServerAwayError,
    SpoolError,
    UndecidedError,
)
from kiosk.eyes import Eyes
from kiosk.frames import CameraFrame, NewestFrame
from kiosk.link import Link, LinkState
from kiosk.lookout import Lookout, Movement
from kiosk.pin.reading import DigitReaders
from kiosk.prompt import Result, Situation, prompt_for
from kiosk.visits import Check, Effect, Outcome, Ready, Visits
from recognition import Box

log = logging.getLogger(__name__)

Args = ParamSpec("Args")
Value = TypeVar("Value")

TICK_S = 0.2
"""Without new frames, this often it is seen whether the prompt has to change."""
MOST_UNDER_WAY = 8
"""Captures that may wait for the server at once; more would only wait longer."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What a doorkeeper works with."""

    camera: Camera
    slot: NewestFrame
    arrived: asyncio.Event
    """Set in the event loop whenever the slot has a new frame."""
    eyes: Eyes
    delivery: Delivery
    entries: EntryDelivery
    link: Link
    door: Door
    standing: StandingOpen
    board: Board
    visits: Visits
    report: Report
    """Takes in what the server has to know of the door."""
    readers: DigitReaders = field(default_factory=lambda: DigitReaders({}))


class Doorkeeper:
    """The kiosk's work. Lives in one event loop; faces are looked for in one thread beside it."""

    def __init__(
        self, parts: Parts, *, unlock_s: float, clock: Callable[[], float] = running_s
    ) -> None:
        """`unlock_s` is how long the door stays unlocked, in seconds; `clock` is the camera's."""
        self._camera = parts.camera
        self._slot = parts.slot
        self._eyes = parts.eyes
        self._delivery = parts.delivery
        self._entries = parts.entries
        self._link = parts.link
        self._door = parts.door
        self._standing = parts.standing
        self._report = parts.report
        self._board = parts.board
        self._visits = parts.visits
        self._arrived = parts.arrived
        self._unlock_s = unlock_s
        self._clock = clock
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="eyes")
        self._movement = Movement()
        self._lookout = Lookout()
        self._results: dict[int, Result] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._finished = False
        self._readers = parts.readers
        self.desk = Desk(
            deliver=self._enter,
            act=self._entry_decided,
            leave=self._entry_left,
            spawn=self._spawn,
            clock=clock,
        )

    async def work(self, *, until_end: bool = False) -> None:
        """Keep the door until cancelled; with `until_end` until the film is over and answered."""
        try:
            async with asyncio.TaskGroup() as group:
                self._group = group
                self._spawn(self._in_thread(self._eyes.warm_up))
                await self._watch(until_end=until_end)
        finally:
            self._thread.shutdown(wait=False, cancel_futures=True)

    async def _watch(self, *, until_end: bool) -> None:
        seen = 0
        while True:
            frame = await self._next_frame(seen)
            if frame is not None:
                seen = frame.number
                await (self._read(frame) if self.desk.reads else self._look(frame))
            elif self._camera.state(self._clock()) is not CameraState.SHOWING:
                self._camera.require_thread()
                self._nothing_to_see()
                if until_end and self._finished and not self._tasks:
                    return
            self.desk.tick()
            self._show()

    async def _read(self, frame: CameraFrame) -> None:
        """Look for digits instead of faces: who stands there is known."""
        self._board.faces = ()
        self.desk.see(await self._in_thread(self._readers.read, frame), frame.taken_s)

    async def _next_frame(self, seen: int) -> CameraFrame | None:
        """The newest frame after number `seen`; None when none came for a while."""
        self._arrived.clear()
        frame = self._slot.newer_than(seen)
        if frame is None:
            # Not `wait_for`: before Python 3.12 it loses a cancellation that meets a new frame.
            try:
                async with asyncio.timeout(TICK_S):
                    await self._arrived.wait()
            except TimeoutError:
                return None
            frame = self._slot.newer_than(seen)
        return frame

    async def _look(self, frame: CameraFrame) -> None:
        """Search one frame, if it is its turn, and act on what is seen."""
        detail = self._lookout.due(
            frame.taken_s,
            moved=self._movement.seen(frame.image),
            present=self._visits.anybody(),
            eager=self._visits.eager(frame.taken_s),
            settled=self._visits.settled(),
        )
        if detail is None:
            return
        policy, places = self._link.policy, self._visits.places()
        look = await self._in_thread(self._eyes.look, frame, detail, policy, places)
        self._lookout.looked(frame.taken_s, look.detail, look.cost_s)
        self._act(self._visits.observe(frame.taken_s, look.sightings))
        height, width = frame.image.shape[:2]
        self._board.faces = tuple(
            _in_shares(sighting.face.box, width, height) for sighting in look.sightings
        )

    def _nothing_to_see(self) -> None:
        """No camera, or the film is over: whoever was there is lost from view."""
        ended = self._camera.state(self._clock()) is CameraState.ENDED
        if ended and not self._finished:
            self._finished = True
            self._act(self._visits.finish())
        else:
            self._act(self._visits.observe(self._clock(), ()))
        self._board.faces = ()

    def _act(self, effects: tuple[Effect, ...]) -> None:
        for effect in effects:
            self._spawn(self._capture(effect) if isinstance(effect, Ready) else self._check(effect))

    async def _check(self, check: Check) -> None:
        """See whether it is still the same person who stands there."""
        vector = await self._in_thread(self._eyes.vector, check.sighting)
        if vector is not None:
            self._visits.checked(check.visit, vector, check.sighting.time_s)

    async def _capture(self, ready: Ready) -> None:
        """Make a capture of a visit, and bring it to its end."""
        if not self._may_ask():
            self._visits.abandon(ready.visit, self._clock())
            return
        vector = await self._in_thread(self._eyes.vector, ready.best)
        if not self._visits.begin(ready.visit, vector, self._clock()):
            log.info("visit %d: somebody who was just here", ready.visit)
            return
        most_frames = self._link.policy.max_frames
        capture = await self._in_thread(make_capture, ready.sightings, most_frames)
        log.info("capture %s: visit %d, %d frames", capture.id, ready.visit, len(capture.frames))
        answer = await answer_to(capture.id, self._delivery.decision(capture), undelivered="noted")
        if isinstance(answer, NeedsPin) and self.desk.ask(answer, ready.visit):
            log.info("capture %s: more is wanted", capture.id)
            return
        outcome, result = self._outcome(capture, answer)
        self._close(ready.visit, outcome, result)

    def _close(self, visit: int, outcome: Outcome, result: Result | None) -> None:
        if result is not None:
            self._results[visit] = result
        self._visits.answered(visit, outcome, self._clock())
        self._show()

    def _entry_left(self, visit: int, outcome: Outcome, result: Result | None) -> None:
        """Close the visit that waited for an entry."""
        self._close(visit, outcome, result)

    def _may_ask(self) -> bool:
        """Whether a capture would be taken at all."""
        wanted = self._link.state is not LinkState.OUT_OF_SERVICE and not self._link.clock_wrong
        free = not self.desk.active and self._visits.under_way() <= MOST_UNDER_WAY
        return wanted and free

    def _outcome(
        self, capture: Capture, answer: Decided | NeedsPin | Lost
    ) -> tuple[Outcome, Result | None]:
        """What became of a capture, and what the person is told."""
        if isinstance(answer, Lost):
            return answer.outcome, answer.result
        if isinstance(answer, NeedsPin):
            # Somebody else began to type meanwhile.
            return Outcome.UNDELIVERED, Result(accepted=False, reason="one_at_a_time")
        return self._decided(capture, capture.captured_at, answer)

    async def _enter(self, entry: EntryRequest) -> Decided | NeedsPin:
        """Bring an entry to the server; one that comes to nothing here may have been decided."""
        try:
            return await self._entries.decision(entry)
        except (OutOfServiceError, ServerAwayError, SpoolError, UndecidedError):
            self._stays_shut(entry.id)
            raise

    def _stays_shut(self, capture: UUID) -> None:
        """Have the server know that nobody came in by this, whatever it decided."""
        self._report(DoorEvent(EventKind.STAYED_SHUT, capture=capture))

    def _entry_decided(
        self, entry: EntryRequest, decided: Decided
    ) -> tuple[Outcome, Result | None]:
        return self._decided(entry, entry.entered_at, decided)

    def _decided(
        self, asked: Capture | EntryRequest, at: datetime, decided: Decided
    ) -> tuple[Outcome, Result | None]:
        """Act on a decision about a capture or an entry of the kiosk's time `at`."""
        age_s = self._clock() - asked.taken_s
        verdict = "accepted" if decided.accepted else f"refused ({decided.reason})"
        log.info("capture %s: %s after %.2f s", asked.id, verdict, age_s)
        if decided.accepted and age_s > FRESH_S:
            log.warning("capture %s: %.0f s old, the door stays shut", asked.id, age_s)
            self._stays_shut(asked.id)
            return Outcome.LATE, None
        if self._standing.held is not Held.OPEN:
            if may_open(decided, age_s):
                self._spawn(self._unlock(asked.id))
            elif decided.accepted:
                self._stays_shut(asked.id)
        return (Outcome.ACCEPTED if decided.accepted else Outcome.REFUSED), result_of(decided, at)

    async def _unlock(self, capture: UUID) -> None:
        try:
            await self._door.unlock(self._unlock_s)
        except DoorError as error:
            log.warning("capture %s: the door did not open: %s", capture, error)
            self._stays_shut(capture)

    def _show(self) -> None:
        """Bring the screen up to date."""
        standings = self._visits.standings()
        known = {standing.visit for standing in standings}
        self._results = {v: result for v, result in self._results.items() if v in known}
        now_s = self._clock()
        prompt = prompt_for(
            Situation(
                now_s=now_s,
                camera=self._camera.state(now_s),
                link=self._link.state,
                clock_wrong=self._link.clock_wrong,
                standings=standings,
                results=self._results,
                entry=self.desk.view(),
                entry_news=self.desk.news,
                lockdown=self._link.lockdown,
                emergency=self._standing.held,
                pins_offline=self._entries.works_offline(),
            )
        )
        self._board.show(prompt, self._link.zone.key)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = self._group.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _in_thread(
        self, work: Callable[Args, Value], *args: Args.args, **kwargs: Args.kwargs
    ) -> Value:
        """Run what takes computing beside the event loop."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, lambda: work(*args, **kwargs))


def _in_shares(box: Box, width: int, height: int) -> Box:
    return Box(box.left / width, box.top / height, box.right / width, box.bottom / height)
