"""`make run` as a newcomer meets it: drawn people walk up to a door, and all of it ends again."""

import shutil
import signal
import uuid
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.config.processes import processes_of
from tests.people import DEMO_PEOPLE
from tests.stack import PYTHON, REPOSITORY, Stack, free_port, wait_for

from .outcomes import accepted_names, refused_reasons

pytestmark = pytest.mark.slow


@pytest.fixture
def demo() -> Iterator[Stack]:
    """Return an installation that the supervisor has brought up by itself."""
    var = REPOSITORY / "var" / "test" / f"demo-{uuid.uuid4().hex[:8]}"
    var.mkdir(parents=True)
    stack = Stack(var)
    del stack.environment["LINTEL_ADMIN_PASSWORD"]
    stack.environment["KIOSK_PORT"] = str(free_port())
    try:
        stack.run("supervisor", [PYTHON, "-m", "config"])
        wait_for(lambda: "Lintel is ready" in stack.log("supervisor"), what="the demo", limit_s=120)
        yield stack
    finally:
        stack.close()
        shutil.rmtree(var, ignore_errors=True)


def test_everybody_enrolled_checks_in_once_the_stranger_is_refused_and_nothing_is_left(
    demo: Stack,
) -> None:
    everybody = Counter(person.name for person in DEMO_PEOPLE)
    wait_for(
        lambda: "The video is over" in demo.log("supervisor"), what="the video's end", limit_s=120
    )
    wait_for(lambda: accepted_names(demo) == everybody, what="ten check-ins", limit_s=20)
    assert set(refused_reasons(demo)) == {"not_recognised"}
    assert "password" in demo.log("supervisor")

    supervisor = demo.process("supervisor")
    supervisor.send_signal(signal.SIGTERM)
    assert supervisor.wait(timeout=30) in (0, 143, -signal.SIGTERM)
    wait_for(lambda: not processes_of(demo.var), what="an empty process table", limit_s=15)
