"""One HTML file with the plots of an evaluation and its worst confusions; it loads nothing."""

import base64
from collections.abc import Iterable, Mapping
from html import escape
from pathlib import Path

import cv2
import numpy as np

from recognition.errors import DecodeError, OutputError
from recognition.evaluation.acquisition import Acquisition, Sample
from recognition.evaluation.curves import (
    Curve,
    fpir_by_size,
    match_curve,
    search_curves,
)
from recognition.evaluation.discards import discards
from recognition.evaluation.enrolments import Enrolments
from recognition.evaluation.faces import Measured
from recognition.evaluation.groups import Groups
from recognition.evaluation.identification_rates import visible_rate
from recognition.evaluation.plots import Axis, histogram_plot, line_plot
from recognition.evaluation.report_tables import (
    discards_table,
    figures_table,
    groups_section,
    remarks,
    skipped_section,
)
from recognition.evaluation.samples import single_samples
from recognition.images import decode, encode_jpeg
from recognition.picture_files import read_picture

_STYLE = """
body{font:15px/1.5 system-ui,sans-serif;max-width:1000px;margin:2rem auto;padding:0 1rem;
color:#1b1f24;background:#fff}h1{font-size:1.6rem}h2{font-size:1.15rem;margin:2.2rem 0 .4rem}
p{margin:.3rem 0 .8rem;max-width:46rem}.plots{display:grid;gap:1.5rem;
grid-template-columns:repeat(auto-fill,minmax(min(100%,400px),1fr))}figure{margin:0}
figcaption{color:#4a5560;font-size:.88rem}svg{width:100%;height:auto}svg text{font-size:12px;
fill:#38424d}.mid{text-anchor:middle}.end{text-anchor:end}.grid{stroke:#e4e8ec;fill:none}
.axis{stroke:#7a858f;fill:none}.line{fill:none;stroke-width:2}table{border-collapse:collapse}
th,td{padding:.25rem .9rem .25rem 0;text-align:left;border-bottom:1px solid #e4e8ec;
font-variant-numeric:tabular-nums}.figure{white-space:nowrap}h1,li,figcaption{overflow-wrap:anywhere}
ul{padding-left:1.2rem}.legend{display:flex;flex-wrap:wrap;gap:.2rem 1.2rem;
padding-left:3.4rem;font-size:.82rem}.key{width:28px;height:10px;margin-right:.4rem}
.pairs{display:grid;gap:1rem;
grid-template-columns:repeat(auto-fill,minmax(200px,1fr))}.pairs img{width:48%;border-radius:4px}
@media(max-width:480px){table{font-size:.9rem}th,td{padding-right:.5rem}}
"""
_CONFUSIONS = 12
_LEAST_FNMR = 1e-4
_THUMBNAIL_PX = 112


def write_report(
    path: Path,
    acquisition: Acquisition,
    enrolled: Enrolments,
    ways: Mapping[str, Measured],
    groups: Groups | None = None,
) -> None:
    """Write what each way of comparing gives, and what became of the pictures.

    Raises OutputError where that is not possible.
    """
    try:
        # A name may hold bytes that are no text.
        path.write_text(
            report(acquisition, enrolled, ways, groups or {}),
            encoding="utf-8",
            errors="backslashreplace",
        )
    except OSError as error:
        raise OutputError(f"{path} cannot be written: {error.strerror}.") from error


def report(
    acquisition: Acquisition,
    enrolled: Enrolments,
    ways: Mapping[str, Measured],
    groups: Groups | None = None,
) -> str:
    """The whole page."""
    found, images = len(acquisition.samples), acquisition.images
    people = len({sample.picture.identity for sample in acquisition.samples})
    whom = "one person" if people == 1 else f"{people} people"
    title = f"Recognition of {whom} by {acquisition.engine}"
    best_name, best = list(ways.items())[-1]
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style>'
        f"<h1>{escape(title)}</h1><p>A face was found in {found} of {images} pictures "
        f"({found / images:.1%}). Pairs are taken across sessions only; in brackets the 95&nbsp;% "
        "interval, from drawing people with replacement; none where each draw gives the same, as "
        f"where no error was seen.</p>{figures_table(enrolled, ways)}"
        f"{remarks(best)}{groups_section(groups or {})}"
        f'<h2>One to one</h2><div class="plots">{_verification(ways, best_name)}</div>'
        f'<h2>One to many</h2><div class="plots">{_identification(ways)}</div>'
        f"<h2>Quality</h2>{_quality(acquisition, best)}"
        f"<h2>Nearest pairs of different people</h2>{_confusions(acquisition, best)}"
        f"{skipped_section(acquisition.skipped)}</html>\n"
    )


def _verification(ways: Mapping[str, Measured], best_name: str) -> str:
    curves: dict[str, Curve] = {}
    for name, measured in ways.items():
        curves[f"{name}, single"] = match_curve(measured.single.comparisons)
        curves[f"{name}, fused"] = match_curve(measured.fused.comparisons)
    errors = {name: (rates, 1 - tar) for name, (rates, tar) in curves.items()}
    compared = ways[best_name].single.comparisons
    counted = compared.histogram
    series = {"one person": counted.genuine, "two people": counted.impostor}
    histogram = histogram_plot(counted.edges, series, "distance")
    figures = _figure(histogram, f"Distances of single pictures, {best_name}")
    if not (len(compared.genuine) and compared.impostors):
        return figures
    rate, least = Axis("FMR", 1e-5, 1, log=True), _decade(errors.values())
    return (
        figures
        + _figure(line_plot(errors, rate, Axis("FNMR", least, 1, log=True)), "DET")
        + _figure(line_plot(curves, rate, Axis("TAR", 0, 1)), "ROC")
    )


