"""A training that starts from what another one has made: the head stays, the adapter goes on."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from core.cli import main
from core.config import ComponentChoice
from core.encoders.tagger import load_tagger
from core.training.estimate import DataSize, estimate
from core.training.models import base_tags, learning_weights, new_model, whole_base
from core.training.ner import NerRecipe
from tests.builders import sentence
from tests.unit.training.conftest import write_data

ALL = ["--seed", "3", "--batch", "8", "--dev", "none", "--set", "masked=0"]
FAST = ["--learning-rate", "0.03"]
SMALL = ["--updates", "12", "--rank", "4"]
STILL = ["--updates", "1", "--learning-rate", "1e-12"]
ONE = sentence("ada met ben in oslo")


def _train(words: list[str], code: int = 0) -> None:
    assert main(["train", *words, "--quiet"]) == code


def _found(folder: Path) -> np.ndarray:
    return load_tagger(str(folder), "cpu").probabilities([ONE], 64)[0][0]


@pytest.fixture
def first(base: Path, tmp_path: Path) -> Path:
    """Train a first model, an adapter."""
    file, _ = write_data(tmp_path)
    out = tmp_path / "first"
    _train(["ner", "--data", file, "--base", str(base), "--out", str(out), *ALL, *FAST, *SMALL])
    return out


@pytest.mark.parametrize("weights", [[], ["--full"]])
def test_it_begins_where_the_other_ended(
    weights: list[str], first: Path, base: Path, tmp_path: Path
) -> None:
    out = tmp_path / "second"
    words = ["ner", "--data", str(tmp_path / "people.conll"), "--base", str(first)]
    _train([*words, *ALL, *STILL, *weights, "--out", str(out)])
    np.testing.assert_allclose(_found(out), _found(first), atol=2e-3)
    # It does not need the first one any more.
    assert json.loads((out / "tagger.json").read_text())["base"] == str(base)
    if not weights:
        described = json.loads((out / "adapter_config.json").read_text())
        assert (described["base_model_name_or_path"], described["r"]) == (str(base), 4)


@pytest.mark.parametrize("dropout", [0.0, 0.3])
def test_an_adapter_goes_on_with_the_dropout_that_is_asked_for(
    dropout: float, first: Path, tmp_path: Path
) -> None:
    out = tmp_path / "second"
    words = ["ner", "--data", str(tmp_path / "people.conll"), "--base", str(first)]
    _train([*words, *ALL, *STILL, "--set", f"dropout={dropout}", "--out", str(out)])
    assert json.loads((out / "adapter_config.json").read_text())["lora_dropout"] == dropout
    tags = base_tags(str(first))
    labels = {"id2label": dict(enumerate(tags)), "label2id": {t: i for i, t in enumerate(tags)}}
    recipe = NerRecipe(base=str(first), dropout=dropout)
    model = new_model(recipe, "tokens", {"num_labels": len(tags), **labels}, seed=1)
    inside = [one.lora_dropout["default"] for one in model.modules() if hasattr(one, "lora_A")]
    assert {getattr(one, "p", 0.0) for one in inside} == {dropout}


def test_the_rank_of_an_adapter_that_goes_on_is_its_own(first: Path) -> None:
    plain, size = ComponentChoice(name="plain"), DataSize(8, 8)
    goes_on = estimate(NerRecipe(base=str(first), rank=512), plain, size, speed=1e9)
    new = estimate(NerRecipe(base=whole_base(str(first)), rank=4), plain, size, speed=1e9)
    assert goes_on.learning == new.learning


def test_data_with_fewer_classes_keep_those_of_the_base(first: Path, tmp_path: Path) -> None:
    only = tmp_path / "only.conll"
    only.write_text("ada B-PER\nsaw O\n\n" * 8, encoding="utf-8")
    words = ["ner", "--data", str(only), "--base", str(first), *ALL, *STILL]
    _train([*words, "--out", str(tmp_path / "second")])
    assert (
        load_tagger(str(tmp_path / "second"), "cpu").names == load_tagger(str(first), "cpu").names
    )


def test_an_adapter_for_other_labels_is_refused(
    first: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other.conll"
    other.write_text("ada B-ORG\nsaw O\n\n" * 8, encoding="utf-8")
    words = ["--base", str(first), "--dev", "none", "--out", str(tmp_path / "second")]
    known = f"got {first} for O, B-LOC, I-LOC, B-PER, I-PER, and data with"
    for task, file, given in (
        ("ner", other, "O, B-ORG, I-ORG"),
        ("qa", tmp_path / "squad.json", "answers to questions"),
    ):
        _train([task, "--data", str(file), *words], 2)
        assert f"{known} {given}" in capsys.readouterr().err


@pytest.mark.parametrize("weights", ["adapter", "full"])
def test_models_that_learn_together_differ_in_their_heads(weights: str, first: Path) -> None:
    tags = base_tags(str(first))
    labels = {"id2label": dict(enumerate(tags)), "label2id": {t: i for i, t in enumerate(tags)}}
    recipe = NerRecipe(base=str(first), weights=weights)  # type: ignore[arg-type]

    def made(seed: int, *, keeps_head: bool) -> dict[str, np.ndarray]:
        model = new_model(
            recipe, "tokens", {"num_labels": len(tags), **labels}, seed=seed, keeps_head=keeps_head
        )
        return {name: one.detach().numpy() for name, one in learning_weights([model]).items()}

    kept, new, again = (
        made(1, keeps_head=True),
        made(2, keeps_head=False),
        made(2, keeps_head=False),
    )
    changed = {name for name in kept if not np.array_equal(kept[name], new[name])}
    assert changed == {name for name in kept if "classifier" in name} != set()
    assert all(np.array_equal(new[name], again[name]) for name in new)
