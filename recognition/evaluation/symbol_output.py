"""The JSON of `evaluate` for digits and letters; docs/small-networks.md describes every key."""

import math

from recognition.evaluation.symbols import Rate, SymbolFigures

Json = dict[str, object]

_DIGITS = 5
_RATES = ("accuracy", "accepted_accuracy", "rejected", "wrong_accepted", "none_accepted")


def symbol_form(figures: SymbolFigures) -> Json:
    """Everything; a share of nothing is null."""
    rates = {name: getattr(figures, name) for name in _RATES}
    form: Json = {"n": figures.n, **{name: _rounded(of.value) for name, of in rates.items()}}
    form["none_n"] = figures.none_n
    form["ms_per_image"] = round(figures.ms_per_image, 3)
    form["intervals"] = {name: _between(rate) for name, rate in rates.items()}
    form["confusion"] = [
        {"shown": shown, "read": read, "count": count}
        for (shown, read), count in sorted(figures.confusion.items())
    ]
    return form


def _between(rate: Rate) -> list[float | None]:
    return [_rounded(rate.interval.low), _rounded(rate.interval.high)]


def _rounded(value: float) -> float | None:
    return round(value, _DIGITS) if math.isfinite(value) else None
