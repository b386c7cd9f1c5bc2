"""Training a tagger: it learns, is saved as an adapter, and the saved one is the same model."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from core.config import ComponentChoice
from core.encoders.tagger import load_tagger, word_probabilities
from core.labellers import LABELLERS
from core.text.tags import tag_names
from core.training.loop import Trained, train
from core.training.methods import make_method
from core.training.ner import IGNORED, Example, NerRecipe, NerTask, as_windowed, make_examples
from core.training.watching import Silent
from tests.builders import sentence
from tests.unit.training.conftest import people


def _judge(model: Any, tokenizer: Any, _tell: Callable[[int, int], None]) -> dict[str, float]:
    """Measure the share of the words of the first sentence that get their tag."""
    windowed = as_windowed(model, tokenizer, 5)
    found = word_probabilities(windowed.encode([people()[0]], 64)[0]).argmax(axis=1)
    return {"dev_f1": float(np.mean(found == np.array([3, 0, 1, 0, 0, 0])))}


def _train(recipe: NerRecipe, folder: Path) -> Trained:
    return train(
        NerTask([(people(), 1.0)], tag_names(people()), recipe),
        recipe,
        make_method(ComponentChoice(name="plain")),
        folder=folder,
        judge=_judge,
        watcher=Silent(),
    )


def test_it_learns_and_the_saved_adapter_tags_like_the_trained_model(
    base: Path, tmp_path: Path
) -> None:
    recipe = NerRecipe(
        base=str(base), epochs=6, batch=4, learning_rate=0.03, rank=4, masked=0, dropout=0
    )
    trained = _train(recipe, tmp_path)
    seen = trained.judgements
    assert [one.epoch for one in seen] == [1, 2, 3, 4, 5, 6]
    assert seen[-1].loss < seen[0].loss / 2
    assert trained.best == max(one.values["dev_f1"] for one in seen) == 1.0
    tagger = LABELLERS.create("token_classifier", {"model": str(tmp_path)})
    fresh = sentence("ben saw rome in the town")
    spans = tagger.label([fresh])[0].spans
    assert [(s.start, s.end, s.label) for s in spans] == [(0, 1, "PER"), (2, 3, "LOC")]
    assert tagger.classes() == ("LOC", "PER")


def test_the_folder_names_the_base_and_not_a_place_on_this_machine(
    base: Path, tmp_path: Path
) -> None:
    recipe = NerRecipe(base=str(base), epochs=1, batch=8, rank=2)
    _train(recipe, tmp_path)
    described = json.loads((tmp_path / "tagger.json").read_text())
    assert described == {"base": str(base), "tags": ["O", "B-LOC", "I-LOC", "B-PER", "I-PER"]}
    adapter = json.loads((tmp_path / "adapter_config.json").read_text())
    assert adapter["base_model_name_or_path"] == str(base)
    assert (tmp_path / "adapter_model.safetensors").stat().st_size < 40_000


def test_the_same_seed_gives_the_same_weights(base: Path, tmp_path: Path) -> None:
    recipe = NerRecipe(base=str(base), epochs=1, batch=8, rank=2)
    for name in ("a", "b"):
        _train(recipe, tmp_path / name)
    one = sentence("ada met ben")
    a, b = (
        load_tagger(str(tmp_path / name), "cpu").probabilities([one], 64)[0][0]
        for name in ("a", "b")
    )
    np.testing.assert_array_equal(a, b)


def test_only_first_subwords_carry_a_label(base: Path) -> None:
    from core.encoders.loading import fast_tokenizer
    from core.encoders.reading import Reader

    one = sentence("adas old town", "en", (0, 1, "PER"), (1, 3, "LOC"))
    tags = tag_names([one])
    (example,) = make_examples([one], tags, Reader(fast_tokenizer(str(base))), 16)
    # "adas" is cut into "ada" and "##s"
    expected = (tags.index("B-PER"), IGNORED, tags.index("B-LOC"), tags.index("I-LOC"))
    assert example.labels == expected
    assert isinstance(example, Example)
    assert len(example.ids) == 4
