"""`recognize --gallery`: who is in a picture, a folder, a video, before a camera."""

import argparse
import sys
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console

from recognition.commands import json_output, options, tables
from recognition.commands.progress import progress_bar
from recognition.commands.recognize.running import (
    check_out,
    each_frame,
    exit_status,
    short_name,
)
from recognition.drawing import Annotator
from recognition.engines.protocol import Engine
from recognition.engines.registry import load_engine
from recognition.following import Follower
from recognition.gallery_folder import FolderGallery, load_gallery_folder
from recognition.identification import Identified, identify
from recognition.sources import Source, open_source, without_password
from recognition.summary import Summary
from recognition.values import Face, Frame, Image, MatchRule

# Somebody who comes to join faces already seen is seen this much and a frame later, at most.
WHOLE_EVERY_S = 0.25


def add_following_option(parser: argparse.ArgumentParser) -> None:
    """Add --whole-every."""
    parser.add_argument(
        "--whole-every",
        type=options.seconds_or_none,
        default=WHOLE_EVERY_S,
        metavar="SECONDS",
        help="with --gallery, while faces are followed in a film, how often the whole frame is "
        "searched for more; 0: each frame (default: %(default)s)",
    )


def add_rule_options(parser: argparse.ArgumentParser) -> None:
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
    if chosen.threshold == 0:
        chosen.fail("--threshold must be above 0")
    engine = load_engine(chosen.engine, threads=chosen.threads)
    with open_source(chosen.source) as source:
        check_out(chosen, source)
        console = Console(stderr=True)
        known = _load_gallery(chosen.gallery, engine, console, keep=not chosen.no_cache)
        search = _Search(chosen, engine, known, _rule(chosen, known, engine))
        stopped = search.run(source)
        if chosen.json:
            json_output.print_json(search.json_form(source, stopped=stopped))
        else:
            search.print_tables(source)
    return exit_status(source, stopped=stopped)


def _rule(chosen: argparse.Namespace, known: FolderGallery, engine: Engine) -> MatchRule:
    """What was asked for; the engine's own where nothing was."""
    own = engine.distances.search_rule(known.gallery.people_count)
    margin = own.margin if chosen.margin is None else chosen.margin
    return MatchRule(chosen.threshold or own.threshold, margin)


def _load_gallery(folder: Path, engine: Engine, console: Console, *, keep: bool) -> FolderGallery:
    with progress_bar(console) as progress:
        task = progress.add_task("Gallery", total=None)
        known = load_gallery_folder(
            folder,
            engine=engine,
            keep=keep,
            on_file=lambda at, of: progress.update(task, completed=at, total=of),
        )
    sys.stderr.write(tables.skipped_lines(known.skipped))
    return known


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
        self.follower = Follower(
            self.engine, min_face=self.chosen.min_face, whole_every_s=self.chosen.whole_every
        )

    def run(self, source: Source) -> bool:
        """Search every frame; says whether it was stopped by hand."""
        pictures = source.kind in ("image", "folder")

        def search(frame: Frame, drawn: bool) -> Image | None:
            found = self._search(frame, pictures=pictures)
            return self.annotator.draw(frame.image, found) if drawn else None

        stopped = each_frame(self.chosen, source, search)
        if not stopped:
            for advice in self.annotator.unwritable.values():
                sys.stderr.write(advice + "\n")
        return stopped

    def _search(self, frame: Frame, *, pictures: bool) -> tuple[Identified, ...]:
        found = identify(
            frame.image,
            self._find(frame, pictures=pictures),
            engine=self.engine,
            gallery=self.known.gallery,
            rule=self.rule,
        )
        self.summary.add(frame, found)
        if self.chosen.json:
            self.frames.append(json_output.frame_form(frame, found))
        elif pictures:
            tables.add_faces(self.faces, short_name(self.chosen, frame), found)
        return found

    def _find(self, frame: Frame, *, pictures: bool) -> tuple[Face, ...]:
        """All faces of a picture; those of a film where they were, and at times all."""
        if pictures:
            return self.engine.find(frame.image, min_face=self.chosen.min_face, thorough=True)
        return self.follower.find(frame.image, frame.time_s)

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
                "people": gallery.people_count,
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
