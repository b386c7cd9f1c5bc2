"""Which sentences and spans an evaluation is over."""

from __future__ import annotations

import pytest

from core.errors import DataError
from core.evaluate.gold import check_same_sentences, gold_corpus
from core.types import Projection, Span
from tests.unit.evaluate.builders import answer, sentence

ADA = sentence("Ada in Turin", (0, 1, "PER"), (2, 3, "LOC"))


def test_labels_are_dropped_on_both_sides() -> None:
    corpus = gold_corpus([answer(ADA, (0, 1, "PER"), (1, 2, "LOC"))], {"PER"})
    assert corpus.sentences[0].gold == (Span(0, 1, "PER"),)
    assert corpus.sentences[0].predicted == (Span(0, 1, "PER"),)


def test_a_failed_sentence_stays_with_nothing_predicted() -> None:
    corpus = gold_corpus([answer(ADA, (0, 1, "PER"), failed=True), answer(ADA)])
    assert [len(one.gold) for one in corpus.sentences] == [2, 2]
    assert corpus.sentences[0].predicted == ()
    assert corpus.failures == 1
    assert len(corpus.worked) == 1
    assert corpus.failure_codes() == {"align/model-unusable": 1}


def test_pairs_without_gold_are_set_aside_and_counted() -> None:
    corpus = gold_corpus([answer(ADA, has_gold=False), answer(ADA)])
    assert (len(corpus.sentences), corpus.unlabelled) == (1, 1)


@pytest.mark.parametrize(
    "projections",
    [pytest.param([], id="empty"), pytest.param([answer(ADA, has_gold=False)], id="unlabelled")],
)
def test_nothing_to_evaluate_is_an_error(projections: list[Projection]) -> None:
    with pytest.raises(DataError, match="at least one sentence with gold") as caught:
        gold_corpus(projections)
    assert caught.value.code == "missing-gold"


@pytest.mark.parametrize(
    ("other", "message"),
    [
        pytest.param([], "got 1 and 0", id="length"),
        pytest.param([answer(sentence("Eva in Turin"))], "number 1", id="words"),
        pytest.param([answer(sentence("Ada in Turin"))], "number 1", id="gold"),
        pytest.param([answer(ADA, has_gold=False)], "number 1", id="has-gold"),
    ],
)
def test_runs_over_other_sentences_are_refused(other: list[Projection], message: str) -> None:
    with pytest.raises(DataError, match=message) as caught:
        check_same_sentences([answer(ADA)], other)
    assert caught.value.code == "not-parallel"


def test_gold_of_classes_left_out_need_not_agree() -> None:
    other = answer(sentence("Ada in Turin", (0, 1, "PER")))
    check_same_sentences([answer(ADA)], [other], {"PER"})
    with pytest.raises(DataError, match="number 1"):
        check_same_sentences([answer(ADA)], [other])
