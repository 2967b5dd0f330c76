"""The lines that terminal and report show of an evaluation, each with its figure."""

import math
from collections.abc import Iterable, Mapping

from recognition.evaluation.enrolments import Enrolments
from recognition.evaluation.faces import Figure, Measured
from recognition.evaluation.groups import GroupRates, Groups
from recognition.evaluation.output import rate_name


def figure_lines(measured: Measured) -> Mapping[str, Figure | None]:
    """What is measured -> its figure; None where the pictures allow none."""
    lines: dict[str, Figure | None] = {}
    ways = (
        ("single", measured.single, measured.single_search),
        ("fused", measured.fused, measured.fused_search),
    )
    for way, verified, searched in ways:
        for rate, figure in verified.tar.items():
            lines[f"TAR at FMR {rate_name(rate)}, {way}"] = figure
        lines[f"Rank 1, {way}"] = searched.rank1
        for rate, figure in searched.fnir.items():
            lines[f"FNIR at FPIR {rate_name(rate)}, {way}"] = figure
    return lines


def enrolment_lines(enrolled: Enrolments) -> Mapping[str, Figure | None]:
    """What became of pictures and people, whichever way is compared."""
    return {
        "Pictures with a face": enrolled.detection,
        "Failure to enrol, people": enrolled.failure_to_enrol,
    }


def group_lines(groups: Groups) -> Mapping[str, tuple[str, str, str]]:
    """Trait and group -> people, TAR and FMR as text."""
    return {
        f"{trait}: {group}": (str(rates.people), figure_text(rates.tar), _fmr_text(rates))
        for trait, of in groups.items()
        for group, rates in of.items()
    }


def figure_text(figure: Figure | None, digits: int = 3) -> str:
    """A figure with its interval in brackets.

    Without one where every draw of people gives the same: where no error was seen, drawing again
    sees none either, and "0 to 0" would claim a certainty that nobody has.
    """
    if figure is None or not math.isfinite(figure.value):
        return "–"
    between, text = figure.interval, f"{figure.value:.{digits}f}"
    if between is None or between.low == between.high:
        return text
    return f"{text} ({between.low:.{digits}f}–{between.high:.{digits}f})"


def _fmr_text(rates: GroupRates) -> str:
    """A share of pairs; where there is no false match, drawing people again would say 0 to 0."""
    if rates.fmr is None:
        return figure_text(None)
    if not rates.fmr.value:
        return f"none of {rates.impostor_pairs:,} pairs"
    return f"{figure_text(rates.fmr, digits=4)}, {rates.impostor_pairs:,} pairs"


def too_few(measured: Measured) -> tuple[str, ...]:
    """Say which rates are too low for so few comparisons: not one error is let in there.

    The figure is then that at a distance just below the nearest comparison.
    """
    said = []
    ways = (
        ("single pictures", measured.single, measured.single_search),
        ("fused sessions", measured.fused, measured.fused_search),
    )
    for way, verified, searched in ways:
        pairs = verified.comparisons.impostors
        if rates := _below_one(verified.tar, pairs):
            said.append(f"FMR {rates}: {pairs:,} impostor pairs of {way}")
        if searched.open_set is not None:
            strangers = int((~searched.open_set.known).sum())
            if rates := _below_one(searched.fnir, strangers):
                said.append(f"FPIR {rates}: {strangers:,} strangers' searches with {way}")
    return tuple(said)


def _below_one(rates: Iterable[float], tries: int) -> str:
    """The rates at which fewer than one error is allowed in so many tries; none where no try is."""
    return " and ".join(rate_name(rate) for rate in rates if 0 < rate * tries < 1)


def not_measured(measured: Measured) -> tuple[str, ...]:
    """Say which figures the pictures do not allow at all, and why."""
    compared, searched = measured.single.comparisons, measured.fused_search
    if not compared.impostors:
        return ("Pictures of one person alone: no FMR, so no TAR, and no strangers' searches.",)
    if not len(compared.genuine):
        return ("Nobody has pictures of two sessions: no TAR, and nobody to search for.",)
    if searched.open_set is None:
        return ("No second session of anybody enrolled (every second by name): no FNIR.",)
    return ()
