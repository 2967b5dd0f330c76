"""Training is repeatable, goes on where it was interrupted, and ends with a file that says all."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from onnx import TensorProto

from recognition.errors import TrainingError
from recognition.networks.metadata import NetworkMetadata
from recognition.networks.network import SmallNetwork
from recognition.training.checkpoint import checkpoint_path
from recognition.training.export import export_onnx, restate
from recognition.training.loop import Floats, Plan, fit, prepare

# PyTorch alone takes seconds to load.
pytestmark = pytest.mark.slow

PLAN = Plan("squares", epochs=6, learning_rate=0.05, seed=3, average=0.5)
METADATA = NetworkMetadata("squares", "1", ("left", "right"), (4, 4, 1))


class Squares:
    """Pictures whose left or right half is light, with noise drawn anew each epoch."""

    def __init__(self, *, stop_in_epoch: int | None = None) -> None:
        self._epochs, self._stop = 0, stop_in_epoch

    def __len__(self) -> int:
        return 3

    def epoch(self, random: np.random.Generator) -> Iterator[tuple[Floats, np.ndarray]]:
        self._epochs += 1
        for number in range(len(self)):
            if self._epochs == self._stop and number == 1:
                raise KeyboardInterrupt
            labels = random.integers(0, 2, 16)
            pictures = random.random((16, 1, 4, 4), np.float32)
            for row, label in enumerate(labels):
                pictures[row, :, :, 2 * label : 2 * label + 2] += 1
            yield pictures, labels


def net() -> torch.nn.Module:
    prepare(PLAN)
    return torch.nn.Sequential(
        torch.nn.Conv2d(1, 4, 3, padding=1),
        torch.nn.BatchNorm2d(4),
        torch.nn.ReLU(),
        torch.nn.Flatten(),
        torch.nn.Linear(64, 2),
    )


def trained(checkpoint: Path, batches: Squares, *, resume: bool = False) -> torch.nn.Module:
    loss = torch.nn.functional.cross_entropy
    return fit(net(), batches, plan=PLAN, loss=loss, checkpoint=checkpoint, resume=resume)


def weights(of: torch.nn.Module) -> np.ndarray:
    return np.concatenate([value.detach().numpy().ravel() for value in of.parameters()])


def test_the_same_seed_gives_the_same_weights(tmp_path: Path) -> None:
    one, two = (trained(tmp_path / "c", Squares()) for _ in range(2))

    np.testing.assert_array_equal(weights(one), weights(two))
    # What follows a training can fail as well: its last epoch is still there.
    assert [path.name for path in tmp_path.iterdir()] == ["c"]


def test_it_learns(tmp_path: Path) -> None:
    learnt = trained(tmp_path / "c", Squares())

    (pictures, labels), *_ = Squares().epoch(np.random.default_rng(9))
    with torch.no_grad():
        assert (learnt(torch.from_numpy(pictures)).argmax(1).numpy() == labels).mean() > 0.9


def test_an_interrupted_training_goes_on_to_the_same_weights(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        trained(tmp_path / "c", Squares(stop_in_epoch=4))

    resumed = trained(tmp_path / "c", Squares(), resume=True)

    np.testing.assert_array_equal(weights(resumed), weights(trained(tmp_path / "d", Squares())))


def test_the_first_epochs_show_smaller_pictures(tmp_path: Path) -> None:
    sides = []

    class Watched(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.last = torch.nn.Linear(1, 2)

        def forward(self, pictures: torch.Tensor) -> torch.Tensor:
            sides.append(pictures.shape[2:])
            return self.last(pictures.mean((2, 3)))

    plan = replace(PLAN, epochs=3, coarse_epochs=2, coarse_side=2)
    loss = torch.nn.functional.cross_entropy
    fit(Watched(), Squares(), plan=plan, loss=loss, checkpoint=tmp_path / "c")

    assert sides == [(2, 2)] * 6 + [(4, 4)] * 3


def test_a_checkpoint_of_another_plan_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        trained(tmp_path / "c", Squares(stop_in_epoch=2))

    with pytest.raises(TrainingError, match="is of another training"):
        fit(
            net(),
            Squares(),
            plan=replace(PLAN, seed=4),
            loss=torch.nn.functional.cross_entropy,
            checkpoint=tmp_path / "c",
            resume=True,
        )


def test_without_a_checkpoint_there_is_nothing_to_resume(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="train without --resume"):
        trained(tmp_path / "c", Squares(), resume=True)


@pytest.mark.parametrize("content", [b"", b"no checkpoint", b"PK\x03\x04broken"])
def test_a_damaged_checkpoint_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "c").write_bytes(content)

    with pytest.raises(TrainingError, match="is damaged"):
        trained(tmp_path / "c", Squares(), resume=True)


def test_the_checkpoint_lies_beside_the_output() -> None:
    assert checkpoint_path(Path("a/signs.onnx")) == Path("a/signs.onnx.checkpoint")


@pytest.mark.parametrize("halved", [True, False])
def test_an_exported_net_gives_what_the_net_gives(tmp_path: Path, *, halved: bool) -> None:
    made = trained(tmp_path / "c", Squares())
    out = tmp_path / "new" / "squares.onnx"

    export_onnx(made, out, metadata=METADATA, halved=halved)

    loaded = SmallNetwork(out, name="squares", version="1")
    pictures = np.random.default_rng(0).random((7, 1, 4, 4), np.float32)
    with torch.no_grad():
        expected = made(torch.from_numpy(pictures)).numpy()
    np.testing.assert_allclose(loaded.run(pictures), expected, atol=0.01 if halved else 1e-5)
    assert loaded.metadata == METADATA


def test_a_net_beyond_3_mb_is_refused(tmp_path: Path) -> None:
    large = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(16, 100_001))

    with pytest.raises(TrainingError, match="a smaller net is needed"):
        export_onnx(large, tmp_path / "large.onnx", metadata=replace(METADATA, classes=()))

    assert not (tmp_path / "large.onnx").exists()


def test_a_net_in_eight_bits_gives_nearly_what_the_net_gives(tmp_path: Path) -> None:
    made = trained(tmp_path / "c", Squares())
    out = tmp_path / "squares.onnx"
    pictures = np.random.default_rng(0).random((40, 1, 4, 4), np.float32)

    export_onnx(made, out, metadata=METADATA, examples=pictures)

    loaded = SmallNetwork(out, name="squares", version="1")
    with torch.no_grad():
        expected = made(torch.from_numpy(pictures)).numpy()
    np.testing.assert_allclose(loaded.run(pictures), expected, atol=0.05 * np.ptp(expected))
    assert TensorProto.INT8 in {one.data_type for one in onnx.load(out).graph.initializer}


def test_what_a_file_says_of_itself_is_replaced_and_its_answers_stay(tmp_path: Path) -> None:
    made = trained(tmp_path / "c", Squares())
    out = tmp_path / "squares.onnx"
    export_onnx(made, out, metadata=METADATA)
    pictures = np.random.default_rng(0).random((7, 1, 4, 4), np.float32)
    before = SmallNetwork(out, name="squares", version="1").run(pictures)

    restate(out, replace(METADATA, threshold=0.75))

    after = SmallNetwork(out, name="squares", version="1")
    assert after.metadata == replace(METADATA, threshold=0.75)
    np.testing.assert_array_equal(after.run(pictures), before)
