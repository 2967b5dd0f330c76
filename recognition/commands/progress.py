"""The bar that long commands show."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn


def progress_bar(console: Console) -> Progress:
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


@contextmanager
def counting_bar(title: str, total: int) -> Iterator[Callable[[float], None]]:
    """A bar of a work whose size is known; what it gives is told how much more is done."""
    with progress_bar(Console(stderr=True)) as progress:
        task = progress.add_task(title, total=total)
        yield lambda more: progress.advance(task, more)