def _decade(curves: Iterable[Curve]) -> float:
    """The power of ten below all errors that were seen, for the foot of an axis."""
    lowest = min((float(ys[ys > 0].min()) for _, ys in curves if (ys > 0).any()), default=0.1)
    return float(np.clip(10.0 ** np.floor(np.log10(lowest)), _LEAST_FNMR, 0.1))


def _identification(ways: Mapping[str, Measured]) -> str:
    ranks, false_positives, misses, at = {}, {}, {}, []
    for name, measured in ways.items():
        found = measured.fused_search
        if found.match_at_rank:
            ranks[name] = (
                np.array(list(found.match_at_rank), float),
                np.array(list(found.match_at_rank.values())),
            )
        if found.open_set is not None:
            thresholds, positive, missed = search_curves(found.open_set)
            false_positives[name], misses[name] = (thresholds, positive), (thresholds, missed)
            at.append(thresholds)
    figures = ""
    most = max((float(xs[-1]) for xs, _ in ranks.values()), default=0.0)
    if most > 1:
        least = max(0.0, min(float(ys[0]) for _, ys in ranks.values()) - 0.05)
        plot = line_plot(ranks, Axis("rank", 1, most), Axis("found", least, 1))
        figures += _figure(plot, "CMC, sessions fused, everybody enrolled")
    if at:
        across = Axis("threshold", float(min(x[0] for x in at)), float(max(x[-1] for x in at)))
        people = next(iter(ways.values())).fused_search.open_set
        count = people.gallery if people else 0
        plot = line_plot(false_positives, across, Axis("FPIR", 1e-3, 1, log=True))
        figures += _figure(plot, f"Strangers accepted, sessions fused, N = {count}")
        level = visible_rate(0 if people is None else len(people.near))
        sizes = {
            name: fpir_by_size(of.fused_search.open_set)
            for name, of in ways.items()
            if of.fused_search.open_set is not None
        }
        across_n = Axis("people enrolled, N", 1, max(2, count), log=True)
        plot = line_plot(sizes, across_n, Axis("FPIR", level / 100, min(1.0, 10 * level), log=True))
        text = f"Strangers accepted as N grows, threshold of FPIR {level:.0%} at full N"
        figures += _figure(plot, text)
        plot = line_plot(misses, across, Axis("FNIR", 0, 1))
        figures += _figure(plot, f"Enrolled people missed, sessions fused, N = {count}")
    return figures or "<p>These pictures allow no search.</p>"


def _quality(acquisition: Acquisition, best: Measured) -> str:
    if not len(best.single.comparisons.genuine):
        return "<p>Nobody has pictures of two sessions.</p>"
    if not best.single.comparisons.impostors:
        return "<p>Without a second person there is no distance to count errors at.</p>"
    qualities = [sample.quality for sample in acquisition.samples]
    found = discards(best.single.comparisons, single_samples(acquisition), qualities)
    top = max(0.05, max(float(one.curve[1].max()) for one in found.values()) * 1.1)
    axes = Axis("share discarded", 0, 0.5), Axis("FNMR", 0, top)
    overall = found["overall"].curve
    figures = ""
    for name, one in found.items():
        series = {name: one.curve} if name == "overall" else {name: one.curve, "overall": overall}
        figures += _figure(line_plot(series, *axes), f"Error versus discard: {name}")
    text = (
        "FNMR of single pictures at the distance of FMR 0.001, and once the fifth of the "
        "comparisons with the worse picture by each measure is left out; in brackets how far it "
        "falls, 95&nbsp;% interval over other people. Above 0: the measure predicts errors."
    )
    return f'<p>{text}</p>{discards_table(found)}<div class="plots">{figures}</div>'


def _confusions(acquisition: Acquisition, best: Measured) -> str:
    """Each pair of people once, the nearest pictures of them."""
    shown: dict[tuple[str, str], str] = {}
    compared = best.single.comparisons
    for (one, two), distance in zip(compared.nearest_rows, compared.nearest, strict=True):
        pair = (acquisition.samples[one], acquisition.samples[two])
        first, second = sorted(sample.picture.identity for sample in pair)
        if (first, second) not in shown:
            images = "".join(_thumbnail(sample) for sample in pair)
            text = f"{escape(first)}, {escape(second)}: {distance:.3f}"
            shown[first, second] = f"<figure>{images}<figcaption>{text}</figcaption></figure>"
        if len(shown) == _CONFUSIONS:
            break
    if not shown:
        return "<p>No two people were compared.</p>"
    return f'<div class="pairs">{"".join(shown.values())}</div>'


def _thumbnail(sample: Sample) -> str:
    """The face, as a picture within the page."""
    try:
        image = decode(read_picture(sample.picture.path))
    except (DecodeError, OSError):
        return ""
    box = sample.box.clip(image.shape[1], image.shape[0])
    face = image[int(box.top) : int(box.bottom), int(box.left) : int(box.right)]
    side = (_THUMBNAIL_PX, _THUMBNAIL_PX)
    small = np.asarray(cv2.resize(face, side, interpolation=cv2.INTER_AREA), np.uint8)
    data = base64.b64encode(encode_jpeg(small, quality=80)).decode()
    name = escape(sample.picture.path.name)
    return f'<img src="data:image/jpeg;base64,{data}" alt="{name}" title="{name}">\n'


def _figure(plot: str, caption: str) -> str:
    return f"<figure>{plot}<figcaption>{escape(caption)}</figcaption></figure>"
