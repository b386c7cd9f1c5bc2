"""Laws of every registered labeller, on tiny models made here."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.labellers import LABELLERS, Labeller
from core.types import Sentence
from tests.builders import sentence
from tests.tiny_models import save_recogniser, save_tagger

# Models that a labeller would have to fetch; the default comes with the encoder.
TAGGERS = ("token_classifier", "xlm_roberta_large_conll03")


@pytest.fixture(scope="module")
def tagger(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("tagger")
    save_tagger(folder, ["Ada", "saw", "Rome"], ["O", "B-PER", "I-PER", "B-LOC", "I-LOC"])
    return str(folder)


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("spacy")
    save_recogniser(folder)
    return str(folder)


@pytest.fixture(
    params=[
        pytest.param(name, marks=[pytest.mark.encoder] if name == "default" else [])
        for name in LABELLERS.names()
    ]
)
def labeller(request: pytest.FixtureRequest) -> Labeller:
    own = dict.fromkeys(TAGGERS, lambda: {"model": request.getfixturevalue("tagger")})
    own["spacy"] = lambda: {"pipeline": request.getfixturevalue("pipeline")}
    made: Labeller = LABELLERS.create(request.param, own.get(request.param, dict)())
    return made


def _sentences() -> list[Sentence]:
    return [
        sentence("Ada saw Rome .", "en", (0, 1, "PER"), (2, 3, "LOC")),
        sentence("", "en"),
        sentence("They met Ada in Rome .", "de", (2, 3, "PER")),
        sentence(" ".join(["Ada saw Rome"] * 40), "en"),
    ]


def test_it_follows_the_protocol(labeller: Labeller) -> None:
    assert isinstance(labeller, Labeller)


def test_one_labelling_a_sentence_in_order(labeller: Labeller) -> None:
    found = labeller.label(_sentences())
    assert len(found) == len(_sentences())
    turned = labeller.label(_sentences()[::-1])
    assert [one.spans for one in turned[::-1]] == [one.spans for one in found]
    assert labeller.label([]) == []


def test_spans_lie_inside_sorted_and_disjoint(labeller: Labeller) -> None:
    labellings = labeller.label(_sentences())
    assert any(one.spans for one in labellings)
    for labelled, one in zip(_sentences(), labellings, strict=True):
        assert list(one.spans) == sorted(one.spans)
        replace(labelled, spans=one.spans)  # raises where spans overlap or leave the sentence


def test_a_sentence_without_words_has_no_span(labeller: Labeller) -> None:
    assert labeller.label(_sentences())[1].spans == ()


def test_probabilities_have_a_row_a_word_and_sum_to_1(labeller: Labeller) -> None:
    for labelled, one in zip(_sentences(), labeller.label(_sentences()), strict=True):
        if one.tags is not None:
            assert one.tags.tags[0] == "O"
            assert one.tags.probabilities.shape == (len(labelled.words), len(one.tags.tags))
            np.testing.assert_allclose(one.tags.probabilities.sum(axis=1), 1, atol=1e-5)


def test_its_classes_are_those_it_finds(labeller: Labeller) -> None:
    classes = labeller.classes()
    found = {span.label for one in labeller.label(_sentences()) for span in one.spans}
    assert list(classes) == sorted(set(classes))
    assert found <= set(classes) or not classes


def test_gold_is_not_looked_at_except_by_gold(labeller: Labeller) -> None:
    bare = [replace(one, spans=()) for one in _sentences()]
    found = [one.spans for one in labeller.label(bare)]
    if labeller == LABELLERS.create("gold"):
        assert not any(found)
    else:
        assert found == [one.spans for one in labeller.label(_sentences())]


def test_progress_reaches_the_end(labeller: Labeller) -> None:
    if labeller == LABELLERS.create("gold"):
        pytest.skip("it has nothing to wait for")
    seen: list[tuple[int, int]] = []
    labeller.label(_sentences(), lambda done, total: seen.append((done, total)))
    assert seen[-1][0] == seen[-1][1] > 0
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)


def test_it_works_again_after_release(labeller: Labeller) -> None:
    before = [one.spans for one in labeller.label(_sentences())]
    labeller.release()
    assert [one.spans for one in labeller.label(_sentences())] == before
