"""`python -m config`, which is `make run`: everything under one supervisor, until Ctrl-C."""

import argparse
import os
import signal
import sys
import time
import urllib.error
import urllib.request

from config.database import check_database
from config.environment import Environment, load_environment
from config.faults import SetupError, one_line_faults
from config.line_up import (
    KIOSK_TOKEN,
    PASSWORD,
    Step,
    demo_steps,
    first_steps,
    kiosk_address,
    kiosk_program,
    service_programs,
    web_address,
    with_kiosk,
)
from config.ports import require_free_port
from config.printer import Printer, goes_to_journal
from config.secrets import make_password, secret
from config.servers import ensure_servers, leave_servers, servers_kept
from config.single_run import single_run
from config.supervisor import NAME, StopRequested, Supervisor
from config.tether import die_with_parent

SERVERS_CHECK_S = 2.0
ANSWER_TIMEOUT_S = 0.5


class Watch:
    """What the supervisor looks after between two turns: the private servers, the first answer."""

    def __init__(self, environment: Environment, supervisor: Supervisor, password: str) -> None:
        self._environment = environment
        self._supervisor = supervisor
        self._password = password
        self._checked = time.monotonic()
        self._answered = False

    def tick(self) -> None:
        """Start private servers again whose keeper was killed; greet when the site answers."""
        now = time.monotonic()
        if now - self._checked > SERVERS_CHECK_S:
            self._checked = now
            if not servers_kept(self._environment):
                self._supervisor.say("a private server's keeper is gone; starting it again")
                try:
                    ensure_servers(self._environment)
                except SetupError as fault:
                    # Tried again at the next look: a full disk may be emptied meanwhile.
                    self._supervisor.say(str(fault))
        if not self._answered and answers(web_address(self._environment)):
            self._answered = True
            for line in greeting(self._environment, self._password):
                self._supervisor.say(line)


def answers(address: str) -> bool:
    """Whether the site says that it is there."""
    try:
        with urllib.request.urlopen(f"{address}/healthz", timeout=ANSWER_TIMEOUT_S) as reply:  # noqa: S310 - http, our own
            return bool(reply.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def greeting(environment: Environment, password: str) -> list[str]:
    """What a person needs to know once everything runs."""
    kept = f"in {environment.state.secrets / PASSWORD}"
    lines = ["", f"Lintel is ready:  {web_address(environment)}/"]
    lines.append(f"    login    admin   password {kept if goes_to_journal() else password}")
    if with_kiosk(environment):
        lines.append(f"    kiosk    {kiosk_address(environment)}/")
    return [*lines, "    Ctrl-C ends everything.", ""]


def run(environment: Environment) -> None:
    """Run everything until told to stop; raises SetupError where something is in the way."""
    printer = Printer()
    address = web_address(environment)
    with single_run(
        environment.state, address=address, say=lambda line: printer.print(NAME, line)
    ) as mark:
        require_free_port(environment.host, environment.port, "LINTEL_PORT")
        if with_kiosk(environment):
            require_free_port("127.0.0.1", environment.kiosk_port, "KIOSK_PORT")
        try:
            with Supervisor(printer, mark) as supervisor:
                _supervise(environment, supervisor)
        except StopRequested:
            printer.print(NAME, "stopped")
        finally:
            leave_servers()


def _supervise(environment: Environment, supervisor: Supervisor) -> None:
    """Start everything in order, then keep it running."""
    check_database(ensure_servers(environment).database_url)
    password = secret(environment.state.secrets, PASSWORD, make_password)
    for step in first_steps(environment, password=password):
        take(step, supervisor)
    for program in service_programs(environment):
        supervisor.start(program)
    watch = Watch(environment, supervisor, password)
    for step in demo_steps(environment):
        take(step, supervisor)
    if with_kiosk(environment):
        token = (environment.state.secrets / KIOSK_TOKEN).read_text(encoding="utf-8").strip()
        supervisor.start(kiosk_program(environment, token=token))
    supervisor.run(tick=watch.tick)


def take(step: Step, supervisor: Supervisor) -> None:
    """Run one step unless it was done before; raises SetupError where a vital one fails."""
    if step.done is not None and step.done.exists():
        return
    if supervisor.complete(step.program) != 0:
        if step.vital:
            raise SetupError(f"{step.failed}, see above")
        supervisor.say(step.failed)
    elif step.done is not None:
        step.done.touch()


def main() -> None:
    """Run as the command line and the environment say."""
    parser = argparse.ArgumentParser(prog="python -m config", description=__doc__)
    parser.add_argument(
        "--with-parent", action="store_true", help="end when the process that started this ends"
    )
    arguments = parser.parse_args()
    if arguments.with_parent:
        die_with_parent(signal.SIGTERM)
    os.umask(0o077)
    with one_line_faults():
        run(load_environment())
    sys.exit(0)


if __name__ == "__main__":
    main()
