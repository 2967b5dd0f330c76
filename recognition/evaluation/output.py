"""The JSON of `evaluate faces`; docs/recognition.md describes every key."""

import math
from collections.abc import Mapping

from recognition.evaluation.acquisition import Acquisition
from recognition.evaluation.bootstrap import Interval
from recognition.evaluation.enrolments import Enrolments
from recognition.evaluation.faces import Figure, Identification, Measured, Verification
from recognition.evaluation.groups import GroupRates, Groups
from recognition.normalisation.builtin import normaliser_for

Json = dict[str, object]

_DIGITS = 4
# A group's FMR is a few in a hundred thousand.
_FMR_DIGITS = 6


def rate_name(rate: float) -> str:
    """How a rate is written in keys: 0.001 is 1e-3."""
    return f"1e-{round(-math.log10(rate))}"


def evaluation_form(
    acquisition: Acquisition,
    enrolled: Enrolments,
    decided: Measured,
    plain: Measured,
    groups: Groups,
) -> Json:
    """The whole object: `decided` at the top, the bare distance of single faces under `plain`."""
    detected = len(acquisition.samples)
    form: Json = {
        "engine": {"name": acquisition.engine.name, "version": acquisition.engine.version},
        "comparison": _comparison(acquisition),
        "images": acquisition.images,
        "detected": detected,
        "detection_rate": _rounded(enrolled.detection.value),
        "identities": enrolled.people,
        "failure_to_enrol": _rounded(enrolled.failure_to_enrol.value),
        "people_intervals": {
            "detection_rate": _interval(enrolled.detection),
            "failure_to_enrol": _interval(enrolled.failure_to_enrol),
        },
        **_figures(decided),
        "plain": _figures(plain),
        "skipped": [{"file": one.file, "reason": one.reason} for one in acquisition.skipped],
    }
    if groups:
        form["groups"] = {
            trait: {name: _group_form(rates) for name, rates in of.items()}
            for trait, of in groups.items()
        }
    return form


def _comparison(acquisition: Acquisition) -> Json:
    """Which way of comparing the figures at the top have."""
    normalised = normaliser_for(acquisition.engine) is not None
    return {"looks": acquisition.looks, "normalised": normalised}


def _figures(measured: Measured) -> Json:
    single, fused = measured.single, measured.fused
    intervals: Json = {
        "tar": _intervals(single.tar),
        "fused_tar": _intervals(fused.tar),
        "rank1": _interval(measured.single_search.rank1),
        "fused_rank1": _interval(measured.fused_search.rank1),
        "fnir": _intervals(measured.single_search.fnir),
        "fused_fnir": _intervals(measured.fused_search.fnir),
    }
    return {
        "genuine_pairs": len(single.comparisons.genuine),
        "impostor_pairs": single.comparisons.impostors,
        "fused_genuine_pairs": len(fused.comparisons.genuine),
        "fused_impostor_pairs": fused.comparisons.impostors,
        "tar": _values(single),
        "fused_tar": _values(fused),
        "thresholds": _thresholds(single),
        "fused_thresholds": _thresholds(fused),
        "rank1": _value(measured.single_search.rank1),
        "fused_rank1": _value(measured.fused_search.rank1),
        "cmc": _ranks(measured.single_search),
        "fused_cmc": _ranks(measured.fused_search),
        "open_set": _open_set(measured),
        "intervals": intervals,
    }


def _open_set(measured: Measured) -> Json | None:
    single, fused = measured.single_search, measured.fused_search
    if single.open_set is None or fused.open_set is None:
        return None
    form: Json = {
        "gallery": single.open_set.gallery,
        "searches": int(single.open_set.known.sum()),
        "stranger_searches": int((~single.open_set.known).sum()),
        "fused_searches": int(fused.open_set.known.sum()),
        "fused_stranger_searches": int((~fused.open_set.known).sum()),
        "threshold": _rounded(single.fnir[1e-2].threshold),
        "fused_threshold": _rounded(fused.fnir[1e-2].threshold),
    }
    for prefix, found in (("", single), ("fused_", fused)):
        for rate, figure in found.fnir.items():
            form[f"{prefix}fnir_at_fpir_{rate_name(rate)}"] = _rounded(figure.value)
    return form


def _values(verified: Verification) -> Json:
    return {rate_name(rate): _rounded(figure.value) for rate, figure in verified.tar.items()}


def _thresholds(verified: Verification) -> Json:
    return {rate_name(rate): _rounded(one.threshold) for rate, one in verified.tar.items()}


def _intervals(figures: Mapping[float, Figure]) -> Json:
    return {rate_name(rate): _between(figure.interval) for rate, figure in figures.items()}


def _interval(figure: Figure | None, digits: int = _DIGITS) -> list[float | None] | None:
    return None if figure is None else _between(figure.interval, digits)


def _between(interval: Interval | None, digits: int = _DIGITS) -> list[float | None] | None:
    if interval is None:
        return None
    return [_rounded(interval.low, digits), _rounded(interval.high, digits)]


def _ranks(found: Identification) -> Json:
    return {str(rank): _rounded(rate) for rank, rate in found.match_at_rank.items()}


def _group_form(rates: GroupRates) -> Json:
    return {
        "people": rates.people,
        "genuine_pairs": rates.genuine_pairs,
        "impostor_pairs": rates.impostor_pairs,
        "tar": _value(rates.tar),
        "tar_interval": _interval(rates.tar),
        "fmr": None if rates.fmr is None else _rounded(rates.fmr.value, _FMR_DIGITS),
        "fmr_interval": _interval(rates.fmr, _FMR_DIGITS),
    }


def _value(figure: Figure | None) -> float | None:
    return None if figure is None else _rounded(figure.value)


def _rounded(value: float | None, digits: int = _DIGITS) -> float | None:
    """None where there is no such number."""
    return None if value is None or not math.isfinite(value) else round(value, digits)
