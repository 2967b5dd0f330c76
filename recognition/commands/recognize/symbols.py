"""`recognize --digits` and `--letters`: what is signed or written, and what is spelt so far."""

import argparse
import sys
from dataclasses import dataclass, field
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from recognition.commands import json_output, options, tables
from recognition.commands.recognize.running import check_out, each_frame, exit_status, short_name
from recognition.reading.drawing import draw_readings
from recognition.reading.guide import guide_box
from recognition.reading.hold import HoldRule
from recognition.reading.registry import load_reader
from recognition.reading.speller import Speller, Spelt
from recognition.reading.values import Reader, Reading
from recognition.sources import Source, open_source, without_password
from recognition.values import Box, Frame, Image

_DEFAULT = HoldRule()
_UNREAD = "none"


def add_modes(mode: Any) -> None:
    """Add --digits and --letters to the modes, of which one is chosen."""
    mode.add_argument(
        "--digits", choices=("sign", "written"), help="read digits signed by a hand, or written"
    )
    mode.add_argument("--letters", action="store_true", help="read letters signed by a hand")


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add what says where to read and when a symbol counts."""
    reading = parser.add_argument_group("with --digits and --letters")
    reading.add_argument(
        "--guide",
        choices=("auto", "box", "whole"),
        default="auto",
        help="read in the guide box or the whole frame (default: the box, but whole pictures)",
    )
    for name, default, what in (
        ("--hold", _DEFAULT.hold_s, "how long a symbol is held until it counts"),
        ("--gap", _DEFAULT.gap_s, "how long nothing is read until the same symbol counts again"),
    ):
        reading.add_argument(
            name,
            type=options.seconds,
            default=default,
            metavar="SECONDS",
            help=f"{what} (default: %(default)s)",
        )
    reading.add_argument(
        "--agreement",
        type=options.share,
        default=_DEFAULT.agreement,
        metavar="SHARE",
        help="share of that time in which it must be read (default: %(default)s)",
    )


def run(chosen: argparse.Namespace) -> int:
    """Read all frames, then print what was read."""
    name = "letters" if chosen.letters else chosen.digits
    reader = load_reader(name, threads=chosen.threads)
    with open_source(chosen.source) as source:
        check_out(chosen, source)
        reading = _Reading(chosen, name, reader, pictures=source.kind in ("image", "folder"))
        stopped = each_frame(chosen, source, reading.see)
        if chosen.json:
            json_output.print_json(reading.json_form(source, stopped=stopped))
        else:
            reading.print_tables()
            sys.stderr.write(tables.skipped_lines(source.skipped))
    return exit_status(source, stopped=stopped)


@dataclass
class _Reading:
    """What is read frame by frame, kept only as far as it will be printed."""

    chosen: argparse.Namespace
    name: str
    reader: Reader
    pictures: bool
    """Single pictures are read each for itself: nothing is held in them."""
    frames: list[json_output.Json] = field(default_factory=list)
    counted: list[tuple[str, float]] = field(default_factory=list)
    text: str = ""

    def __post_init__(self) -> None:
        self.rule = HoldRule(self.chosen.hold, self.chosen.agreement, self.chosen.gap)
        self.speller = None if self.pictures else Speller(self.rule)
        self.table = Table("Picture", "Read", "Confidence", title="Readings")

    def see(self, frame: Frame, drawn: bool) -> Image | None:
        """Read one frame; draw on it where that is wanted."""
        guide = self._guide(frame.image)
        readings = self.reader.read(frame.image, guide=guide)
        spelt = None if self.speller is None else self.speller.see(readings, frame.time_s)
        self._keep(frame, guide, readings, spelt)
        if not drawn:
            return None
        return draw_readings(frame.image, readings, guide=guide, spelt=spelt)

    def _guide(self, image: Image) -> Box | None:
        height, width = image.shape[:2]
        wanted = self.chosen.guide
        if wanted == "whole" or (wanted == "auto" and self.pictures):
            return None
        return guide_box(width, height)

    def _keep(
        self, frame: Frame, guide: Box | None, readings: tuple[Reading, ...], spelt: Spelt | None
    ) -> None:
        if spelt is not None:
            self.text = spelt.text
            if spelt.counted is not None:
                self.counted.append((spelt.counted, frame.time_s))
                if not self.chosen.json:
                    sys.stderr.write(f"{frame.time_s:7.1f} s  {spelt.counted}  {spelt.text}\n")
        if self.chosen.json:
            self.frames.append(_frame_form(frame, guide, readings, spelt))
        elif self.pictures:
            self._add_row(frame, readings)

    def _add_row(self, frame: Frame, readings: tuple[Reading, ...]) -> None:
        read = " ".join(one.symbol or _UNREAD for one in readings) or _UNREAD
        sure = " ".join(f"{one.confidence:.2f}" for one in readings)
        name = tables.printable(short_name(self.chosen, frame))
        self.table.add_row(Text(name), read, sure)

    def print_tables(self) -> None:
        """Readings of pictures; what counted in a video, and the text."""
        if self.pictures:
            Console().print(self.table)
            return
        table = Table("Symbol", "Counted at", title="Spelt", caption=self.text or "nothing")
        for symbol, at in self.counted:
            table.add_row(symbol, f"{at:.1f} s")
        Console().print(table)

    def json_form(self, source: Source, *, stopped: bool) -> json_output.Json:
        """Everything, as docs/small-networks.md says."""
        return {
            "source": without_password(self.chosen.source),
            "kind": source.kind,
            "reader": self.name,
            "hold": {
                "hold_s": self.rule.hold_s,
                "agreement": self.rule.agreement,
                "gap_s": self.rule.gap_s,
            },
            "frames": self.frames,
            "counted": [{"symbol": symbol, "time_s": round(at, 3)} for symbol, at in self.counted],
            "text": None if self.pictures else self.text,
            "skipped": json_output.skipped_form(source.skipped),
            "out": None if self.chosen.out is None else str(self.chosen.out),
            "stopped": stopped,
        }


def _frame_form(
    frame: Frame, guide: Box | None, readings: tuple[Reading, ...], spelt: Spelt | None
) -> json_output.Json:
    height, width = frame.image.shape[:2]
    form: dict[str, object] = {
        "index": frame.index,
        "time_s": round(frame.time_s, 3),
        "file": frame.source,
        "width": width,
        "height": height,
        "guide": None if guide is None else json_output.box_form(guide),
        "readings": [
            {
                "symbol": one.symbol,
                "confidence": round(one.confidence, 4),
                "box": None if one.box is None else json_output.box_form(one.box),
            }
            for one in readings
        ],
    }
    if spelt is not None:
        form |= {"progress": round(spelt.progress, 3), "text": spelt.text}
    return form
