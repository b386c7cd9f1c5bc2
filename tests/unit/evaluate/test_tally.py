"""How often each outcome was due to each stage."""

from __future__ import annotations

import json

import pytest

from core.errors import DataError
from core.evaluate.tally import diagnose_corpus
from tests.unit.evaluate.builders import FAILURE, lost, project, sentence, took

SOURCE = sentence("Ann in Turin", (0, 1, "PER"), (2, 3, "LOC"))
TARGET = sentence("Anna a Torino", (0, 1, "PER"), (2, 3, "LOC"))
RUN = [
    project(SOURCE, TARGET, took(0, 0, 1), lost(1, "no-link"), linked="0-0"),
    project(SOURCE, TARGET, took(0, 0, 1), took(1, 1, 2), linked="0-0 2-1"),
    project(SOURCE, TARGET, failure=FAILURE),
    project(SOURCE, TARGET, took(0, 0, 1), has_gold=False),
]


def test_tally_of_a_run() -> None:
    diagnoses, tally = diagnose_corpus(RUN)
    assert [len(sentence) for sentence in diagnoses] == [2, 3, 2, 0]
    assert tally.counts == {
        ("correct", None, "PER"): 2,
        ("missing", "failed", "LOC"): 1,
        ("missing", "failed", "PER"): 1,
        ("missing", "no-link", "LOC"): 2,
        ("spurious", "no-link", "LOC"): 1,
    }
    assert next(iter(tally.counts)) == ("correct", None, "PER")
    assert (tally.sentences, tally.failures, tally.unlabelled) == (3, 1, 1)


def test_totals() -> None:
    tally = diagnose_corpus(RUN)[1]
    assert {name: count for name, count in tally.by_outcome().items() if count} == {
        "correct": 2,
        "missing": 4,
        "spurious": 1,
    }
    assert {name: count for name, count in tally.by_stage().items() if count} == {
        "failed": 2,
        "no-link": 3,
    }
    assert tally.by_outcome()["shifted"] == 0
    assert tally.by_stage()["review"] == 0


def test_labels_left_out_do_not_count() -> None:
    assert {label for _, _, label in diagnose_corpus(RUN, {"PER"})[1].counts} == {"PER"}


def test_the_tally_goes_to_json() -> None:
    rows = json.loads(json.dumps(diagnose_corpus(RUN)[1].as_dict()))["rows"]
    assert rows[0] == {"outcome": "correct", "stage": None, "label": "PER", "count": 2}


def test_nothing_labelled_is_an_error() -> None:
    with pytest.raises(DataError):
        diagnose_corpus(RUN[3:])
