"""Trials that come to no good end, or late: put in the place of the real one, apart.

Nothing but the library is imported here, for that process imports this module.
"""

import os
import time
from pathlib import Path

LAST_WORD = "Check failed: kernel of another processor"


def ends_by_abort(*_: str) -> None:
    """End as native code does that has found a fault in itself."""
    os.write(2, f"{LAST_WORD}\n".encode())
    os.abort()


def waits_for_a_file(*_: str) -> None:
    """Pass as soon as the file that is named by GO is there."""
    while not Path(os.environ["GO"]).exists():
        time.sleep(0.02)
