"""`recognize`: who is in a picture, a folder, a video, before a camera."""

import argparse
import sys
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)

from recognition.commands import json_output, options, tables
from recognition.drawing import Annotator
from recognition.engines.protocol import DEFAULT_MIN_FACE_PX, Engine
from recognition.engines.registry import load_engine
from recognition.gallery_folder import FolderGallery, load_gallery_folder
from recognition.identification import Identified, identify
from recognition.outputs import Output, check_output, open_output
from recognition.sources import Source, is_address, open_source, without_password
from recognition.summary import Summary
from recognition.values import Frame, MatchRule

INTERRUPTED = 130


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add this command's arguments."""
    parser = commands.add_parser(
        "recognize",
        help="say who is in a picture, folder, video or before a camera",
        description="Find every face in each frame of SOURCE and name those of the gallery.",
    )
    parser.add_argument(
        "source",
        metavar="SOURCE",
        help="picture, folder, video file, camera number, or RTSP or HTTP address",
    )
    parser.add_argument(
        "--gallery",
        required=True,
        type=options.existing_folder,
        metavar="DIR",
        help="known people: DIR/<person>/<picture>...",
    )
    parser.add_argument(
        "--out",
        type=Path,
        metavar="FILE",
        help="write the source here with boxes and names; a folder where the source is one",
    )
    parser.add_argument(
        "--every",
        type=options.positive,
        default=1,
        metavar="N",
        help="search every Nth frame only (default: each)",
    )
    _add_rule_options(parser)
    options.add_engine_options(parser, min_face=DEFAULT_MIN_FACE_PX)
    parser.set_defaults(run=run, fail=parser.error)


def _add_rule_options(parser: argparse.ArgumentParser) -> None:
    """Add --threshold and --margin."""
    parser.add_argument(
        "--threshold",
        type=options.distance,
        metavar="DISTANCE",
        help="largest accepted distance (default: by the number of people in the gallery)",
    )
    parser.add_argument(
        "--margin",
        type=options.distance,
        metavar="DISTANCE",
        help="smallest accepted lead before the second person (default: the engine's)",
    )


def run(chosen: argparse.Namespace) -> int:
    """Search all frames, then print the result."""
    if not is_address(chosen.source) and not Path(chosen.source).exists():
        chosen.fail(f"there is no file or folder {chosen.source}")
    if chosen.threshold == 0:
        chosen.fail("--threshold must be above 0")
    console = Console(stderr=True)
    engine = load_engine(chosen.engine, threads=chosen.threads)
    with open_source(chosen.source) as source:
        _check_out(chosen, source)
        known = _load_gallery(chosen.gallery, engine, console)
        search = _Search(chosen, engine, known, _rule(chosen, known, engine))
        stopped = search.run(source, console)
        if chosen.json:
            json_output.print_json(search.json_form(source, stopped=stopped))
        else:
            search.print_tables(source)
    # Ending a camera by hand is how it is meant to end.
    endless = source.kind in ("camera", "stream")
    return INTERRUPTED if stopped and not endless else 0


def _rule(chosen: argparse.Namespace, known: FolderGallery, engine: Engine) -> MatchRule:
    """What was asked for; the engine's own where nothing was."""
    own = engine.distances.search_rule(len(known.gallery.people))
    margin = own.margin if chosen.margin is None else chosen.margin
    return MatchRule(chosen.threshold or own.threshold, margin)


def _check_out(chosen: argparse.Namespace, source: Source) -> None:
    if chosen.out is None:
        return
    fault = check_output(chosen.out, source.kind)
    if fault is not None:
        chosen.fail(fault)
    if not is_address(chosen.source) and chosen.out.resolve() == Path(chosen.source).resolve():
        chosen.fail("--out is the source itself, which would be overwritten")


def _load_gallery(folder: Path, engine: Engine, console: Console) -> FolderGallery:
    with _progress(console) as progress:
        task = progress.add_task("Gallery", total=None)
        known = load_gallery_folder(
            folder,
            engine=engine,
            on_file=lambda at, of: progress.update(task, completed=at, total=of),
        )
    sys.stderr.write(tables.skipped_lines(known.skipped))
    return known


def _progress(console: Console) -> Progress:
    """A bar on standard error, gone when done; nothing where that is no terminal."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )


@dataclass
class _Search:
    """What is found frame by frame, kept only as far as it will be printed."""

    chosen: argparse.Namespace
    engine: Engine
    known: FolderGallery
    rule: MatchRule
    annotator: Annotator = field(default_factory=Annotator)
    summary: Summary = field(default_factory=Summary)
    frames: list[json_output.Json] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.faces = tables.faces_table()

    def run(self, source: Source, console: Console) -> bool:
        """Search every frame; says whether it was stopped by hand."""
        out = self._open_output(source)
        with _progress(console) as progress:
            total = -(-len(source) // self.chosen.every) or None
            task = progress.add_task("Frames", total=total)
            try:
                for frame in source.frames(every=self.chosen.every):
                    self._search(frame, source, out)
                    progress.advance(task)
            except KeyboardInterrupt:
                return True
            finally:
                if out is not None:
                    out.close()
        for advice in self.annotator.unwritable.values():
            sys.stderr.write(advice + "\n")
        return False

    def _open_output(self, source: Source) -> Output | None:
        if self.chosen.out is None:
            return None
        rate = source.frames_per_s / self.chosen.every
        return open_output(self.chosen.out, source.kind, self.chosen.source, frames_per_s=rate)

    def _search(self, frame: Frame, source: Source, out: Output | None) -> None:
        found = identify(
            frame.image,
            engine=self.engine,
            gallery=self.known.gallery,
            rule=self.rule,
            min_face=self.chosen.min_face,
        )
        self.summary.add(frame, found)
        self._keep(frame, found, source)
        if out is not None:
            out.write(frame, self.annotator.draw(frame.image, found))

    def _keep(self, frame: Frame, found: tuple[Identified, ...], source: Source) -> None:
        if self.chosen.json:
            self.frames.append(json_output.frame_form(frame, found))
        elif source.kind in ("image", "folder"):
            tables.add_faces(self.faces, self._short_name(frame), found)

    def _short_name(self, frame: Frame) -> str:
        """The picture's name as seen from the source."""
        path, source = Path(frame.source), Path(self.chosen.source)
        return str(path.relative_to(source)) if source.is_dir() else path.name

    def print_tables(self, source: Source) -> None:
        """Faces of pictures, people of videos; what was skipped goes to standard error."""
        pictures = source.kind in ("image", "folder")
        Console().print(self.faces if pictures else tables.people_table(self.summary))
        sys.stderr.write(tables.skipped_lines(source.skipped))

    def json_form(self, source: Source, *, stopped: bool) -> json_output.Json:
        """Everything, as docs/recognition.md says."""
        gallery = self.known.gallery
        return {
            "source": without_password(self.chosen.source),
            "kind": source.kind,
            "engine": json_output.engine_form(gallery.engine),
            "rule": json_output.rule_form(self.rule),
            "gallery": {
                "people": len(gallery.people),
                "templates": len(gallery),
                "skipped": json_output.skipped_form(self.known.skipped),
            },
            "frames": self.frames,
            "people": [json_output.person_form(person) for person in self.summary.people],
            "unknown_faces": self.summary.unknown,
            "skipped": json_output.skipped_form(source.skipped),
            "out": None if self.chosen.out is None else str(self.chosen.out),
            "stopped": stopped,
        }
