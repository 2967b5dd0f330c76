"""The JSON and the words of `evaluate keypoints`; docs/keypoints.md describes every key."""

from recognition.evaluation.keypoints import FAILURE, Figure, KeypointFigures

Json = dict[str, object]

_DIGITS = 5


def keypoint_form(figures: KeypointFigures) -> Json:
    """Everything; a figure of nothing is null."""
    by_name = _figures(figures)
    return {
        "n": figures.n,
        "people": figures.people,
        "found": figures.n - figures.missed,
        "missed": figures.missed,
        "sought": figures.sought,
        "nme_interocular": {"68": _value(figures.nme_68), "15": _value(figures.nme_15)},
        "nme_interocular_detected": _value(figures.nme_detected),
        "nme_interocular_parts": {name: _value(one) for name, one in figures.parts.items()},
        "failure_rate": _value(figures.failures),
        "rmse_96": _value(figures.rmse_96),
        "ms_per_image": round(figures.ms_per_image, 3),
        "intervals": {name: _between(one) for name, one in by_name.items()},
    }


def named_figures(figures: KeypointFigures) -> dict[str, str]:
    """The figures in words."""
    rows = {
        "Labelled pictures": f"{figures.n} of {figures.people} people",
        "Face missed": str(figures.missed),
        "Found by the network alone": str(figures.sought),
        "Error over the eyes' distance, 68 points": _share(figures.nme_68),
        "15 points": _share(figures.nme_15),
        "68 points, found by the detector": _share(figures.nme_detected),
        **{f"Points of the {name}": _share(one) for name, one in figures.parts.items()},
        f"Faces with an error above {FAILURE:.0%}": _share(figures.failures),
        "RMSE of 15 points at 96 px": _pixels(figures.rmse_96),
        "Milliseconds a picture": f"{figures.ms_per_image:.1f}",
    }
    return {name: text for name, text in rows.items() if text}


def _figures(figures: KeypointFigures) -> dict[str, Figure | None]:
    return {
        "nme_68": figures.nme_68,
        "nme_15": figures.nme_15,
        "nme_detected": figures.nme_detected,
        **{f"nme_{name}": one for name, one in figures.parts.items()},
        "failure_rate": figures.failures,
        "rmse_96": figures.rmse_96,
    }


def _value(figure: Figure | None) -> float | None:
    return None if figure is None else round(figure.value, _DIGITS)


def _between(figure: Figure | None) -> list[float] | None:
    if figure is None or figure.interval is None:
        return None
    return [round(figure.interval.low, _DIGITS), round(figure.interval.high, _DIGITS)]


def _share(figure: Figure | None) -> str:
    if figure is None:
        return ""
    between = figure.interval
    return f"{figure.value:.2%}" + (f" ({between.low:.2%}–{between.high:.2%})" if between else "")


def _pixels(figure: Figure | None) -> str:
    if figure is None:
        return ""
    between = figure.interval
    return f"{figure.value:.2f}" + (f" ({between.low:.2f}–{between.high:.2f})" if between else "")
