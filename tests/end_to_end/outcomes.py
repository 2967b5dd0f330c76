"""What a stack's database says happened."""

import ast
from collections import Counter

from tests.stack import Stack, wait_for


def accepted_names(stack: Stack) -> Counter[str]:
    """Return who was let in, and how often that counted."""
    rows = stack.query(
        "list(CheckIn.objects.filter(accepted=True, repeat_of=None)"
        ".values_list('person__full_name', flat=True))"
    )
    return Counter(ast.literal_eval(rows))


def refused_reasons(stack: Stack) -> Counter[str]:
    """Return why captures were refused, and how often."""
    rows = stack.query(
        "list(CheckIn.objects.filter(accepted=False).values_list('reason', flat=True))"
    )
    return Counter(ast.literal_eval(rows))


def play(stack: Stack, video: str, *options: str, limit_s: float = 120) -> None:
    """Let a headless kiosk watch a video to its end."""
    stack.start_kiosk(video, "--headless", "--exit-at-end", *options)
    kiosk = stack.process("kiosk")
    wait_for(lambda: kiosk.poll() is not None, what="the kiosk's end", limit_s=limit_s)
    assert kiosk.returncode == 0, stack.log("kiosk")
