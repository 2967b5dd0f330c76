"""What all modes of `recognize` have in common: frames in, drawn frames out, an end by hand."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from rich.console import Console

from recognition.commands.progress import progress_bar
from recognition.outputs import Output, check_output, open_output
from recognition.sources import Source, is_address
from recognition.values import Frame, Image

INTERRUPTED = 130


def check_source(chosen: argparse.Namespace) -> None:
    """End with 2 where there is no such file or folder."""
    there = bool(chosen.source) and Path(chosen.source).exists()
    if not there and not is_address(chosen.source):
        chosen.fail(f"there is no file or folder {chosen.source!r}")


def check_out(chosen: argparse.Namespace, source: Source) -> None:
    """End with 2 where --out does not fit the source."""
    if chosen.out is None:
        return
    fault = check_output(chosen.out, source.kind)
    if fault is not None:
        chosen.fail(fault)
    if not is_address(chosen.source) and chosen.out.resolve() == Path(chosen.source).resolve():
        chosen.fail("--out is the source itself, which would be overwritten")


def each_frame(
    chosen: argparse.Namespace, source: Source, work: Callable[[Frame, bool], Image | None]
) -> bool:
    """Give every frame to `work`, and what it draws to --out; says whether it was stopped by hand.

    `work` is told whether its drawing will be used.
    """
    out = _open_output(chosen, source)
    with progress_bar(Console(stderr=True)) as progress:
        total = -(-len(source) // chosen.every) or None
        task = progress.add_task("Frames", total=total)
        try:
            for frame in source.frames(every=chosen.every):
                drawn = work(frame, out is not None)
                if out is not None and drawn is not None:
                    out.write(frame, drawn)
                progress.advance(task)
        except KeyboardInterrupt:
            return True
        finally:
            if out is not None:
                out.close()
    return False


def exit_status(source: Source, *, stopped: bool) -> int:
    """Ending a camera by hand is how it is meant to end; where it went away, the work failed."""
    if source.lost:
        sys.stderr.write(f"The {source.kind} gives no more frames: is it still there?\n")
        return 1
    endless = source.kind in ("camera", "stream")
    return INTERRUPTED if stopped and not endless else 0


def short_name(chosen: argparse.Namespace, frame: Frame) -> str:
    """The picture's name as seen from the source."""
    path, source = Path(frame.source), Path(chosen.source)
    return str(path.relative_to(source)) if source.is_dir() else path.name


def _open_output(chosen: argparse.Namespace, source: Source) -> Output | None:
    if chosen.out is None:
        return None
    rate = source.frames_per_s / chosen.every
    return open_output(chosen.out, source.kind, chosen.source, frames_per_s=rate)
