"""Tests that a kiosk's log cannot fill its card."""

import subprocess
import sys
from pathlib import Path

from kiosk.__main__ import LOG_BYTES, LOG_FILES

TALKING = """
import logging, sys
from pathlib import Path
from kiosk.__main__ import LOG_BYTES, LOG_FILES, set_up_logging
set_up_logging(logging.INFO, Path(sys.argv[1]))
line = "x" * 8000
for number in range(2 * LOG_FILES * LOG_BYTES // len(line)):
    logging.info("%d %s", number, line)
logging.info("the last word")
"""


def test_however_much_is_said_the_log_stays_bounded_and_keeps_the_newest(tmp_path: Path) -> None:
    folder = tmp_path / "log"
    folder.mkdir()
    subprocess.run(
        [sys.executable, "-c", TALKING, str(folder / "kiosk.log")],
        check=True,
        stderr=subprocess.DEVNULL,
    )
    written = sorted(folder.iterdir())
    assert len(written) == LOG_FILES
    assert sum(file.stat().st_size for file in written) <= LOG_FILES * LOG_BYTES
    assert (folder / "kiosk.log").read_text().rstrip().endswith("the last word")
