"""The loop that all small networks are trained by.

AdamW under a one-cycle learning rate, with an exponential mean of the weights at the end. What is
drawn at random comes from the seed and the epoch's number alone, so that a training that was
interrupted and resumed sees the same pictures as one that was not.

Sources: I. Loshchilov, F. Hutter, Decoupled weight decay regularization (2019); L. Smith,
Super-convergence (2018); B. Polyak, A. Juditsky, Acceleration of stochastic approximation by
averaging (1992).
"""

import copy
import hashlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from torch.nn import functional

from recognition.training.checkpoint import State, read_checkpoint, save_checkpoint

Floats = NDArray[np.float32]
Loss = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]
Score = Callable[[torch.nn.Module], str]

_CPUINFO = Path("/proc/cpuinfo")


class Batches(Protocol):
    """Training data, a batch at a time."""

    def __len__(self) -> int:
        """How many batches an epoch has; the same for each."""
        ...

    def epoch(self, random: np.random.Generator) -> Iterator[tuple[Floats, NDArray[np.generic]]]:
        """Give the epoch's batches, shuffled and augmented by `random` alone.

        Each is (pictures float32 (n, channels, height, width), targets): int64 (n,) for classes,
        float32 of any shape for a regression.
        """
        ...


@dataclass(frozen=True, slots=True)
class Plan:
    """How a network is trained; a checkpoint is only resumed under the same plan."""

    name: str
    """Net and data in one word, for the progress bar and the checkpoint."""
    epochs: int
    learning_rate: float = 2e-3
    """The highest of the cycle."""
    weight_decay: float = 1e-2
    seed: int = 0
    threads: int = 1
    coarse_epochs: int = 0
    """So many epochs come first, in which the net sees pictures of `coarse_side`: coarse before
    fine, at half the cost (M. Tan, Q. Le, EfficientNetV2, 2021)."""
    coarse_side: int = 0
    """Height and width in pixels."""
    average: float = 0.998
    """How much of the mean of the weights is kept at each step; 0 switches the mean off."""
    most_gradient: float = 5.0
    """Longer gradients are shortened to this."""

    def digest(self, net: torch.nn.Module, batches: int) -> str:
        """What makes two trainings the same: the plan but its threads, the net, the data's size."""
        said = {key: value for key, value in asdict(self).items() if key != "threads"}
        shapes = [(name, tuple(value.shape)) for name, value in net.state_dict().items()]
        return hashlib.sha256(repr((said, shapes, batches)).encode()).hexdigest()


def prepare(plan: Plan) -> None:
    """Seed PyTorch, set its threads and OpenCV's; to be called before a net is made or data read.

    OpenCV's own threads would not outlive the fork that makes a worker.
    """
    cv2.setNumThreads(plan.threads)
    torch.manual_seed(plan.seed)
    torch.set_num_threads(plan.threads)


def fit(
    net: torch.nn.Module,
    batches: Batches,
    *,
    plan: Plan,
    loss: Loss,
    checkpoint: Path,
    resume: bool = False,
    score: Score | None = None,
) -> torch.nn.Module:
    """Train a net and return it, in evaluation mode, with the averaged weights.

    After each epoch the checkpoint is replaced. It stays: what follows, until the network is
    written, can fail as well. `score` gives a few words about the averaged net after each epoch,
    from validation data. Raises TrainingError where the checkpoint cannot be read or written.
    """
    run = _Run(net, len(batches), plan)
    if resume:
        run.restore(read_checkpoint(checkpoint, plan=run.digest))
    with _progress_bar(Console(stderr=True)) as progress:
        total = plan.epochs * len(batches)
        task = progress.add_task(plan.name, total=total, completed=run.epoch * len(batches))
        while run.epoch < plan.epochs:
            run.train_epoch(batches, loss, lambda: progress.advance(task))
            save_checkpoint(checkpoint, run.state())
            _tell(progress, task, run, score)
    return run.averaged.eval()


