"""Whether a tagger knows when it is wrong, and what it does on entities it has not met."""

from __future__ import annotations

import numpy as np
import pytest

from core.evaluate.calibration import measure_calibration, reliability, span_probability
from core.evaluate.entity_overlap import known_mentions, measure_overlap
from core.types import Labelling, Span, WordTags
from tests.builders import sentence

TAGS = ("O", "B-PER", "I-PER")


def tags(*rows: tuple[float, float, float]) -> WordTags:
    return WordTags(TAGS, np.array(rows, dtype=np.float32))


@pytest.mark.parametrize(
    ("items", "error"),
    [
        ([], 0.0),
        ([(1.0, True)] * 4, 0.0),
        ([(1.0, False)] * 4, 1.0),
        # two bins: |0.95 - 0.5| for two items, |0.55 - 1| for one
        ([(0.95, True), (0.95, False), (0.55, True)], (2 * 0.45 + 0.45) / 3),
    ],
)
def test_expected_calibration_error(items: list[tuple[float, bool]], error: float) -> None:
    assert reliability(items).error == pytest.approx(error)


def test_borders_of_bins_are_open_below_and_closed_above() -> None:
    found = reliability([(0.2, True), (0.2000001, False), (0.0, True)], bins=5)
    assert [one.items for one in found.bins] == [2, 1]


def test_a_calibrated_source_has_next_to_no_error() -> None:
    rng = np.random.default_rng(0)
    confidence = rng.uniform(0.3, 1, 20_000)
    items = [(float(one), bool(rng.random() < one)) for one in confidence]
    assert reliability(items).error < 0.015


def test_the_probability_of_a_span() -> None:
    own = tags((0.1, 0.8, 0.1), (0.2, 0.1, 0.7), (0.6, 0.0, 0.4))
    assert span_probability(own, Span(0, 2, "PER")) == pytest.approx(0.8 * 0.7 * 0.6)
    assert span_probability(own, Span(2, 3, "PER")) == pytest.approx(0.0)
    assert span_probability(own, Span(0, 1, "LOC")) == 0.0


def test_words_and_entities_are_told_apart() -> None:
    gold = sentence("Ann is here", "en", (0, 1, "PER"))
    own = tags((0.1, 0.9, 0.0), (0.8, 0.1, 0.1), (0.3, 0.7, 0.0))
    labelling = Labelling((Span(0, 1, "PER"), Span(2, 3, "PER")), own)
    found = measure_calibration([gold], [labelling])
    assert found is not None
    assert (found.words.items, found.entities.items) == (3, 2)
    assert found.words.accuracy == pytest.approx(2 / 3)
    assert found.entities.accuracy == 0.5
    assert measure_calibration([gold], [Labelling(())]) is None


def test_a_class_that_is_not_kept_says_no_entity() -> None:
    gold = sentence("Ann in May", "en", (0, 1, "PER"), (2, 3, "DATE"))
    known = ("O", "B-DATE", "B-PER")
    rows = [(0.1, 0.0, 0.9), (0.9, 0.1, 0.0), (0.25, 0.625, 0.125)]
    own = WordTags(known, np.array(rows, dtype=np.float32))
    labelling = Labelling((Span(0, 1, "PER"), Span(2, 3, "DATE")), own)
    found = measure_calibration([gold], [labelling], ("PER",))
    assert found is not None
    assert (found.words.accuracy, found.entities.items) == (1.0, 1)
    assert found.words.confidence == pytest.approx((0.9 + 1.0 + 0.875) / 3)
    whole = measure_calibration([gold], [labelling])
    assert whole is not None
    assert whole == measure_calibration([gold], [labelling], ("PER", "DATE"))
    assert whole.words.confidence == pytest.approx((0.9 + 0.9 + 0.625) / 3)


def test_seen_and_unseen_entities_partition_the_strict_score() -> None:
    training = [sentence("Ann met Bob", "en", (0, 1, "PER"), (2, 3, "PER"))]
    test = [
        sentence("Ann saw Cid", "en", (0, 1, "PER"), (2, 3, "PER")),
        sentence("Bob in Rome", "en", (0, 1, "ORG"), (2, 3, "LOC")),
    ]
    predicted = [(Span(0, 1, "PER"), Span(2, 3, "LOC")), (Span(0, 1, "PER"), Span(2, 3, "LOC"))]
    found = measure_overlap(test, predicted, known_mentions(training))
    # Bob is known as a person, not as an organisation.
    assert (found.mentions, found.seen, found.share) == (4, 1, 0.25)
    assert found.by_label == {"LOC": (0, 1), "ORG": (0, 1), "PER": (1, 2)}
    seen, unseen = found.seen_score, found.unseen_score
    assert (seen.correct, seen.predicted, seen.support) == (1, 2, 1)
    assert (unseen.correct, unseen.predicted, unseen.support) == (1, 2, 3)
    kept = measure_overlap(test, predicted, known_mentions(training), {"LOC"})
    assert (kept.mentions, kept.unseen_score.predicted) == (1, 2)
