"""Alignment error rate."""

from __future__ import annotations

import json

import pytest

from core.errors import DataError
from core.evaluate.alignment import score_alignments, score_links
from core.types import Projection
from tests.unit.evaluate.builders import links, project, sentence

AB = sentence("a b")


@pytest.mark.parametrize(
    ("predicted", "gold", "aer", "precision", "recall"),
    [
        pytest.param("0-0 1-1", "0-0 1-1", 0.0, 1.0, 1.0, id="equal"),
        pytest.param("0-0 1-1", "0-0 1?1 1?0", 0.0, 1.0, 1.0, id="between-sure-and-possible"),
        # |A| = 3, |S| = 2, |A∩S| = 1, |A∩P| = 2: 1 - 3/5
        pytest.param("0-0 1-1 2-2", "0-0 1?1 3-3", 0.4, 2 / 3, 1 / 2, id="mixed"),
        pytest.param("0-1", "0-0", 1.0, 0.0, 0.0, id="disjoint"),
        pytest.param("", "0-0", 1.0, 0.0, 0.0, id="nothing-predicted"),
        pytest.param("0-0", "", 1.0, 0.0, 0.0, id="nothing-gold"),
        pytest.param("", "0?0", 0.0, 0.0, 0.0, id="nothing-sure-nothing-predicted"),
        pytest.param("0?0", "0-0 0?0", 0.0, 1.0, 1.0, id="marks-repeated-or-predicted"),
    ],
)
def test_rates(predicted: str, gold: str, aer: float, precision: float, recall: float) -> None:
    score = score_links([links(predicted)], [links(gold)])
    assert score.aer == pytest.approx(aer, abs=1e-15)
    assert (score.precision, score.recall) == pytest.approx((precision, recall))


def test_counts_are_summed_over_the_corpus() -> None:
    score = score_links([links("0-0"), links("0-1 1-1")], [links("0-0"), links("0-0 1-1")])
    assert (score.predicted, score.sure, score.predicted_sure) == (3, 3, 2)
    assert score.aer == pytest.approx(1 - 4 / 6)
    assert score.sentences == 2


def test_other_number_of_pairs_is_an_error() -> None:
    with pytest.raises(DataError, match="got 1 and 2") as caught:
        score_links([()], [(), ()])
    assert caught.value.code == "not-parallel"


def aligned(predicted: str | None, gold: dict[str, str]) -> Projection:
    return project(AB, AB, linked=predicted, gold_links=gold)


def test_a_pair_without_alignment_counts_as_missed() -> None:
    run = [
        aligned("0-0", {"gold": "0-0"}),
        aligned(None, {"gold": "0-0 1-1"}),
        aligned("1-1", {}),
    ]
    report = score_alignments(run, "gold")
    assert (report.score.recall, report.score.precision) == pytest.approx((1 / 3, 1.0))
    assert (report.unaligned, report.without_gold, report.score.sentences) == (1, 1, 2)
    assert json.loads(json.dumps(report.as_dict()))["aer"] == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("run", "message"),
    [
        pytest.param([aligned("0-0", {"other": "0-0"})], "named 'gold', got other", id="name"),
        pytest.param([aligned("0-0", {})], "got none", id="no-links"),
        pytest.param([aligned(None, {"gold": "0-0"})], "must have aligned", id="not-aligned"),
    ],
)
def test_nothing_to_score_is_an_error(run: list[Projection], message: str) -> None:
    with pytest.raises(DataError, match=message) as caught:
        score_alignments(run, "gold")
    assert caught.value.code == "missing-links"