class _Run:
    """Net, optimiser, learning rate and mean weights on their way."""

    def __init__(self, net: torch.nn.Module, batches: int, plan: Plan) -> None:
        self.net = net.to(memory_format=torch.channels_last)
        self.averaged = copy.deepcopy(self.net)
        self.plan = plan
        self.digest = plan.digest(net, batches)
        self.epoch = 0
        self.loss = float("nan")
        self._optimiser = torch.optim.AdamW(
            _decayed_and_not(net, plan.weight_decay), lr=plan.learning_rate, fused=True
        )
        self._rate = torch.optim.lr_scheduler.OneCycleLR(
            self._optimiser, plan.learning_rate, total_steps=plan.epochs * batches, pct_start=0.2
        )
        self._precision = _precision()

    def train_epoch(self, batches: Batches, loss: Loss, on_batch: Callable[[], None]) -> None:
        """Go once through the data."""
        random = np.random.default_rng((self.plan.seed, self.epoch))
        torch.manual_seed(1_000_003 * self.plan.seed + self.epoch)  # for dropout
        self.net.train()
        losses = []
        for pictures, targets in batches.epoch(random):
            shown = self._shown(torch.from_numpy(pictures))
            losses.append(self._step(shown, torch.from_numpy(targets), loss))
            on_batch()
        self.loss = float(np.mean(losses))
        self.epoch += 1

    def _shown(self, pictures: torch.Tensor) -> torch.Tensor:
        """The pictures as they are, or smaller in the first epochs."""
        if self.epoch >= self.plan.coarse_epochs:
            return pictures
        side = self.plan.coarse_side
        return functional.interpolate(pictures, (side, side), mode="bilinear", antialias=True)

    def _step(self, pictures: torch.Tensor, targets: torch.Tensor, loss: Loss) -> float:
        with self._precision:
            outputs = self.net(pictures.to(memory_format=torch.channels_last))
        value = loss(outputs.float(), targets)
        self._optimiser.zero_grad(set_to_none=True)
        value.backward()
        torch.nn.utils.clip_grad_norm_(self.net.parameters(), self.plan.most_gradient)
        self._optimiser.step()
        self._rate.step()
        self._average()
        return float(value.detach())

    @torch.no_grad()
    def _average(self) -> None:
        # A mean that starts with random weights would carry them along: it opens slowly.
        done = self._rate.last_epoch
        kept = min(self.plan.average, (1 + done) / (10 + done)) if self.plan.average else 0.0
        own = self.net.state_dict()
        for name, value in self.averaged.state_dict().items():
            if value.dtype.is_floating_point:
                value.lerp_(own[name], 1 - kept)
            else:
                value.copy_(own[name])

    def state(self) -> State:
        """Everything that the next epoch depends on."""
        return {
            "plan": self.digest,
            "epoch": self.epoch,
            "net": self.net.state_dict(),
            "averaged": self.averaged.state_dict(),
            "optimiser": self._optimiser.state_dict(),
            "rate": self._rate.state_dict(),
        }

    def restore(self, state: State) -> None:
        """Stand where `state` was."""
        self.epoch = int(state["epoch"])
        self.net.load_state_dict(state["net"])
        self.averaged.load_state_dict(state["averaged"])
        self._optimiser.load_state_dict(state["optimiser"])
        self._rate.load_state_dict(state["rate"])


def _decayed_and_not(net: torch.nn.Module, decay: float) -> list[dict[str, object]]:
    """Weights shrink; biases and the scales of normalisation, which only shift, do not."""
    parameters = [value for value in net.parameters() if value.requires_grad]
    return [
        {"params": [value for value in parameters if value.ndim > 1], "weight_decay": decay},
        {"params": [value for value in parameters if value.ndim <= 1], "weight_decay": 0.0},
    ]


def _precision() -> AbstractContextManager[object]:
    """bfloat16 where the processor multiplies matrices of it (AMX): about three times as fast."""
    try:
        fast = "amx_bf16" in _CPUINFO.read_text()
    except OSError:
        fast = False
    return torch.autocast("cpu", torch.bfloat16) if fast else nullcontext()


def _tell(progress: Progress, task: TaskID, run: _Run, score: Score | None) -> None:
    """Say after an epoch how it went, above the bar."""
    words = f"epoch {run.epoch}/{run.plan.epochs}, loss {run.loss:.4f}"
    if score is not None:
        words += f", {score(run.averaged.eval())}"
    progress.console.print(words, highlight=False)
    progress.refresh()


def _progress_bar(console: Console) -> Progress:
    """A bar on standard error; only the lines of the epochs where that is no terminal."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
