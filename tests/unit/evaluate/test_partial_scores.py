"""The four partial-match views."""

from __future__ import annotations

import json

import pytest

from core.errors import DataError
from core.evaluate.partial import View, score_partial
from tests.unit.evaluate.builders import answer, sentence

TARGET = sentence("the Bank of Italy in Rome", (1, 4, "ORG"), (5, 6, "LOC"))


@pytest.mark.parametrize(
    ("predicted", "expected"),
    [
        pytest.param(
            (1, 4, "ORG"),
            {"strict": 1.0, "exact": 1.0, "partial": 1.0, "ent_type": 1.0},
            id="right",
        ),
        pytest.param(
            (1, 4, "LOC"),
            {"strict": 0.0, "exact": 1.0, "partial": 1.0, "ent_type": 0.0},
            id="wrong-class",
        ),
        pytest.param(
            (3, 5, "ORG"),
            {"strict": 0.0, "exact": 0.0, "partial": 0.5, "ent_type": 1.0},
            id="last-gold-word-shared",  # found only if the end offset was converted
        ),
        pytest.param(
            (4, 5, "ORG"),
            {"strict": 0.0, "exact": 0.0, "partial": 0.0, "ent_type": 0.0},
            id="just-behind",  # overlaps only if the end offset was not converted
        ),
    ],
)
def test_views(predicted: tuple[int, int, str], expected: dict[View, float]) -> None:
    report = score_partial([answer(TARGET, predicted, (5, 6, "LOC"))])
    correct = {view: 2 * score.f1 - 1 for view, score in report.overall.items()}
    assert correct == pytest.approx(expected)


def test_failures_count_as_missed_and_unlabelled_do_not_count() -> None:
    run = [answer(TARGET, failed=True), answer(TARGET, has_gold=False)]
    report = score_partial(run)
    assert report.overall["strict"].missed == 2
    assert (report.sentences, report.failures, report.unlabelled) == (1, 1, 1)


def test_labels_left_out_do_not_count() -> None:
    report = score_partial([answer(TARGET, (1, 4, "ORG"), (5, 6, "PER"))], {"ORG"})
    assert list(report.per_label) == ["ORG"]
    assert report.overall["partial"].f1 == 1.0


def test_no_entity_at_all_is_zero() -> None:
    report = score_partial([answer(sentence("no entity"))])
    assert {score.f1 for score in report.overall.values()} == {0.0}
    assert report.per_label == {}


def test_nothing_labelled_is_an_error() -> None:
    with pytest.raises(DataError):
        score_partial([answer(TARGET, has_gold=False)])


def test_the_report_goes_to_json() -> None:
    report = json.loads(json.dumps(score_partial([answer(TARGET, (1, 4, "ORG"))]).as_dict()))
    assert report["overall"]["exact"]["recall"] == 0.5
    assert report["per_label"]["ORG"]["strict"]["correct"] == 1
