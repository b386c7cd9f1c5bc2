"""The score nmt on a tiny model that knows a few translations."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.errors import ConfigError
from core.scores.nmt import Nmt
from core.seq2seq import ModelChoice, Seq2seqModel, load_seq2seq, phrases
from core.types import Problem
from tests.builders import alignment, problem
from tests.tiny_models import save_english_german, save_marian

EXACT: dict[str, Any] = {"linked_only": False, "length_ratio": 0, "threshold": 0.0}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("nllb")
    save_english_german(folder)
    return folder


@pytest.fixture
def make(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Nmt]:
    monkeypatch.setattr(phrases, "_MEMORY", phrases._Memory(1000))
    return lambda **parameters: Nmt(model=str(folder), device="cpu", **parameters)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, str, str]]:
    """Record what the model is asked: source language, target language, both texts."""
    calls: list[tuple[str, str, str, str]] = []
    compute = Seq2seqModel.log_probabilities

    def record(
        self: Seq2seqModel, sources: Sequence[str], targets: Sequence[str], **options: Any
    ) -> Any:
        languages = options["source"], options["target"]
        calls.extend((*languages, *pair) for pair in zip(sources, targets, strict=True))
        return compute(self, sources, targets, **options)

    monkeypatch.setattr(Seq2seqModel, "log_probabilities", record)
    return calls


def _problem(links: str = "0-0 2-2") -> Problem:
    return problem(
        "ada saw rome .", "ada sah rom .", ((0, 1, "PER"), (2, 3, "LOC")), links, max_len=2
    )


def _column(one: Problem, start: int, end: int) -> int:
    return [(c.start, c.end) for c in one.candidates].index((start, end))


def _direct(folder: Path, entity: str, candidate: str) -> float:
    """Compute the published score for one pair, without batches, cache or padding."""
    import torch
    from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForSeq2SeqLM.from_pretrained(folder).eval()

    def mean(source: str, target: str, languages: tuple[str, str]) -> float:
        tokenizer.src_lang, tokenizer.tgt_lang = languages
        both = tokenizer(source, text_target=target, return_tensors="pt")
        with torch.no_grad():
            logits = model(**both).logits[0]
        scores = logits.log_softmax(-1)[torch.arange(len(logits)), both["labels"][0]]
        return float(scores[1:].mean())

    en, de = "eng_Latn", "deu_Latn"
    to_entity = mean(candidate, entity, (de, en)) - mean(entity, entity, (en, en))
    to_candidate = mean(entity, candidate, (en, de)) - mean(candidate, candidate, (de, de))
    return float(np.exp(to_entity) + np.exp(to_candidate)) / 2


def test_it_is_the_published_formula(make: Callable[..., Nmt], folder: Path) -> None:
    one = _problem()
    found = make(**EXACT).compute(one)
    for row, entity in enumerate(("ada", "rome")):
        for column, candidate in enumerate(one.candidates):
            text = " ".join(one.target_words[candidate.start : candidate.end])
            assert found[row, column] == pytest.approx(_direct(folder, entity, text), rel=1e-4)


def test_translations_win(make: Callable[..., Nmt]) -> None:
    one = _problem()
    ada, rom = _column(one, 0, 1), _column(one, 2, 3)  # phrases that the model knows
    found = make(**EXACT).compute(one)
    assert found[0, ada] == pytest.approx(1, abs=0.1)
    assert found[1, rom] == pytest.approx(1, abs=0.1)
    assert max(found[0, rom], found[1, ada]) < 0.5


def test_batches_change_nothing(make: Callable[..., Nmt], monkeypatch: pytest.MonkeyPatch) -> None:
    together = make(**EXACT).compute(_problem())
    monkeypatch.setattr(phrases, "_MEMORY", phrases._Memory(1000))
    alone = make(**EXACT, batch_tokens=1).compute(_problem())
    np.testing.assert_allclose(together, alone, rtol=1e-4)


def test_lower_scores_count_as_0(make: Callable[..., Nmt]) -> None:
    exact = make(**EXACT).compute(_problem())
    cut = make(**{**EXACT, "threshold": 0.5}).compute(_problem())
    np.testing.assert_array_equal(cut, np.where(exact < 0.5, 0, exact))
    assert (cut == 0).any()
    assert (cut > 0).any()


def test_the_model_is_asked_once(
    make: Callable[..., Nmt], asked: list[tuple[str, str, str, str]]
) -> None:
    one = _problem()
    first = make(**EXACT).compute(one)
    assert len(asked) == len(set(asked))
    assert ("en", "en", "rome", "rome") in asked
    assert ("de", "de", "rom", "rom") in asked
    assert ("en", "de", "rome", "rom") in asked
    assert ("de", "en", "rom", "rome") in asked
    asked.clear()
    again = make(**EXACT, batch_tokens=7).compute(replace(one, entities=one.entities[::-1]))
    assert asked == []
    np.testing.assert_array_equal(again, first[::-1])


def test_what_is_remembered_outlives_the_model(
    make: Callable[..., Nmt], asked: list[tuple[str, str, str, str]]
) -> None:
    score = make(**EXACT)
    first = score.compute(_problem())
    score.release()
    asked.clear()
    np.testing.assert_array_equal(score.compute(_problem()), first)
    assert asked == []


def test_memory_is_bounded_and_forgets_the_oldest(
    make: Callable[..., Nmt], monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = phrases._Memory(3)
    monkeypatch.setattr(phrases, "_MEMORY", memory)
    score = make(**EXACT)
    first = score.compute(_problem())
    assert len(memory.values) == 3
    np.testing.assert_allclose(score.compute(_problem()), first, rtol=1e-4)


def test_memory_keeps_what_was_used_last() -> None:
    memory = phrases._Memory(2)
    choice = ModelChoice("m")
    keys = [(choice, "en", "de", (word, word)) for word in "abc"]
    memory.keep({keys[0]: -1.0, keys[1]: -2.0})
    assert memory.recall([keys[0]]) == {keys[0]: -1.0}
    memory.keep({keys[2]: -3.0})
    assert memory.recall(keys) == {keys[0]: -1.0, keys[2]: -3.0}


def test_candidates_without_a_link_are_not_looked_at(
    make: Callable[..., Nmt], asked: list[tuple[str, str, str, str]]
) -> None:
    one = _problem("2-2")
    pruned = make(length_ratio=0, threshold=0).compute(one)
    exact = make(**EXACT).compute(one)
    held = np.array([c.start <= 2 < c.end for c in one.candidates])
    np.testing.assert_array_equal(pruned[1], np.where(held, exact[1], 0))
    # an entity without any link keeps all its candidates: the score may find what links missed
    np.testing.assert_array_equal(pruned[0], exact[0])
    assert make(length_ratio=0, threshold=0).compute(replace(one, alignment=None)).all()


def test_a_pruned_candidate_costs_nothing(
    make: Callable[..., Nmt], asked: list[tuple[str, str, str, str]]
) -> None:
    make(length_ratio=0).compute(_problem("0-0 2-2"))
    assert ("en", "de", "rome", "ada") not in asked
    assert ("en", "de", "rome", "rom") in asked


def test_candidates_of_another_length_are_not_looked_at(make: Callable[..., Nmt]) -> None:
    one = problem("ada", "ada sah rom im mai sah ada", ((0, 1, "PER"),), "", max_len=7)
    found = make(length_ratio=2.0, threshold=0).compute(one)
    sizes = np.array([len(" ".join(one.target_words[c.start : c.end])) for c in one.candidates])
    np.testing.assert_array_equal(found[0] > 0, sizes <= 16)  # "ada" counts as 8 bytes
    np.testing.assert_array_equal(make(**EXACT).compute(one)[0] > 0, True)


def test_where_nothing_is_left_the_model_is_not_loaded() -> None:
    one = replace(_problem(), candidates=_problem().candidates[:1], alignment=alignment("0-3"))
    one = replace(one, entities=one.entities[:1])
    assert not Nmt(model="there is no such model").compute(one).any()


def test_a_model_of_one_direction_cannot_score(tmp_path: Path) -> None:
    save_marian(tmp_path, ["ada", "rom"], source="en", target="de")
    with pytest.raises(ConfigError) as raised:
        Nmt(model=str(tmp_path), device="cpu").compute(_problem())
    assert raised.value.code == "unknown-language"


def test_text_without_spaces_is_joined_without(
    make: Callable[..., Nmt], asked: list[tuple[str, str, str, str]]
) -> None:
    one = problem("rome", "罗 马", ((0, 1, "LOC"),), "0-0 0-1")
    make(**EXACT).compute(replace(one, target_language="zh"))
    assert ("en", "zh", "rome", "罗马") in asked


def test_releasing_frees_the_model(make: Callable[..., Nmt], folder: Path) -> None:
    import gc
    import weakref

    score = make()
    score.compute(_problem())
    held = weakref.ref(load_seq2seq(ModelChoice(str(folder), device="cpu")).model)
    score.release()
    gc.collect()
    assert held() is None
