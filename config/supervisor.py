"""Runs a few programs side by side until it is told to stop, then stops all of them."""

import os
import selectors
import signal
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from config.children import FIRST_WAIT_S, Child, Phase, Program
from config.printer import Printer

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
TICK_S = 0.25
GRACE_S = 10.0

NAME = "lintel"


class StopRequested(Exception):
    """Somebody wants the supervisor to end: Ctrl-C, SIGTERM, a terminal that was closed."""


class Supervisor:
    """Starts, watches and stops programs; a context manager that leaves none behind.

    While it is entered it handles SIGINT, SIGTERM and SIGHUP: the first one raises StopRequested
    out of `run` or `complete`, a second one kills what has not stopped yet. Main thread only.
    """

    def __init__(
        self,
        printer: Printer,
        mark: int,
        *,
        grace_s: float = GRACE_S,
        first_wait_s: float = FIRST_WAIT_S,
    ) -> None:
        self._printer = printer
        self._mark = mark
        self._grace_s = grace_s
        self._first_wait_s = first_wait_s
        self._children: list[Child] = []
        self._selector = selectors.DefaultSelector()
        self._stops = 0

    def __enter__(self) -> Self:
        self._wakeup, self._alarm = os.pipe()
        for descriptor in (self._wakeup, self._alarm):
            os.set_blocking(descriptor, False)
        self._selector.register(self._wakeup, selectors.EVENT_READ)
        signal.set_wakeup_fd(self._alarm, warn_on_full_buffer=False)
        for number in STOP_SIGNALS:
            signal.signal(number, self._note_stop)
        # Handled, so that the end of a child wakes the supervisor.
        signal.signal(signal.SIGCHLD, lambda *_: None)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            self.stop()
        finally:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            self._selector.close()
            os.close(self._wakeup)
            os.close(self._alarm)

    def say(self, line: str) -> None:
        """Print a line of the supervisor's own."""
        self._printer.print(NAME, line)

    def start(self, program: Program) -> None:
        """Start a program that is kept running until the end."""
        self._launch(self._add(program))

    def complete(self, program: Program) -> int:
        """Run a program to its end, whatever that is; return its exit status."""
        step = self._add(program)
        self._launch(step)
        while step.end() is None:
            self._turn(besides=step)
        self._clear(step)
        self._children.remove(step)
        return step.process.returncode

    def run(self, *, tick: Callable[[], None] = lambda: None) -> None:
        """Keep all programs running, calling `tick` a few times a second, until told to stop."""
        while True:
            self._turn()
            tick()

    def stop(self) -> None:
        """Stop all programs, the last started first, each within its grace."""
        for child in reversed(self._children):
            child.ask_to_stop()
            deadline = time.monotonic() + self._grace_s
            while child.phase is Phase.RUNNING and child.end() is None:
                if time.monotonic() > deadline or self._stops > 1:
                    self.say(f"{child.program.name} does not stop: killing it")
                    break
                self._listen()
            self._clear(child)
        self._children.clear()

    def _note_stop(self, number: int, frame: object) -> None:
        self._stops += 1

    def _add(self, program: Program) -> Child:
        child = Child(program, self._mark, first_wait_s=self._first_wait_s)
        self._children.append(child)
        return child

    def _turn(self, *, besides: Child | None = None) -> None:
        """Listen once, then see to programs that have ended or are to start again."""
        self._listen()
        if self._stops or self._printer.deaf:
            raise StopRequested
        for child in self._children:
            if child is besides:
                continue
            if child.phase is Phase.WAITING and time.monotonic() >= child.due:
                self._launch(child)
            elif child.phase is Phase.RUNNING and (end := child.end()) is not None:
                self._clear(child)
                wait = child.wait_for_next()
                self.say(f"{child.program.name} {end}; starting it again in {wait:g} s")

    def _launch(self, child: Child) -> None:
        child.start()
        self._selector.register(child.output, selectors.EVENT_READ, child)

    def _clear(self, child: Child) -> None:
        """Print the last words of a process and remove what it has left."""
        if child.phase is Phase.RUNNING:
            self._print_lines(child)
            if not child.silent:
                self._selector.unregister(child.output)
            child.clear()

    def _listen(self) -> None:
        """Wait a moment for output and signals; print the output."""
        for key, _ in self._selector.select(TICK_S):
            if isinstance(key.data, Child):
                self._print_lines(key.data)
            else:
                os.read(self._wakeup, 1024)

    def _print_lines(self, child: Child) -> None:
        if child.silent:
            return
        for line in child.hear():
            self._printer.print(child.program.name, line)
        if child.silent:
            self._selector.unregister(child.output)
