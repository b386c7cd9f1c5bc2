"""The training loop: same steps whatever the method, early stopping, stopping, going on."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
import torch

from core.adversarial import TokenClassificationStep
from core.config import ComponentChoice
from core.encoders.tagger import load_tagger
from core.errors import ConfigError, StoreError
from core.labellers import LABELLERS
from core.text.tags import tag_names
from core.training.checkpoints import Checkpoints
from core.training.loop import Trained, train
from core.training.methods import make_method, method_names, method_parameters, method_summary
from core.training.ner import NerRecipe, NerTask
from core.training.watching import Silent
from tests.builders import sentence
from tests.unit.training.conftest import people


@dataclass
class Recorder:
    """Keeps what it is told, and asks to stop after a step."""

    stop_at: int = 10**9
    records: list[tuple[int, Mapping[str, float]]] = field(default_factory=list)
    done: int = 0

    def metrics(self, step: int, values: Mapping[str, float]) -> None:
        self.records.append((step, values))

    def progress(self, stage: str, done: int, total: int) -> None:
        self.done = done if stage == "train" else self.done

    def should_stop(self) -> bool:
        return self.done >= self.stop_at


def _recipe(base: Path, **changes: Any) -> NerRecipe:
    recipe = NerRecipe(base=str(base), updates=6, batch=4, rank=2, learning_rate=0.02, seed=3)
    return replace(recipe, **changes)


def _train(
    recipe: NerRecipe, folder: Path, method: str = "plain", judged: Any = None, **options: Any
) -> Trained:
    sentences = people()[:12]
    task = NerTask([(sentences, 1.0)], tag_names(sentences), recipe)
    return train(
        task,
        recipe,
        make_method(ComponentChoice(name=method)),
        folder=folder,
        judge=judged or (lambda _model, _tokenizer, _tell: {"dev_f1": 0.5}),
        **{"watcher": Silent(), **options},
    )


def _falling(_model: Any, _tokenizer: Any, _tell: Callable[[int, int], None]) -> dict[str, float]:
    _falling_calls.append(1)
    return {"dev_f1": 1 / len(_falling_calls)}


_falling_calls: list[int] = []


@pytest.mark.parametrize("method", method_names())
def test_every_method_does_the_same_number_of_steps(
    method: str, base: Path, tmp_path: Path
) -> None:
    watcher = Recorder()
    trained = _train(_recipe(base, updates=2, batch=3), tmp_path, method, watcher=watcher)
    assert (trained.updates, trained.total, trained.is_stopped) == (2, 2, False)
    assert watcher.records[0][0] == 1
    first = watcher.records[0][1]
    assert first["loss"] > 0
    assert ("clean_loss" not in first) == (method == "freelb")
    assert first["learning_rate"] == 0.02
    assert load_tagger(str(tmp_path), "cpu").names[0] == "O"
    assert method_summary(method).endswith(".")
    assert all(one.help for one in method_parameters(method))


def test_the_best_weights_are_kept_and_it_stops_where_nothing_is_gained(
    base: Path, tmp_path: Path
) -> None:
    _falling_calls.clear()
    recipe = _recipe(base, updates=20, judge_every=2, patience=2)
    trained = _train(recipe, tmp_path / "a", judged=_falling)
    assert trained.updates == 6
    assert [one.is_best for one in trained.judgements] == [True, False, False]
    assert trained.best == 1.0
    # what is kept is what two steps of the same run of twenty gave
    stopped = Recorder(stop_at=2)
    _train(recipe, tmp_path / "b", watcher=stopped)
    kept, two = (
        (tmp_path / name / "adapter_model.safetensors").read_bytes() for name in ("a", "b")
    )
    assert kept == two


def test_stopped_and_resumed_is_the_unbroken_run(base: Path, tmp_path: Path) -> None:
    recipe = _recipe(base, save_every=100)
    whole, broken = Checkpoints(tmp_path / "cw"), Checkpoints(tmp_path / "cb")
    _train(recipe, tmp_path / "w", "freelb", checkpoints=whole)
    for stop_at in (2, 4, 10**9):
        trained = _train(
            recipe,
            tmp_path / "b",
            "freelb",
            checkpoints=broken,
            resume=True,
            watcher=Recorder(stop_at=stop_at),
        )
        assert trained.is_stopped == (stop_at < 10**9)
    one, other = whole.load(), broken.load()
    assert one is not None
    assert other is not None
    assert one["place"] == other["place"]
    for name, value in one["weights"].items():
        assert torch.equal(value, other["weights"][name]), name


def test_it_can_be_stopped_while_it_is_judged(base: Path, tmp_path: Path) -> None:
    def judge(_model: Any, _tokenizer: Any, tell: Callable[[int, int], None]) -> dict[str, float]:
        tell(1, 2)
        return {"dev_f1": 1.0}

    kept = Checkpoints(tmp_path / "c")
    watcher = Recorder(stop_at=3)
    trained = _train(_recipe(base), tmp_path / "m", judged=judge, checkpoints=kept, watcher=watcher)
    assert trained.is_stopped
    assert trained.judgements == ()
    again = _train(_recipe(base), tmp_path / "m", judged=judge, checkpoints=kept, resume=True)
    assert [one.update for one in again.judgements] == [3, 6]


def test_a_damaged_checkpoint_falls_back_on_the_one_before(base: Path, tmp_path: Path) -> None:
    kept = Checkpoints(tmp_path / "c")
    recipe = _recipe(base, save_every=1)
    _train(recipe, tmp_path / "m", checkpoints=kept, watcher=Recorder(stop_at=5))
    old, new = sorted((tmp_path / "c").iterdir())
    assert [old.name, new.name] == ["update-00000004.pt", "update-00000005.pt"]
    new.write_bytes(new.read_bytes()[:1000])
    found = kept.load()
    assert found is not None
    assert found["place"]["update"] == 4
    old.write_bytes(b"")
    with pytest.raises(StoreError):
        kept.load()


def test_a_checkpoint_of_another_training_is_refused(base: Path, tmp_path: Path) -> None:
    kept = Checkpoints(tmp_path / "c")
    _train(_recipe(base), tmp_path / "m", checkpoints=kept, fingerprint="a")
    with pytest.raises(ConfigError, match="same data and recipe"):
        _train(_recipe(base), tmp_path / "m", checkpoints=kept, fingerprint="b", resume=True)


@pytest.mark.parametrize(
    "changes",
    [{"precision": "fp16"}, {"learning_rate": 1e30, "clip": 1e30, "precision": "fp32"}],
)
def test_what_cannot_be_is_told(changes: dict[str, Any], base: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigError):
        _train(_recipe(base, updates=9, **changes), tmp_path)


def _in_half_precision(monkeypatch: pytest.MonkeyPatch, scale: float) -> None:
    """Scale the loss as on a GPU, and let the gradient by the logits overflow as it does there."""
    scaler, exact = torch.amp.GradScaler, TokenClassificationStep.logits

    def logits(step: TokenClassificationStep, given: torch.Tensor | None = None) -> torch.Tensor:
        found = exact(step, given)
        if found.requires_grad:
            found.register_hook(lambda slope: slope.half().float())
        return found

    monkeypatch.setattr(TokenClassificationStep, "logits", logits)
    monkeypatch.setattr(
        torch.amp, "GradScaler", lambda device, *, enabled: scaler(device, init_scale=scale)
    )


@pytest.mark.filterwarnings("ignore:Detected call of `lr_scheduler")  # the first step is left out
@pytest.mark.parametrize("method", method_names())
def test_a_step_whose_gradient_overflows_is_left_out(
    method: str, base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _in_half_precision(monkeypatch, 2.0**24)
    weights = []
    for stop_at in (0, 1, 10**9):
        kept, watcher = Checkpoints(tmp_path / f"c{stop_at}"), Recorder(stop_at=stop_at)
        recipe = _recipe(base, updates=20, save_every=100)
        trained = _train(recipe, tmp_path / "m", method, checkpoints=kept, watcher=watcher)
        state = kept.load()
        assert state is not None
        weights.append(state["weights"])
    first, _, last = (values["gradient_norm"] for _, values in watcher.records if "loss" in values)
    assert not math.isfinite(first)
    assert math.isfinite(last)
    assert math.isfinite(trained.judgements[-1].loss)
    assert all(torch.equal(value, weights[1][name]) for name, value in weights[0].items())
    assert all(value.isfinite().all() for value in weights[2].values())
    assert any(not torch.equal(value, weights[2][name]) for name, value in weights[0].items())


@pytest.mark.filterwarnings("ignore:Detected call of `lr_scheduler")
def test_what_no_smaller_scale_can_mend_is_told(
    base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _in_half_precision(monkeypatch, 4.0)
    recipe = _recipe(base, updates=20, learning_rate=1e30, clip=1e30, precision="fp32")
    with pytest.raises(ConfigError, match="must be numbers"):
        _train(recipe, tmp_path)


@pytest.mark.parametrize("freeze", [True, False])
def test_a_model_trained_whole_serves_as_tagger(freeze: bool, base: Path, tmp_path: Path) -> None:
    recipe = _recipe(base, weights="full", updates=30, masked=0, freeze_embeddings=freeze)
    _train(replace(recipe, learning_rate=0.01), tmp_path, judged=lambda *_: {})  # the last weights
    tagger = LABELLERS.create("token_classifier", {"model": str(tmp_path)})
    spans = tagger.label([sentence("ben saw rome in the town")])[0].spans
    assert [(s.start, s.end, s.label) for s in spans] == [(0, 1, "PER"), (2, 3, "LOC")]
    assert tagger.classes() == ("LOC", "PER")
