"""The keeper of one private server: its parent, for as long as somebody uses the servers.

Every process that uses the servers holds a shared lock on `run/users.lock` for its life. The
keeper waits for that lock alone: when it gets it nobody is left, whatever ended them, and the
server is stopped. A server that dies while it is used is started again. The keeper holds its
server's lock file, so there is one keeper a server, and dies with nobody: it is a daemon.

Started as `python -S -m config.servers NAME PLAN REPORT`; the first line written to the
descriptor REPORT is "ready", or the fault that kept the server from starting. Standard library
only, so that it costs 10 MB and milliseconds.
"""

import os
import queue
import signal
import subprocess
import threading
import time
from enum import Enum, auto

from config.faults import SetupError
from config.servers.locks import LockFile
from config.servers.plan import ServerPlan
from config.servers.postgresql import BARE_ENVIRONMENT, PostgresqlServer
from config.servers.redis_server import RedisServer
from config.servers.server import Server, choose_account, open_log
from config.tether import tethered

SERVERS: dict[str, type[Server]] = {
    server.name: server for server in (PostgresqlServer, RedisServer)
}

START_SECONDS = 60.0
STOP_SECONDS = 20.0
# Waits between the starts of a server that dies again and again.
FIRST_WAIT_S, LONGEST_WAIT_S = 0.1, 5.0


class Event(Enum):
    """What wakes the keeper."""

    ENDED = auto()
    UNUSED = auto()
    ASKED = auto()


class Keeper:
    """Runs one server. Its main thread alone starts processes: their tether is to the thread."""

    process: subprocess.Popen[bytes]
    launch: list[str]
    start_lock: LockFile

    def __init__(self, server: Server, lock: LockFile) -> None:
        self.server = server
        self.lock = lock
        self.users = LockFile(server.plan.state.run / "users.lock")
        self.events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self.asked = False

    def start(self) -> None:
        """Start the server and wait until it answers; raises SetupError when it does not."""
        account, change = choose_account(self.server.plan.program)
        self.server.prepare(account)
        self.launch = tethered(
            self.server.command(),
            death_signal=self.server.stop_signals[0],
            account=account.ids if change else None,
            folder=self.server.working_folder,
        )
        self._spawn()
        deadline = time.monotonic() + START_SECONDS
        while not self.server.is_ready():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise SetupError(f"{self.server.name} does not start: {self._last_words()}")
            time.sleep(0.01)
        self._say("ready")

    def keep(self) -> None:
        """Keep the server running until nobody uses it or somebody asks for its end."""
        self._watch_users()
        wait = FIRST_WAIT_S
        while True:
            event = self.events.get()
            if event is Event.ASKED or (event is Event.UNUSED and self._nobody_left()):
                break
            if event is Event.UNUSED:
                self._watch_users()
            elif event is Event.ENDED and not self.asked:
                print(f"{self.server.name} has ended by itself; starting it again", flush=True)
                time.sleep(wait)
                wait = min(wait * 2, LONGEST_WAIT_S)
                self._spawn()
        self._say("stopping")
        self.stop()

    def stop(self) -> None:
        """Stop the server, with more force each time it takes too long."""
        self.asked = True
        for stop_signal in self.server.stop_signals:
            self.process.send_signal(stop_signal)
            try:
                self.process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                continue
            return

    def ask(self, *_: object) -> None:
        """Take a signal as the wish that the server end."""
        self.asked = True
        self.events.put(Event.ASKED)

    def _spawn(self) -> None:
        self.process = subprocess.Popen(
            self.launch, stdin=subprocess.DEVNULL, env=BARE_ENVIRONMENT, start_new_session=True
        )
        threading.Thread(target=self._watch_process, args=(self.process,), daemon=True).start()

    def _watch_process(self, process: subprocess.Popen[bytes]) -> None:
        process.wait()
        self.events.put(Event.ENDED)

    def _watch_users(self) -> None:
        threading.Thread(target=self._wait_for_users, daemon=True).start()

    def _wait_for_users(self) -> None:
        self.users.take()
        self.users.release()
        self.events.put(Event.UNUSED)

    def _nobody_left(self) -> bool:
        """Whether nobody uses the servers, now that nobody can begin to until this process ends."""
        try:
            start = LockFile(self.server.plan.state.run / "start.lock")
        except SetupError:
            # The whole state folder was removed under our feet.
            return True
        while not start.try_take():
            if self.asked:
                return True
            time.sleep(0.02)
        if self.users.try_take():
            self.users.release()
            # `start` stays locked, and open, to the end of this process.
            self.start_lock = start
            return True
        start.close()
        return False

    def _say(self, state: str) -> None:
        self.lock.write(f"{os.getpid()} {state}")

    def _last_words(self) -> str:
        """The last line of the server's log."""
        try:
            lines = self.server.log.read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            lines = []
        return f"{lines[-1].strip()} (see {self.server.log})" if lines else "it says nothing"


def main(name: str, plan_text: str, report: int) -> None:
    """Leave the process that asked behind, start the server, keep it."""
    if os.fork():
        os._exit(0)
    server = SERVERS[name](ServerPlan.from_json(plan_text))
    try:
        keeper = _begin(server)
    except SetupError as fault:
        os.write(report, f"{fault}\n".encode())
        return
    os.write(report, b"ready\n")
    os.close(report)
    keeper.keep()


def _begin(server: Server) -> Keeper:
    lock = LockFile(server.lock)
    if not lock.take_within(STOP_SECONDS * 2):
        raise SetupError(f"an older {server.name} has not ended: {server.lock} is still locked")
    log = open_log(server.log)
    os.dup2(log, 1)
    os.dup2(log, 2)
    keeper = Keeper(server, lock)
    keeper._say("starting")
    signal.signal(signal.SIGTERM, keeper.ask)
    for ignored in (signal.SIGINT, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    keeper.start()
    return keeper
