"""The line between a kiosk and its server: it may be cut, torn, mended, and made slow."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress

MOST_AT_ONCE = 64 * 1024


class Network:
    """Carries bytes to a port of this machine, as TCP does over a line that somebody treads on.

    What is sent while it is cut is not lost: it waits, and arrives once the line is mended, for
    that is what TCP does. Safe to use from the test's thread.
    """

    def __init__(self, port: int) -> None:
        """Begin to carry to this port."""
        self._to = port
        self._questions, self._answers = asyncio.Event(), asyncio.Event()
        self._slow_s = 0.0
        self._ends: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        opening = asyncio.start_server(self._carry, "127.0.0.1", 0)
        self._listening = asyncio.run_coroutine_threadsafe(opening, self._loop).result()
        self.address = f"http://127.0.0.1:{self._listening.sockets[0].getsockname()[1]}"
        self.mend()

    def cut(self) -> None:
        """Nothing passes any more, in neither direction."""
        self._do(self._questions.clear)
        self._do(self._answers.clear)

    def hold_answers(self) -> None:
        """What the kiosk sends arrives; what the server answers does not come back."""
        self._do(self._answers.clear)

    def slow(self, seconds: float) -> None:
        """Each answer takes this much longer from now on."""
        self._slow_s = seconds

    def mend(self) -> None:
        """Everything passes again, also what was sent meanwhile."""
        self._slow_s = 0.0
        self._do(self._questions.set)
        self._do(self._answers.set)

    def tear(self) -> None:
        """End every connection; what was under way on it is lost. New ones pass as before."""
        self._do(self._end_all)

    def close(self) -> None:
        """Carry nothing more."""
        self._do(self._listening.close)
        asyncio.run_coroutine_threadsafe(self._end_carrying(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    def _do(self, work: Callable[[], None]) -> None:
        async def done() -> None:
            work()

        asyncio.run_coroutine_threadsafe(done(), self._loop).result()

    async def _end_carrying(self) -> None:
        carrying = asyncio.all_tasks() - {asyncio.current_task()}
        for task in carrying:
            task.cancel()
        await asyncio.gather(*carrying, return_exceptions=True)
        self._end_all()

    def _end_all(self) -> None:
        for end in self._ends:
            end.transport.abort()

    async def _carry(self, kiosk: asyncio.StreamReader, to_kiosk: asyncio.StreamWriter) -> None:
        try:
            server, to_server = await asyncio.open_connection("127.0.0.1", self._to)
        except OSError:
            to_kiosk.close()
            return
        ends = {to_kiosk, to_server}
        self._ends |= ends
        await asyncio.gather(
            self._pass_on(kiosk, to_server, self._questions),
            self._pass_on(server, to_kiosk, self._answers),
        )
        self._ends -= ends

    async def _pass_on(
        self, source: asyncio.StreamReader, to: asyncio.StreamWriter, gate: asyncio.Event
    ) -> None:
        with suppress(ConnectionError):
            while part := await source.read(MOST_AT_ONCE):
                if gate is self._answers:
                    await asyncio.sleep(self._slow_s)
                await gate.wait()
                to.write(part)
                await to.drain()
        to.close()
