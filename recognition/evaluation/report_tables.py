"""The tables and remarks of a report, in HTML."""

from collections.abc import Mapping
from html import escape

from recognition.evaluation.discards import Discard
from recognition.evaluation.enrolments import Enrolments
from recognition.evaluation.faces import Figure, Measured
from recognition.evaluation.groups import Groups
from recognition.evaluation.lines import (
    enrolment_lines,
    figure_lines,
    figure_text,
    group_lines,
    not_measured,
    too_few,
)
from recognition.picture_files import Skipped

_SKIPPED_LISTED = 50
# Of a gain: what is less is written 0.000, with no sign before it.
_LEAST_WRITTEN = 0.0005


def figures_table(enrolled: Enrolments, ways: Mapping[str, Measured]) -> str:
    """Every figure, a column for each way of comparing."""
    rows = {name: figure_lines(measured) for name, measured in ways.items()}
    head = "".join(f"<th>{escape(name)}</th>" for name in ways)
    lines = [
        f"<tr><td>{escape(label)}</td>{_cell(figure) * len(ways)}</tr>"
        for label, figure in enrolment_lines(enrolled).items()
    ]
    for label in next(iter(rows.values())):
        cells = "".join(_cell(of[label]) for of in rows.values())
        lines.append(f"<tr><td>{_unbroken(label)}</td>{cells}</tr>")
    return f"<table><tr><th>Figure</th>{head}</tr>{''.join(lines)}</table>"


def remarks(measured: Measured) -> str:
    """Which figures there are none of, and which stand for a lower rate than was asked for."""
    said = [f"<p>{escape(line)}</p>" for line in not_measured(measured)]
    if few := too_few(measured):
        said.append(
            f"<p>Too few comparisons to see one error at {_unbroken('; '.join(few))}. The figures "
            "there are those without a single error.</p>"
        )
    return "".join(said)


def groups_section(groups: Groups) -> str:
    """Rates of each group; nothing where there are no labels."""
    lines = "".join(
        f"<tr><td>{escape(name)}</td>{''.join(_text_cell(cell) for cell in cells)}</tr>"
        for name, cells in group_lines(groups).items()
    )
    if not lines:
        return ""
    return (
        "<h2>Groups</h2><p>Sessions fused, at the distance of FMR 0.001 over everybody; FMR of "
        "pairs within the group.</p><table><tr><th>Group</th><th>People</th><th>TAR</th>"
        f"<th>FMR</th></tr>{lines}</table>"
    )


def discards_table(found: Mapping[str, Discard]) -> str:
    """FNMR with and without the worst fifth by each measure of quality."""
    lines = "".join(
        f"<tr><td>{name}</td><td>{one.fnmr:.3f}</td><td>{one.fnmr_without_worst:.3f}</td>"
        f"{_text_cell(_gain(one))}</tr>"
        for name, one in found.items()
    )
    head = "<tr><th>Measure</th><th>all</th><th>without the worst fifth</th><th>falls by</th></tr>"
    return f"<table>{head}{lines}</table>"


def skipped_section(skipped: tuple[Skipped, ...]) -> str:
    """The files that gave nothing, as far as a person would read."""
    if not skipped:
        return ""
    lines = "".join(
        f"<li>{escape(one.file)}: {escape(one.reason)}</li>" for one in skipped[:_SKIPPED_LISTED]
    )
    rest = len(skipped) - _SKIPPED_LISTED
    more = f"<p>And {rest} more.</p>" if rest > 0 else ""
    return f"<h2>Files that could not be used</h2><ul>{lines}</ul>{more}"


def _unbroken(text: str) -> str:
    """Text whose rates, 1e-3, are not broken at their hyphen."""
    return escape(text).replace("1e-", "1e&#8209;")


def _cell(figure: Figure | None) -> str:
    return _text_cell(figure_text(figure))


def _text_cell(text: str) -> str:
    """A figure, broken on a narrow screen before its interval and nowhere else."""
    return f'<td class="figure">{escape(text).replace(" (", "<wbr> (")}</td>'


def _gain(one: Discard) -> str:
    falls = _signed(one.fnmr - one.fnmr_without_worst)
    if one.gain is None:
        return falls
    low, high = _signed(one.gain.low), _signed(one.gain.high)
    return falls if low == high else f"{falls} ({low} to {high})"


def _signed(difference: float) -> str:
    return f"{difference if abs(difference) >= _LEAST_WRITTEN else 0.0:.3f}"
